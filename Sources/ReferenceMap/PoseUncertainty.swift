import Files

/// How far a given pose may be from the truth: standard deviations along and about each axis.
public struct PoseUncertainty: Sendable, Equatable {
    /// Of the camera's position, metres; nil where nothing is known of it, zero where it is exact.
    public var position: Double?
    /// Of the camera's orientation, radians; nil where nothing is known of it, zero where it is exact.
    public var rotation: Double?

    /// Standard deviations of position, metres, and rotation, radians.
    public init(position: Double?, rotation: Double?) {
        self.position = position
        self.rotation = rotation
    }

    /// Of a pose that must not move.
    public static let exact = PoseUncertainty(position: 0, rotation: 0)

    /// Of a pose that nothing is known of but where it began.
    public static let unknown = PoseUncertainty(position: nil, rotation: nil)

    /// Whether nothing of the pose may move.
    public var isExact: Bool { position == 0 && rotation == 0 }

    /// From a form as `0.2m,0.5deg`: metres, centimetres or millimetres, and degrees or radians, in either order; one
    /// of them alone leaves the other exact. Nil for anything else, and for what is negative or not finite.
    public init?(parsing text: String) {
        self.init(position: 0, rotation: 0)
        var hasAngle = Set<Bool>()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let unit = Self.units.first(where: { part.hasSuffix($0.suffix) }),
                let value = Double(part.dropLast(unit.suffix.count)), value.isFinite, value >= 0,
                hasAngle.insert(unit.isAngle).inserted
            else { return nil }
            if unit.isAngle { rotation = value * unit.scale } else { position = value * unit.scale }
        }
    }

    private static let degree = Double.pi / 180
    /// Longer names before those that they end with.
    private static let units: [(suffix: String, scale: Double, isAngle: Bool)] = [
        ("deg", degree, true), ("rad", 1, true), ("mm", 1e-3, false), ("cm", 1e-2, false), ("m", 1, false),
    ]

    /// By image: lines of NAME POSITION ROTATION, standard deviations in metres and degrees; `none` where nothing is
    /// known, 0 where the value is exact. Nothing where there is no such file.
    static func read(_ path: String) throws(MapError) -> [String: PoseUncertainty] {
        guard FileStatus.exists(path) else { return [:] }
        var lines = try TextLines(reading: path, atMost: 1 << 30)
        var found: [String: PoseUncertainty] = [:]
        while let fields = lines.next() {
            // A name may hold blanks, so the numbers are counted from the end.
            guard fields.count >= 3 else {
                throw lines.error("prior", "needs NAME POSITION ROTATION (metres, degrees; 'none'; 0 for exact)")
            }
            let (name, sigmas) = (TextLines.joined(fields.dropLast(2)), Array(fields.suffix(2)))
            let uncertainty = PoseUncertainty(
                position: try sigma(sigmas[0], "POSITION", lines),
                rotation: try sigma(sigmas[1], "ROTATION", lines).map { $0 * degree })
            guard found.updateValue(uncertainty, forKey: name) == nil else {
                throw lines.error("NAME", "'\(name)' occurs twice")
            }
        }
        return found
    }

    private static func sigma(_ text: Substring, _ field: String, _ lines: TextLines) throws(MapError) -> Double? {
        if text == "none" { return nil }
        let value = try lines.number(text, field)
        guard value >= 0 else { throw lines.error(field, "'\(text)' is negative") }
        return value
    }
}
