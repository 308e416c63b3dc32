internal import Localizer
internal import Recording
internal import Synchronization

/// Between the main thread and the frame loop. The frame loop never waits: what it cannot have at once it takes, or
/// tells, a frame later.
final class FrameLoopExchange: Sendable {
    /// Set by the main thread: finish the frame, and end.
    let mustStop = Atomic(false)
    /// Frames answered, and waits that ended as they should: what the watchdog lives on.
    let progress = Atomic<UInt64>(0)
    /// Frames for those who look.
    let preview = PreviewExchange()

    private let hasCommands = Atomic(false)
    private let commands = Mutex(FrameLoopCommands())
    private let latest = Mutex(FrameLoopReport())
    /// The pipeline that was replaced, to be released by the main thread.
    private let retired = Mutex<Pipeline?>(nil)
    private let problem = Mutex("")

    // The main thread's side.

    func send(_ change: (inout FrameLoopCommands) -> Void) {
        commands.withLock { change(&$0) }
        hasCommands.store(true, ordering: .releasing)
    }

    var report: FrameLoopReport { latest.withLock { $0 } }

    /// Why there are no frames, or no good ones.
    var problemText: String { problem.withLock { $0 } }

    func takeRetired() -> Pipeline? {
        retired.withLock { pipeline in
            defer { pipeline = nil }
            return pipeline
        }
    }

    // The frame loop's side.

    /// What is to be done before the next frame, once.
    func takeCommands() -> FrameLoopCommands? {
        guard hasCommands.load(ordering: .acquiring) else { return nil }
        return commands.withLockIfAvailable { commands in
            defer { commands = FrameLoopCommands() }
            hasCommands.store(false, ordering: .relaxed)
            return commands
        }
    }

    func tell(_ report: FrameLoopReport) {
        _ = latest.withLockIfAvailable { $0 = report }
    }

    /// Not on the way of a good frame: allocates.
    func tell(problem text: String) {
        problem.withLock { $0 = text }
    }

    func retire(_ pipeline: Pipeline) {
        retired.withLock { $0 = pipeline }
    }
}

/// What the main thread wants of the frame loop. The later command of a kind replaces the earlier.
struct FrameLoopCommands: Sendable {
    /// The map in use must not be used any more: why.
    var withdrawal: String?
    /// Go on with this one.
    var pipeline: Pipeline?
    var forgetsPlace = false
    /// Search here first.
    var statedPose: LastPose?
    /// Record into this from now on.
    var recording: RecordingInput?
    /// Record no more.
    var endsRecording = false

    /// Whether where the camera is looked for changes.
    var concernPlace: Bool { withdrawal != nil || pipeline != nil || forgetsPlace || statedPose != nil }
}
