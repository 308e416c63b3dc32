import Reporting

/// A keyframe that a person should look at, and why.
struct WeakPlace {
    let keyframe: ReportedKeyframe
    let reason: String
    /// The larger, the worse.
    private let severity: Double

    /// Keyframes that are named at most.
    private static let most = 12
    /// Errors that are beyond this many times the median are named.
    private static let farOff = 4.0

    /// The worst first.
    ///
    /// - Parameters:
    ///   - keyframes: of the map.
    ///   - few: landmarks below which a keyframe has few.
    static func worst(of keyframes: [ReportedKeyframe], few: Int) -> [WeakPlace] {
        let median = Statistics(keyframes.compactMap(\.positionError)).median ?? 0
        let weak = keyframes.compactMap { WeakPlace($0, few: few, median: median) }
        return Array(weak.sorted { ($1.severity, $0.keyframe.number) < ($0.severity, $1.keyframe.number) }.prefix(most))
    }

    private init?(_ keyframe: ReportedKeyframe, few: Int, median: Double) {
        self.keyframe = keyframe
        let error = keyframe.positionError ?? 0
        if keyframe.standing == .missing {
            (reason, severity) = ("not found again without its own observations", 1e6)
        } else if keyframe.landmarks < few {
            (reason, severity) = ("only \(keyframe.landmarks) landmarks", 1e5 - Double(keyframe.landmarks))
        } else if keyframe.standing == .doubtful {
            (reason, severity) = ("another place explains as much of the picture", 1e4)
        } else if median > 0, error > Self.farOff * median {
            (reason, severity) = (
                "found \(error.text(3)) m from its pose, the middle one \(median.text(3))", error / median
            )
        } else {
            return nil
        }
    }
}
