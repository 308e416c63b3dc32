public import Geometry
internal import Reporting

/// What a ``CalibrationWatch`` makes of its frames. A plain value.
public struct CalibrationVerdict: Sendable, Equatable {
    /// How many frames have spoken.
    public var frames: UInt32
    /// Against the calibration, three degrees of freedom.
    public var chiSquare: Double
    /// Whether the frames contradict the calibration.
    public var contradicts: Bool
    /// What the camera would have to be corrected by.
    public var correction: FreeCamera
    /// How sure that is: standard deviations of log f, x and y.
    public var deviations: Vector3

    /// Numbers below this many standard deviations are not worth a word.
    private static let leastSigmas = 3.0

    /// A verdict, as ``CalibrationWatch/verdict`` gives it.
    public init(
        frames: UInt32, chiSquare: Double, contradicts: Bool, correction: FreeCamera, deviations: Vector3
    ) {
        (self.frames, self.chiSquare, self.contradicts) = (frames, chiSquare, contradicts)
        (self.correction, self.deviations) = (correction, deviations)
    }

    /// The same in pixels of another copy of the image, which is so many times as large.
    public func scaled(by factor: Double) -> CalibrationVerdict {
        var result = self
        result.correction.shift = correction.shift * factor
        result.deviations = deviations * Vector3(1, factor, factor)
        return result
    }

    /// One sentence, such as "the focal length seems 5.1 +- 0.2 % longer than cam0.camera.yaml says: another lens,
    /// focus or resolution? Or the map was built with a wrong camera".
    ///
    /// - Parameter file: the camera file's path, of which the last part is named; or what the camera was given by.
    public func text(file: String) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let found = [focalText, shiftText].compactMap { $0 }
        let what =
            found.isEmpty
            ? "focal length and principal point together contradict what \(name) says"
            : found.joined(separator: ", ") + " than \(name) says"
        return what + ": another lens, focus or resolution? Or the map was built with a wrong camera"
    }

    private var focalText: String? {
        guard abs(correction.logFocal) > Self.leastSigmas * deviations.x else { return nil }
        let percent = 100 * (correction.focalRatio - 1)
        let direction = percent > 0 ? "longer" : "shorter"
        let deviation = 100 * correction.focalRatio * deviations.x
        return "the focal length seems \(abs(percent).text(1)) +- \(max(deviation, 0.1).text(1)) % \(direction)"
    }

    private var shiftText: String? {
        var parts: [String] = []
        let axes = [
            (correction.shift.x, deviations.y, "further right", "further left"),
            (correction.shift.y, deviations.z, "lower", "higher"),
        ]
        for (value, deviation, positive, negative) in axes where abs(value) > Self.leastSigmas * deviation {
            let direction = value > 0 ? positive : negative
            parts.append("\(abs(value).text(0)) +- \(max(deviation, 1).text(0)) px \(direction)")
        }
        return parts.isEmpty ? nil : "the principal point seems " + parts.joined(separator: " and ")
    }
}
