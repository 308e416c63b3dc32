public import Geometry

/// What a turned focus ring, or a knock, changes in a camera.
public struct UsualChange: Sendable {
    /// Of both focal lengths alike, as a share.
    public var focal: Double
    /// Its standard deviation.
    public var focalDeviation: Double
    /// Of the principal point, pixels.
    public var shift: Vector2
    /// Its standard deviations, pixels.
    public var shiftDeviation: Vector2
}

/// How a camera's parameters differ from those of its file, and whether that is more than chance.
///
/// All parameters together say whether anything has changed. What usually changes is little: a focus ring scales both
/// focal lengths, a knock moves the principal point. Asked for these alone, the rest unchanged, the same difference
/// tells far more (generalized least squares in the direction of the change).
struct CameraChange {
    private let change: [Double]
    /// Inverse of the difference's covariance, in units of its deviations.
    private let weight: [Double]
    private let scales: [Double]
    private let freedom: Double
    private let focalLengths: [Double]

    /// What usually changes is an alarm that comes once in 330 times by chance.
    private static let usualDeviations = 2.75
    /// What seldom changes, and is asked in more directions: once in 4300.
    private static let deviations = 3.5

    /// By how many standard deviations a pixel that is compared, of two coordinates, may differ by chance.
    /// - Parameter freedom: how many views, less the cameras, the deviations rest on.
    static func deviations(freedom: Double) -> Double {
        (2 * FDistribution.quantile(normal: deviations, numerator: 2, denominator: freedom)).squareRoot()
    }

    /// - Parameters:
    ///   - change: of the parameters, the new ones minus the old.
    ///   - covariance: of that difference, row by row.
    ///   - parameters: the old ones.
    ///   - freedom: how many views, less the cameras, the covariance rests on.
    /// - Returns: nil when the covariance says nothing.
    init?(_ change: [Double], covariance: [Double], parameters: [Double], freedom: Double) {
        let n = change.count
        let scales = (0..<n).map { covariance[$0 * n + $0].squareRoot() }
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        let scaled = (0..<n * n).map { covariance[$0] / (scales[$0 / n] * scales[$0 % n]) }
        guard let weight = SymmetricPositive.inverse(scaled, order: n) else { return nil }
        (self.change, self.weight, self.scales, self.freedom) = (change, weight, scales, freedom)
        focalLengths = Array(parameters.prefix(2))
    }

    /// Squared Mahalanobis length of the change: about the number of parameters when there is none.
    var chiSquare: Double { bilinear(scaled(change), weight, scaled(change)) }

    /// The parameters together differ by more than chance.
    var isAny: Bool { chiSquare > Double(change.count) * limit(change.count, Self.deviations) }

    /// A change of both focal lengths alike and of the principal point, nothing else having changed.
    var usual: UsualChange? {
        guard let found = estimate([focalDirection] + shiftDirections) else { return nil }
        let deviations = [0, 4, 8].map { found.covariance[$0].squareRoot() }
        return UsualChange(
            focal: found.values[0], focalDeviation: deviations[0], shift: Vector2(found.values[1], found.values[2]),
            shiftDeviation: Vector2(deviations[1], deviations[2]))
    }

    /// Focal lengths and principal point, or one of them, differ by more than chance, nothing else having changed.
    var isUsual: Bool { [[focalDirection], shiftDirections, [focalDirection] + shiftDirections].contains(where: isIn) }

    /// The focal lengths alone do.
    var isFocal: Bool { isIn([focalDirection]) }

    /// Whether a change of the focal lengths by a share together with one of the principal point by so many pixels to
    /// any side would be found in nine of ten cases.
    func wouldShow(focal: Double, shift: Double) -> Bool {
        guard let found = estimate([focalDirection] + shiftDirections),
            let inverse = SymmetricPositive.inverse(found.covariance, order: 3)
        else { return false }
        let sides = [Vector2(shift, 0), Vector2(-shift, 0), Vector2(0, shift), Vector2(0, -shift)]
        let squares = sides.map { bilinear([focal, $0.x, $0.y], inverse, [focal, $0.x, $0.y]) }
        let mean = 3 + (squares.min() ?? 0)
        // Of a noncentral chi-square.
        let deviation = (4 * mean - 6).squareRoot()
        return mean - 1.28 * deviation > 3 * limit(3, Self.usualDeviations)
    }

    private var focalDirection: [Double] { focalLengths + [Double](repeating: 0, count: change.count - 2) }

    private var shiftDirections: [[Double]] {
        [2, 3].map { at in change.indices.map { $0 == at ? 1 : 0 } }
    }

    private func limit(_ parameters: Int, _ deviations: Double) -> Double {
        FDistribution.quantile(normal: deviations, numerator: Double(parameters), denominator: freedom)
    }

    private func isIn(_ directions: [[Double]]) -> Bool {
        guard let found = estimate(directions) else { return false }
        return found.square > Double(directions.count) * limit(directions.count, Self.usualDeviations)
    }

    /// The change in some directions alone, its covariance, and its squared Mahalanobis length.
    private func estimate(_ directions: [[Double]]) -> (values: [Double], covariance: [Double], square: Double)? {
        let k = directions.count
        let units = directions.map(scaled)
        let normal = (0..<k * k).map { bilinear(units[$0 / k], weight, units[$0 % k]) }
        let right = units.map { bilinear($0, weight, scaled(change)) }
        guard let covariance = SymmetricPositive.inverse(normal, order: k) else { return nil }
        return (product(covariance, vector: right), covariance, bilinear(right, covariance, right))
    }

    private func scaled(_ v: [Double]) -> [Double] { zip(v, scales).map { $0 / $1 } }
}
