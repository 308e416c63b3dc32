public import Geometry
internal import Reporting

/// How poses were brought to the Earth.
public struct GeoreferenceReport: Sendable, Equatable {
    /// Of the map frame, whose axes point east, north and up there.
    public var origin: GeodeticPosition
    /// How many images have a fix, and how many of them lie near where the aligned poses are.
    public var fixes = (given: 0, used: 0)
    /// Root mean squares of the used ones' distances, metres: across, and up.
    public var distance = (horizontal: 0.0, vertical: 0.0)
    /// Metres for one unit of the given poses; 1 where it was not to be found.
    public var scale = 1.0
    /// Standard deviations, radians, of the turn about the vertical and of the larger tilt.
    public var sigma = (heading: 0.0, tilt: 0.0)

    /// Of poses that are given in the frame of `origin`.
    public init(origin: GeodeticPosition) { self.origin = origin }

    public static func == (a: Self, b: Self) -> Bool {
        a.origin == b.origin && a.fixes == b.fixes && a.distance == b.distance && a.scale == b.scale
            && a.sigma == b.sigma
    }

    private static let degrees = 180 / Double.pi

    /// In one line.
    package var text: String {
        let place = "origin at \(origin.latitude.text(7)) \(origin.longitude.text(7)), \(origin.height.text(2)) m"
        guard fixes.given > 0 else { return place }
        return """
            \(place); \(fixes.used) of \(fixes.given) fixes, \(distance.horizontal.text(2)) m across and \
            \(distance.vertical.text(2)) m up from the poses; scale \(scale.text(4)); heading known to \
            \((sigma.heading * Self.degrees).text(2)) deg, level to \((sigma.tilt * Self.degrees).text(2))
            """
    }

    /// One object.
    package var json: String {
        JSONText.object([
            ("latitude_deg", JSONText.number(origin.latitude)), ("longitude_deg", JSONText.number(origin.longitude)),
            ("height_m", JSONText.number(origin.height)), ("fixes", "\(fixes.given)"), ("fixes_used", "\(fixes.used)"),
            ("horizontal_rms_m", JSONText.number(distance.horizontal)),
            ("vertical_rms_m", JSONText.number(distance.vertical)), ("scale", JSONText.number(scale)),
            ("heading_sigma_deg", JSONText.number(sigma.heading * Self.degrees)),
            ("tilt_sigma_deg", JSONText.number(sigma.tilt * Self.degrees)),
        ])
    }
}
