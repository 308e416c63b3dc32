internal import CLinux
internal import Capture
internal import Features
internal import Geometry
internal import Localizer
internal import Publishing
internal import Synchronization

/// The way of a frame, on the real-time thread: capture, localize, publish. Owns everything it touches; once warm, it allocates nothing but
/// what libraries below allocate (ZeroMQ one block per message, a folder's image decoder).
///
/// Sendable unchecked: the main thread makes it and hands it over; from then on only the real-time thread touches it.
final class FrameLoop: @unchecked Sendable {
    private let source: FrameSource
    private let localizer: Localizer
    private let camera: Camera
    private let publisher: Publisher
    private var encoder: LocalizationEncoder
    private let status: LoopStatus
    private let endsWithSource: Bool

    private var image: GreyImage
    private var message = LocalizationMessage()
    private var sequence: UInt64 = 0
    private var previousPublish: UInt64 = 0
    private var lastPublication: UInt64 = 0

    /// Longest wait for a frame, so that a stop and the watchdog are never far: nanoseconds.
    private static let patience: UInt64 = 100_000_000
    /// Between messages while no frames come: nanoseconds.
    private static let heartbeat: UInt64 = 1_000_000_000

    init(
        source: FrameSource, localizer: Localizer, camera: Camera, publisher: Publisher,
        encoder: LocalizationEncoder, status: LoopStatus, endsWithSource: Bool
    ) {
        self.source = source
        self.localizer = localizer
        self.camera = camera
        self.publisher = publisher
        self.encoder = encoder
        self.status = status
        self.endsWithSource = endsWithSource
        image = GreyImage(width: camera.width, height: camera.height)
    }

    /// Until the status says stop, or the source ends.
    func run() {
        while !status.mustStop.load(ordering: .relaxed) {
            switch source.next(into: &image, timeout: Self.patience) {
            case .frame(let stamp): answer(stamp)
            case .corrupt(let stamp): answerBroken(stamp)
            case .waiting: if sequence == 0 { beat(.initializing) }
            case .noCamera: beat(.noCamera)
            case .end:
                if endsWithSource { return }
                hf_sleep_until_ns(hf_monotonic_ns() + Self.patience)
                beat(.noCamera)
            }
            status.progress.add(1, ordering: .relaxed)
        }
    }

    private func answer(_ stamp: FrameStamp) {
        begin(stamp)
        if image.width == camera.width, image.height == camera.height {
            message.take(localizer.localize(image, captureTime: stamp.captureTime))
        } else {
            message.state = .badFrame
            tell(
                "the frame has \(image.width)x\(image.height) pixels, the calibration \(camera.width)x\(camera.height)")
        }
        publish()
    }

    private func answerBroken(_ stamp: FrameStamp) {
        begin(stamp)
        message.state = .badFrame
        tell(source.problem?.description ?? "the driver delivered a broken frame")
        publish()
    }

    /// One message per second while no frames come.
    private func beat(_ state: LocalizationMessage.State) {
        let now = hf_monotonic_ns()
        let isNews = state.rawValue != status.state.load(ordering: .relaxed)
        guard isNews || now >= lastPublication + Self.heartbeat else { return }
        message = LocalizationMessage()
        message.frames = frameCounters
        message.state = state
        if state == .noCamera { tell(source.problem?.description ?? "the folder holds no more images") }
        publish()
    }

    private func begin(_ stamp: FrameStamp) {
        message = LocalizationMessage()
        message.frameSequence = stamp.sequence
        message.frames = frameCounters
        message.captureMonotonic = stamp.captureTime
        let clock = WallClock.sample()
        message.captureWall = clock.time(ofMonotonic: stamp.captureTime)
        message.wallClockUncertainty = clock.uncertainty
        var latencies = LocalizationMessage.Latencies()
        latencies.capture = hf_monotonic_ns() - min(stamp.captureTime, hf_monotonic_ns())
        message.latencies = latencies
        status.frames.add(1, ordering: .relaxed)
    }

    private func publish() {
        sequence += 1
        message.sequence = sequence
        let start = hf_monotonic_ns()
        message.publishMonotonic = start
        if message.captureMonotonic > 0 {
            message.latencies?.total = start - min(start, message.captureMonotonic)
            message.latencies?.previousPublish = previousPublish
        }
        publisher.publish(encoder.encode(message))
        lastPublication = hf_monotonic_ns()
        previousPublish = lastPublication - start
        status.state.store(message.state.rawValue, ordering: .relaxed)
        status.inliers.store(message.evidence?.inliers ?? 0, ordering: .relaxed)
        status.latency.store(message.latencies?.total ?? 0, ordering: .relaxed)
        let frames = message.frames
        status.missed.store(frames.skipped + frames.dropped + frames.corrupt, ordering: .relaxed)
    }

    /// Why frames are missing, for the status line. Not on the way of a good frame.
    private func tell(_ problem: String) {
        status.problem.withLock { $0 = problem }
    }

    private var frameCounters: LocalizationMessage.FrameCounters {
        let counts = source.counts
        var frames = LocalizationMessage.FrameCounters()
        frames.captured = counts.captured
        frames.skipped = counts.skipped
        frames.dropped = counts.dropped
        frames.corrupt = counts.corrupt
        frames.reopened = counts.reopened
        return frames
    }
}
