import Capture
import Daemon
import Features
import Files
import Publishing
import Supervision

/// What the daemon has of a machine: a clock that stands until the script moves it, signals that the script sends, and
/// threads that are functions. Sendable unchecked: there is one thread.
final class ScriptedMachine: @unchecked Sendable {
    let clock = ScriptedClock()
    var signals: [SignalRequest] = []
    /// False: the frame loop has ended.
    var mayRun = true

    var host: Host {
        Host(
            clock: clock, journal: .standardError, manager: ServiceManager { _ in }, watchdog: nil, environment: [:],
            blockSignals: {}, nextSignal: { [self] in signals.isEmpty ? nil : signals.removeFirst() },
            wait: { _, _ in },
            startThread: { [self] (name, _, _, body) throws(SupervisionError) in
                // The frame loop is stepped; what loads files does so at once.
                if name != "hfloc-frames" { body() }
                return ScriptedThread(machine: self, isLoop: name == "hfloc-frames")
            },
            lockMemory: { () throws(SupervisionError) in }, usage: { ProcessUsage() }, abandon: { _ in })
    }
}

private final class ScriptedThread: RunningThread {
    private let machine: ScriptedMachine
    private let isLoop: Bool

    init(machine: ScriptedMachine, isLoop: Bool) { (self.machine, self.isLoop) = (machine, isLoop) }

    var isFinished: Bool { !isLoop || !machine.mayRun }
    var scheduling: ThreadScheduling? { nil }
}

/// Sendable unchecked: there is one thread.
final class ScriptedClock: SystemClock, @unchecked Sendable {
    var monotonic: UInt64 = 1_000_000_000
    var wall: WallClock { WallClock(offset: 1_700_000_000_000_000_000, uncertainty: 100) }
    var synchronization: ClockSynchronization { ClockSynchronization() }
    func sleep(until deadline: UInt64) { monotonic = max(monotonic, deadline) }
}

/// One image file at a time.
final class ScriptedFrames: FrameSource {
    var tap: (any CompressedFrameTap)?
    private(set) var counts = FrameCounts()
    private var sequence: UInt64 = 0
    private var next: FrameStamp?
    private var image = GreyImage(width: 1, height: 1)

    /// Reads the image that the next call hands out.
    func prepare(_ path: String, time: UInt64) throws {
        _ = try ImageFile.readGrey(path, into: &image)
        next = FrameStamp(sequence: sequence, captureTime: time)
        sequence += 1
    }

    func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent {
        guard let stamp = next.take() else { return .waiting }
        image = self.image
        counts.captured += 1
        return .frame(stamp)
    }

    var problem: CaptureError? { nil }
    var delivery: (format: PixelFormat?, period: UInt64?) { (nil, nil) }
    var remarks: [String] { [] }
    var remarksVersion: UInt64 { 0 }
    var summary: String { "a script" }
}
