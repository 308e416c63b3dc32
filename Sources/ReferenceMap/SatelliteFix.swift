import Files
public import Geometry

/// Where a satellite receiver says that an image was taken.
public struct SatelliteFix: Sendable, Equatable {
    /// Of the camera.
    public var position: GeodeticPosition
    /// Standard deviation to the east and to the north, metres.
    public var horizontalSigma: Double
    /// Standard deviation of the height, metres.
    public var verticalSigma: Double

    /// A position with its standard deviations, metres, above 0.
    public init(position: GeodeticPosition, horizontalSigma: Double, verticalSigma: Double) {
        self.position = position
        self.horizontalSigma = horizontalSigma
        self.verticalSigma = verticalSigma
    }

    /// By image: lines of NAME LATITUDE LONGITUDE HEIGHT HORIZONTAL VERTICAL, degrees and metres, the last two standard
    /// deviations. Nothing where there is no such file.
    static func read(_ path: String) throws(MapError) -> [String: SatelliteFix] {
        guard FileStatus.exists(path) else { return [:] }
        var lines = try TextLines(reading: path, atMost: 1 << 30)
        var found: [String: SatelliteFix] = [:]
        while let fields = lines.next() {
            // A name may hold blanks, so the numbers are counted from the end.
            guard fields.count >= 6 else {
                throw lines.error(
                    "fix", "needs NAME LATITUDE LONGITUDE HEIGHT HORIZONTAL VERTICAL (degrees, metres, sigmas)")
            }
            let numbers = Array(fields.suffix(5))
            let position = GeodeticPosition(
                latitude: try lines.number(numbers[0], "LATITUDE"),
                longitude: try lines.number(numbers[1], "LONGITUDE"), height: try lines.number(numbers[2], "HEIGHT"))
            guard position.isValid else {
                throw lines.error("LATITUDE, LONGITUDE, HEIGHT", "is no position near the Earth's surface")
            }
            let fix = SatelliteFix(
                position: position, horizontalSigma: try sigma(numbers[3], "HORIZONTAL", lines),
                verticalSigma: try sigma(numbers[4], "VERTICAL", lines))
            let name = TextLines.joined(fields.dropLast(5))
            guard found.updateValue(fix, forKey: name) == nil else {
                throw lines.error("NAME", "'\(name)' occurs twice")
            }
        }
        return found
    }

    private static func sigma(_ text: Substring, _ field: String, _ lines: TextLines) throws(MapError) -> Double {
        let value = try lines.number(text, field)
        guard value > 0 else { throw lines.error(field, "'\(text)' is not above 0") }
        return value
    }
}
