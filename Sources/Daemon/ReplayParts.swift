internal import Capture
internal import Features
internal import Publishing
internal import Recording

/// Frames as a replay hands them over, one at a time.
final class RecordedFrames: FrameSource {
    /// What the next call gives, once.
    var event = CaptureEvent.waiting
    var counts = FrameCounts()
    var problem: CaptureError?
    var tap: (any CompressedFrameTap)?
    let delivery: (format: PixelFormat?, period: UInt64?) = (nil, nil)
    let remarks: [String] = []
    let remarksVersion: UInt64 = 0
    let summary = "a recording"
    private var image = GreyImage(width: 0, height: 0)

    func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent {
        defer { event = .waiting }
        if case .frame = event { image = self.image }
        return event
    }

    /// Makes the recorded image grey, as it was.
    func take(
        _ recorded: (topic: RecordingTopic, bytes: [UInt8])?, view: FrameView?, decoder: inout RecordedFrame,
        of path: String
    ) throws {
        guard let recorded, let content = ImageMessage(recorded.bytes, isRaw: recorded.topic == .rawImage) else {
            throw RecordingError(path, "has a frame without an image", cure: "record again")
        }
        if recorded.topic == .compressedImage {
            try decoder.decode(content.data, view: view, of: path, into: &image)
        } else {
            guard let grey = content.grey else {
                throw RecordingError(path, "has pixels that are not its size's", cure: "record again")
            }
            image = grey
        }
    }
}

/// The recorded machine's time, which stands between two frames.
///
/// Sendable unchecked: one thread replays.
final class ReplayClock: SystemClock, @unchecked Sendable {
    /// CLOCK_MONOTONIC, nanoseconds.
    var now: UInt64
    let wall: WallClock
    let synchronization = ClockSynchronization()

    init(_ start: Wire.RecordingStart) {
        now = start.monotonicNs
        wall = WallClock(offset: Int64(bitPattern: start.wallNs &- start.monotonicNs), uncertainty: 0)
    }

    var monotonic: UInt64 { now }

    func sleep(until deadline: UInt64) { now = max(now, deadline) }
}

/// The vehicle's odometry as it was taken in.
final class RecordedOdometry: OdometrySource {
    private(set) var track = OdometryTrack()
    let rejections = OdometryRejections()
    var tap: (any MessageTap)?

    func update(at now: UInt64) {}

    func take(_ reading: OdometryReading) { track.append(reading) }

    /// Goes on from what another one had taken in.
    func resume(_ track: OdometryTrack) { self.track = track }
}

/// Keeps the last message instead of sending it.
final class KeptMessage: PosePublisher {
    var message: [UInt8] = []
    let failures: UInt64 = 0

    func publish(_ message: [UInt8]) { self.message = Array(message) }
    func greetLateJoiners() {}
}
