internal import Publishing
internal import Synchronization

/// What the frame loop lets the main thread see, without either waiting for the other.
final class LoopStatus: Sendable {
    /// Set by the main thread: finish the frame, and end.
    let mustStop = Atomic(false)
    /// Frames answered, and waits that ended as they should: what the watchdog lives on.
    let progress = Atomic<UInt64>(0)
    let frames = Atomic<UInt64>(0)
    /// Of the last message.
    let state = Atomic(LocalizationMessage.State.initializing.rawValue)
    let inliers = Atomic<UInt32>(0)
    /// From capture to publication, nanoseconds.
    let latency = Atomic<UInt64>(0)
    /// Frames that a newer one replaced, that the driver lost, that were broken.
    let missed = Atomic<UInt64>(0)
    /// Why there are no frames. Changes with the camera's fate, not with the frames.
    let problem = Mutex("")

    /// One line for people.
    func text(framesPerSecond rate: Double) -> String {
        let state = LocalizationMessage.State(rawValue: state.load(ordering: .relaxed)) ?? .unspecified
        let problem = problem.withLock { $0 }
        let milliseconds = latency.load(ordering: .relaxed) / 1_000_000
        let figures =
            "\(Double(Int(rate * 10 + 0.5)) / 10) frames/s, \(milliseconds) ms, \(missed.load(ordering: .relaxed)) missed"
        switch state {
        case .initializing: return "ready, waiting for the first frame"
        case .localized, .degraded: return "\(state), \(inliers.load(ordering: .relaxed)) inliers, \(figures)"
        case .noCamera: return "no camera: \(problem)"
        case .badFrame: return "bad frame: \(problem); \(figures)"
        case .badMap, .badModel, .badCalibration: return "\(state): \(problem)"
        case .lost, .unspecified: return "lost, \(figures)"
        }
    }
}
