import Reporting

/// What came of a drive's frames.
public struct DriveReport: Sendable, Equatable {
    /// Frames of the recording.
    public var frames = 0
    /// Those of them that were chosen for the map.
    public var keyframes = 0
    /// Frames that odometry says nothing of.
    public var framesWithoutOdometry = 0
    /// Keyframes that were left out for their blur.
    public var blurred = 0
    /// Metres of way by odometry, from the first keyframe to the last.
    public var length = 0.0
    /// Places that the drive came to again: found, and borne out by all else.
    public var closures = (found: 0, held: 0)
    /// How far closing its loops and the satellites' positions moved the images at most, metres.
    public var correction = 0.0
    /// Metres for one of odometry's, by the satellite fixes; 1 without.
    public var scale = 1.0
    /// Satellite fixes that belong to a keyframe.
    public var fixes = 0

    /// Before any work.
    public init() {}

    public static func == (a: Self, b: Self) -> Bool {
        a.frames == b.frames && a.keyframes == b.keyframes && a.framesWithoutOdometry == b.framesWithoutOdometry
            && a.blurred == b.blurred && a.length == b.length && a.closures == b.closures
            && a.correction == b.correction && a.scale == b.scale && a.fixes == b.fixes
    }

    /// In one line.
    package var text: String {
        var parts = [
            "\(length.text(1)) m; \(keyframes) keyframes of \(frames) frames",
            closures.found == 0
                ? "no place was come to again"
                : "\(closures.held) of \(closures.found) views of places that were come to again are borne out",
            "the way was corrected by up to \(correction.text(2)) m",
        ]
        if fixes > 0 { parts.append("\(fixes) satellite fixes, by which odometry's metre is \(scale.text(4)) m") }
        return parts.joined(separator: "; ")
    }

    /// What the person should know.
    package var warnings: [String] {
        var warnings: [String] = []
        if framesWithoutOdometry > 0 {
            warnings.append(
                "\(framesWithoutOdometry) of \(frames) frames have no odometry at their time and are left out")
        }
        if blurred > 0 { warnings.append("\(blurred) keyframes are too blurred and are left out") }
        return warnings
    }

    /// One object.
    package var json: String {
        JSONText.object([
            ("frames", "\(frames)"), ("frames_without_odometry", "\(framesWithoutOdometry)"),
            ("keyframes", "\(keyframes)"), ("blurred", "\(blurred)"), ("length_m", JSONText.number(length)),
            ("closures_found", "\(closures.found)"), ("closures_held", "\(closures.held)"),
            ("correction_m", JSONText.number(correction)), ("fixes", "\(fixes)"),
            ("odometry_scale", JSONText.number(scale)),
        ])
    }
}
