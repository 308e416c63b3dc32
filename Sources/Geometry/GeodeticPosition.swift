/// A position on the Earth: on, above or below the ellipsoid of WGS 84.
public struct GeodeticPosition: Equatable, Sendable {
    /// Degrees, -90...90, north is positive.
    public var latitude: Double
    /// Degrees, -180...180, east is positive.
    public var longitude: Double
    /// Metres above the ellipsoid, which is not the sea's level: that lies up to 106 m off it.
    public var height: Double

    /// A position from degrees and metres, unchecked.
    public init(latitude: Double, longitude: Double, height: Double) {
        self.latitude = latitude
        self.longitude = longitude
        self.height = height
    }

    /// Whether the values are such as a position can have, on or near the Earth's surface.
    public var isValid: Bool {
        (-90...90).contains(latitude) && (-180...180).contains(longitude) && Self.heights.contains(height)
    }

    /// Metres above the ellipsoid that a vehicle can be at: from the deepest mine to beyond the highest aeroplane.
    public static let heights = -10_000.0...100_000

    /// Of the ellipsoid, metres: at the equator, and at the poles.
    private static let (equatorial, polar) = (6_378_137.0, 6_356_752.314245179)
    /// Squares of the first and of the second eccentricity.
    private static let first = 1 - polar * polar / (equatorial * equatorial)
    private static let second = equatorial * equatorial / (polar * polar) - 1
    private static let degree = Double.pi / 180

    /// Earth-centred, earth-fixed coordinates, metres: x through the equator at longitude 0, z through the North Pole.
    public var earthCentred: Vector3 {
        let (latitude, longitude) = (sineAndCosine(latitude * Self.degree), sineAndCosine(longitude * Self.degree))
        // The normal's length down to the axis.
        let normal = Self.equatorial / (1 - Self.first * latitude.sine * latitude.sine).squareRoot()
        let equatorial = (normal + height) * latitude.cosine
        return Vector3(
            equatorial * longitude.cosine, equatorial * longitude.sine,
            ((1 - Self.first) * normal + height) * latitude.sine)
    }

    /// From earth-centred coordinates, metres. Exact to a nanometre near the surface; meaningless within 50 km of the
    /// Earth's centre.
    ///
    /// Source: Bowring, "Transformation from spatial to geographical coordinates" (Survey Review 1976), repeated until
    /// nothing changes: once is exact to a millimetre.
    public init(earthCentred point: Vector3) {
        let axis = (point.x * point.x + point.y * point.y).squareRoot()
        // The parametric latitude as a direction.
        var (sine, cosine) = Self.direction(point.z * Self.equatorial, axis * Self.polar)
        var angle = 0.0
        for _ in 0..<4 {
            let up = point.z + Self.second * Self.polar * sine * sine * sine
            let out = axis - Self.first * Self.equatorial * cosine * cosine * cosine
            angle = arcTangent(up, out)
            (sine, cosine) = Self.direction(up * Self.polar, out * Self.equatorial)
        }
        let latitude = sineAndCosine(angle)
        let flattened = (1 - Self.first * latitude.sine * latitude.sine).squareRoot()
        self.init(
            latitude: angle / Self.degree, longitude: arcTangent(point.y, point.x) / Self.degree,
            height: axis * latitude.cosine + point.z * latitude.sine - Self.equatorial * flattened)
    }

    private static func direction(_ y: Double, _ x: Double) -> (Double, Double) {
        let length = (x * x + y * y).squareRoot()
        return length > 0 ? (y / length, x / length) : (0, 1)
    }

    /// Takes axes that point east, north and up here into the Earth's (``earthCentred``).
    public var earthFromLocal: Matrix3 {
        let (latitude, longitude) = (sineAndCosine(latitude * Self.degree), sineAndCosine(longitude * Self.degree))
        return Matrix3(
            columns: Vector3(-longitude.sine, longitude.cosine, 0),
            Vector3(-latitude.sine * longitude.cosine, -latitude.sine * longitude.sine, latitude.cosine),
            Vector3(latitude.cosine * longitude.cosine, latitude.cosine * longitude.sine, latitude.sine))
    }
}

/// Axes that touch the Earth at one point: x east, y north, z up, metres. What is far from that point lies below the
/// plane of x and y, by 8 cm at a kilometre; nothing is approximated.
public struct LocalFrame: Equatable, Sendable {
    /// Where x, y and z are zero.
    public let origin: GeodeticPosition
    private let centre: Vector3
    private let earthFromLocal: Matrix3

    /// The axes at a position.
    public init(origin: GeodeticPosition) {
        self.origin = origin
        centre = origin.earthCentred
        earthFromLocal = origin.earthFromLocal
    }

    /// A position on the Earth in these axes, metres.
    public func point(_ position: GeodeticPosition) -> Vector3 {
        earthFromLocal.transpose * (position.earthCentred - centre)
    }

    /// The position on the Earth of a point of these axes.
    public func position(_ point: Vector3) -> GeodeticPosition {
        GeodeticPosition(earthCentred: earthFromLocal * point + centre)
    }

    /// Takes these axes into those that point east, north and up at another position: they differ by the Earth's
    /// curvature, a hundredth of a degree at a kilometre.
    public func axes(at position: GeodeticPosition) -> Matrix3 { position.earthFromLocal.transpose * earthFromLocal }
}
