internal import CLinux
public import Features

/// A camera that may come and go: delivers its newest frame, and opens the device again after any loss, within a second
/// of its return.
///
/// Every opening sets format, size, part, rate and controls anew: a device forgets them when it is unplugged.
public final class VideoDevice {
    /// As given; controls that were set since are not in them.
    public let options: VideoOptions
    /// Since the camera was first opened, over all losses and returns.
    public private(set) var counts = FrameCounts()
    /// Why there is no camera at present, or no frame since it was lost; or else what broke the last frame.
    public var problem: CaptureError? { loss ?? fault }
    /// What the operator should know of the open device, such as controls that it set otherwise. Changes with every
    /// opening, and with the first frame.
    public private(set) var remarks: [String] = []
    /// Grows whenever the remarks change.
    public private(set) var remarksVersion: UInt64 = 0
    public var tap: (any CompressedFrameTap)?
    /// What the time of the last frame means; nil before the first.
    public private(set) var stampSource: StampSource?

    private(set) var stream: VideoStream?
    /// Set again after every opening: those of the options, then those set since.
    var heldControls: [ControlSetting]
    private var loss: CaptureError?
    private var fault: CaptureError?
    private var wasOpen = false
    private var hasRestarted = false
    /// The driver's number of the last frame seen. Drivers begin again with every start of streaming.
    private var lastSequence: UInt32?
    /// CLOCK_MONOTONIC, nanoseconds.
    private var lastActivity: UInt64 = 0
    private var nextAttempt: UInt64 = 0
    private var backOff = VideoDevice.firstBackOff

    /// Nanoseconds between attempts to open: doubled after each, up to the last, and back at the first with a good
    /// frame.
    private static let firstBackOff: UInt64 = 50_000_000
    private static let lastBackOff: UInt64 = 400_000_000

    /// Opens the camera. If it is not there, or not yet ours to open, the source is made nevertheless and keeps trying;
    /// what cannot pass by itself is thrown.
    public init(_ options: VideoOptions) throws(CaptureError) {
        self.options = options
        heldControls = options.controls
        do throws(CaptureError) {
            try open()
        } catch {
            guard error.mayPass else { throw error }
            lose(error)
        }
    }

    /// Those of the open device that hold one number, as the driver lists them; none while it is not open.
    package var controls: [VideoControl] { stream?.controls.list() ?? [] }

    /// What the open device delivers, such as "640x480 YUYV, 30 frames/s".
    public var description: String? {
        stream.map { stream in
            let rate = stream.period.map { ", \((Double(10_000_000_000 / $0)) / 10) frames/s" } ?? ""
            return "\(stream.width)x\(stream.height) \(stream.format)\(rate)"
        }
    }

    /// Waits for the newest frame, at most `timeout` nanoseconds: see ``FrameSource/next(into:timeout:)``.
    public func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent {
        let deadline = hf_monotonic_ns() + timeout
        do throws(CaptureError) {
            guard let stream = try openedStream(until: deadline) else { return .noCamera }
            let now = hf_monotonic_ns()
            let isReady = try stream.wait(timeout: Int32(clamping: (max(deadline, now) - now + 999_999) / 1_000_000))
            let event = isReady ? try newest(of: stream, into: &image) : .waiting
            guard event == .waiting else {
                lastActivity = hf_monotonic_ns()
                return event
            }
            try checkSilence(stream)
            return loss == nil ? .waiting : .noCamera
        } catch {
            lose(error)
            return .noCamera
        }
    }

    /// Takes every frame that is ready, keeps the last good one, and gives the others back.
    private func newest(of stream: VideoStream, into image: inout GreyImage) throws(CaptureError) -> CaptureEvent {
        var newest: VideoFrame?
        var broken: FrameStamp?
        // As many as can have been ready: a camera faster than this loop must not keep it.
        for _ in 0..<VideoStream.bufferCount {
            guard let frame = try stream.dequeue() else { break }
            count(UInt32(truncatingIfNeeded: frame.stamp.sequence))
            if let cause = frame.fault {
                broken = frame.stamp
                breaks("\(cause)")
            } else {
                if newest != nil { counts.skipped += 1 }
                newest = consume frame
            }
        }
        guard let newest else { return broken.map { .corrupt($0) } ?? .waiting }
        let stamp = newest.stamp
        if let tap { stream.show(newest, to: tap) }
        do throws(FrameFault) {
            if try stream.read(newest, into: &image) != .whole { counts.recovered += 1 }
        } catch {
            breaks(error.text)
            return .corrupt(stamp)
        }
        counts.captured += 1
        takeIn(stamp)
        return .frame(stamp)
    }

    private func breaks(_ cause: String) {
        counts.corrupt += 1
        fault = .frame(options.path, cause)
    }

    /// A good frame ends every trouble.
    private func takeIn(_ stamp: FrameStamp) {
        if loss != nil || fault != nil { (loss, fault) = (nil, nil) }
        backOff = Self.firstBackOff
        hasRestarted = false
        guard stamp.source != stampSource else { return }
        stampSource = stamp.source
        if stamp.source == .arrival {
            remark([
                """
                the driver does not stamp frames with CLOCK_MONOTONIC, or ahead of it: \
                their arrival is taken as their time
                """
            ])
        }
    }

    private func remark(_ lines: [String]) {
        remarks += lines
        remarksVersion += 1
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
        let opened = try VideoStream(options, controls: heldControls)
        stream = opened
        lastSequence = nil
        lastActivity = hf_monotonic_ns()
        stampSource = nil
        remarks = []
        remark(opened.remarks)
        if wasOpen { counts.reopened += 1 }
        wasOpen = true
    }

    private func lose(_ error: CaptureError) {
        stream = nil
        loss = error
        hasRestarted = false
        nextAttempt = hf_monotonic_ns() + backOff
        backOff = min(2 * backOff, Self.lastBackOff)
    }

    /// A camera that says nothing for long is told to stream anew, and if that does not help, it is lost as well.
    private func checkSilence(_ stream: VideoStream) throws(CaptureError) {
        let limit = max(1_000_000_000, 5 * (stream.period ?? 0))
        let silence = hf_monotonic_ns() - lastActivity
        guard silence >= limit else { return }
        guard !hasRestarted else {
            throw .lost(options.path, "no frame since streaming was started anew; opening the camera again")
        }
        loss = .lost(options.path, "no frame for \(silence / 1_000_000) ms; starting to stream anew")
        try stream.restart()
        hasRestarted = true
        counts.restarted += 1
        lastSequence = nil
        lastActivity = hf_monotonic_ns()
    }
}
