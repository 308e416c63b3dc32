internal import CLinux
internal import Features

/// A camera that may come and go: delivers its newest frame, and opens the device again after any loss, within a second of its return.
public final class VideoDevice {
    public let options: VideoOptions
    public private(set) var counts = FrameCounts()
    /// Why there is no camera at present.
    public private(set) var problem: CaptureError?

    private var stream: VideoStream?
    private var wasOpen = false
    /// The driver's number of the last frame seen. Drivers begin again with every start of streaming.
    private var lastSequence: UInt32?
    /// CLOCK_MONOTONIC, nanoseconds.
    private var lastActivity: UInt64 = 0
    private var nextAttempt: UInt64 = 0
    private var backOff = VideoDevice.firstBackOff

    /// Nanoseconds between attempts to open: doubled after each, up to the last.
    private static let firstBackOff: UInt64 = 50_000_000
    private static let lastBackOff: UInt64 = 1_000_000_000

    /// Opens the camera. If it is not there, or not yet ours to open, the source is made nevertheless and keeps trying; what cannot
    /// pass by itself is thrown.
    public init(_ options: VideoOptions) throws(CaptureError) {
        self.options = options
        do throws(CaptureError) {
            try open()
        } catch {
            guard error.mayPass else { throw error }
            lose(error)
        }
    }

    /// What the open device delivers, such as "640x480 YUYV, 30 frames/s".
    public var description: String? {
        stream.map { stream in
            let rate = stream.period.map { ", \((Double(10_000_000_000 / $0)) / 10) frames/s" } ?? ""
            return "\(stream.width)x\(stream.height) \(stream.format)\(rate)"
        }
    }

    func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent {
        let deadline = hf_monotonic_ns() + timeout
        do throws(CaptureError) {
            guard let stream = try openedStream(until: deadline) else { return .noCamera }
            let now = hf_monotonic_ns()
            let isReady = try stream.wait(timeout: Int32(clamping: (max(deadline, now) - now + 999_999) / 1_000_000))
            let event = isReady ? try newest(of: stream, into: &image) : .waiting
            if event == .waiting { try checkSilence(stream) } else { lastActivity = hf_monotonic_ns() }
            return event
        } catch {
            lose(error)
            return .noCamera
        }
    }

    /// Takes every frame that is ready, keeps the last good one, and gives the others back.
    private func newest(of stream: VideoStream, into image: inout GreyImage) throws(CaptureError) -> CaptureEvent {
        var newest: RawFrame?
        var broken: FrameStamp?
        while let frame = try stream.dequeue() {
            count(frame.sequence)
            if stream.isWhole(frame) {
                if let older = newest {
                    counts.skipped += 1
                    try stream.requeue(older)
                }
                newest = frame
            } else {
                counts.corrupt += 1
                broken = FrameStamp(sequence: UInt64(frame.sequence), captureTime: frame.captureTime)
                try stream.requeue(frame)
            }
        }
        guard let newest else { return broken.map { .corrupt($0) } ?? .waiting }
        let stamp = FrameStamp(sequence: UInt64(newest.sequence), captureTime: newest.captureTime)
        let isRead = stream.read(newest, into: &image)
        try stream.requeue(newest)
        guard isRead else {
            counts.corrupt += 1
            return .corrupt(stamp)
        }
        counts.captured += 1
        return .frame(stamp)
    }

    private func count(_ sequence: UInt32) {
        if let last = lastSequence {
            // The difference wraps with the sequence. A driver that goes back has begun again.
            let gap = sequence &- last
            if gap > 1, gap < 1 << 31 { counts.dropped += UInt64(gap - 1) }
        }
        lastSequence = sequence
    }

    /// The stream; opens it first if that is due, and otherwise waits. nil if there is none by the deadline.
    private func openedStream(until deadline: UInt64) throws(CaptureError) -> VideoStream? {
        if let stream { return stream }
        let now = hf_monotonic_ns()
        guard nextAttempt <= deadline else {
            hf_sleep_until_ns(deadline)
            return nil
        }
        if nextAttempt > now { hf_sleep_until_ns(nextAttempt) }
        try open()
        return stream
    }

    private func open() throws(CaptureError) {
        stream = try VideoStream(options)
        problem = nil
        lastSequence = nil
        lastActivity = hf_monotonic_ns()
        backOff = Self.firstBackOff
        if wasOpen { counts.reopened += 1 }
        wasOpen = true
    }

    private func lose(_ error: CaptureError) {
        stream = nil
        problem = error
        nextAttempt = hf_monotonic_ns() + backOff
        backOff = min(2 * backOff, Self.lastBackOff)
    }

    /// A camera that says nothing for long is lost as well.
    private func checkSilence(_ stream: VideoStream) throws(CaptureError) {
        let limit = max(1_000_000_000, 5 * (stream.period ?? 0))
        let silence = hf_monotonic_ns() - lastActivity
        guard silence < limit else {
            throw .lost(options.path, "no frame for \(silence / 1_000_000) ms; opening the camera again")
        }
    }
}
