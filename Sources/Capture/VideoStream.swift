internal import CLinux
internal import Features
internal import Glibc

/// One V4L2 capture device, open and streaming into mapped buffers, until something fails.
///
/// Source: https://docs.kernel.org/userspace-api/media/v4l/mmap.html
final class VideoStream {
    let path: String
    let format: PixelFormat
    /// Of the frames as the device delivers them, pixels.
    let width: Int
    let height: Int
    /// Nanoseconds between two frames, as the driver says; nil if it does not.
    let period: UInt64?
    let remarks: [String]

    private let descriptor: Int32
    private let isMultiplanar: Int32
    private let planes: UInt32
    private let imageSize: Int
    private var buffers: [MappedBuffer] = []
    private var reader: FrameReader
    /// Why a buffer could not be given back.
    private var failure: CaptureError?

    /// Filled and waiting drivers keep up to three; one is being read.
    static let bufferCount: UInt32 = 4

    init(_ options: VideoOptions, controls: [ControlSetting]) throws(CaptureError) {
        path = options.path
        let descriptor = unsafe hf_open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .system("open the camera", path, -descriptor) }
        let setup: VideoSetup
        let agreed: hf_video_format
        do throws(CaptureError) {
            setup = try VideoSetup(descriptor: descriptor, options: options, controls: controls)
            agreed = setup.agreed
            reader = try FrameReader(descriptor: descriptor, agreed: agreed, view: setup.view, path: path)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        isMultiplanar = setup.isMultiplanar ? 1 : 0
        planes = agreed.planes
        format = PixelFormat(code: agreed.code)
        width = Int(agreed.width)
        height = Int(agreed.height)
        imageSize = Int(agreed.image_size)
        period = setup.period
        remarks = setup.remarks
        try getBuffers()
        try queueAll()
        try switchOn()
    }

    deinit {
        _ = hf_video_stream(descriptor, isMultiplanar, 0)
        buffers.removeAll()
        close(descriptor)
    }

    var controls: VideoControls { VideoControls(descriptor: descriptor, path: path) }

    /// Stops streaming and starts it anew, which revives some cameras that have fallen silent.
    func restart() throws(CaptureError) {
        try VideoSetup.command(path, "stop streaming", hf_video_stream(descriptor, isMultiplanar, 0))
        failure = nil
        try queueAll()
        try switchOn()
    }

    /// Waits for a frame; false after the time-out (milliseconds).
    func wait(timeout: Int32) throws(CaptureError) -> Bool {
        let ready = hf_wait_readable(descriptor, timeout)
        guard ready >= 0 else { throw .lost(path, "the camera stopped delivering frames") }
        return ready == 1
    }

    /// The oldest frame that is ready, or nil.
    func dequeue() throws(CaptureError) -> VideoFrame? {
        if let failure { throw failure }
        var buffer = hf_video_buffer()
        let result = unsafe hf_video_dequeue_buffer(descriptor, isMultiplanar, &buffer)
        if result == -EAGAIN { return nil }
        try VideoSetup.command(path, "read a frame", result)
        guard Int(buffer.index) < buffers.count else {
            throw .lost(path, "the driver named a buffer that it was never given")
        }
        let range = Int(min(buffer.data_offset, buffer.bytes_used))..<Int(buffer.bytes_used)
        return VideoFrame(
            buffer, stamp: Self.stamp(buffer), fault: fault(buffer, range), range: range, of: self)
    }

    /// Writes the intensities of a frame without fault to `image`.
    func read(_ frame: borrowing VideoFrame, into image: inout GreyImage) throws(FrameFault) -> ImageCondition {
        try unsafe reader.read(buffers[Int(frame.index)].bytes(frame.range), into: &image)
    }

    /// Hands the bytes of a frame that is compressed to `tap`.
    func show(_ frame: borrowing VideoFrame, to tap: any CompressedFrameTap) {
        guard let view = reader.compressedView else { return }
        let bytes = unsafe buffers[Int(frame.index)].bytes(frame.range)
        unsafe tap.take(bytes, .jpeg, view: view, stamp: frame.stamp)
    }

    /// A frame's end calls this: its buffer goes back to the driver. A failure shows at the next frame.
    func giveBack(_ index: UInt32) {
        let result = hf_video_queue_buffer(descriptor, isMultiplanar, index, planes)
        if result < 0 { failure = .system("give a buffer back", path, -result) }
    }

    private func fault(_ buffer: hf_video_buffer, _ range: Range<Int>) -> StaticString? {
        if buffer.flags & UInt32(V4L2_BUF_FLAG_ERROR) != 0 { return "the driver says that the frame is damaged" }
        guard range.upperBound <= buffers[Int(buffer.index)].count else { return "the frame is longer than its buffer" }
        return reader.isWhole(range.count) ? nil : "the frame is too short"
    }

    private func getBuffers() throws(CaptureError) {
        var count = Self.bufferCount
        try VideoSetup.command(path, "get buffers", unsafe hf_video_request_buffers(descriptor, isMultiplanar, &count))
        guard count >= 2 else { throw .system("get buffers", path, ENOMEM) }
        for index in 0..<count {
            var buffer = hf_video_buffer()
            try VideoSetup.command(
                path, "query a buffer", unsafe hf_video_query_buffer(descriptor, isMultiplanar, index, &buffer))
            guard Int(buffer.length) >= imageSize else {
                throw .notACamera(path, "the driver's buffers are smaller than its frames")
            }
            guard let mapped = MappedBuffer(descriptor, Int(buffer.length), Int(buffer.offset)) else {
                throw .system("map a buffer", path, errno)
            }
            buffers.append(mapped)
        }
    }

    private func queueAll() throws(CaptureError) {
        for index in buffers.indices {
            try VideoSetup.command(
                path, "queue a buffer", hf_video_queue_buffer(descriptor, isMultiplanar, UInt32(index), planes))
        }
    }

    private func switchOn() throws(CaptureError) {
        try VideoSetup.command(path, "start streaming", hf_video_stream(descriptor, isMultiplanar, 1))
    }

    /// The driver's stamp, if it is of CLOCK_MONOTONIC and not of the future; otherwise now.
    private static func stamp(_ buffer: hf_video_buffer) -> FrameStamp {
        let now = hf_monotonic_ns()
        let flags = buffer.flags
        let isMonotonic =
            flags & UInt32(V4L2_BUF_FLAG_TIMESTAMP_MASK) == UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
            && buffer.stamp_ns > 0 && buffer.stamp_ns <= now
        let isStart = flags & UInt32(V4L2_BUF_FLAG_TSTAMP_SRC_MASK) == UInt32(V4L2_BUF_FLAG_TSTAMP_SRC_SOE)
        return FrameStamp(
            sequence: UInt64(buffer.sequence), captureTime: isMonotonic ? buffer.stamp_ns : now,
            source: !isMonotonic ? .arrival : isStart ? .startOfExposure : .endOfFrame)
    }
}

/// A driver's buffer in our memory.
@safe final class MappedBuffer {
    let count: Int
    private let base: UnsafeMutableRawPointer

    /// nil, with errno set, if the kernel refuses.
    init?(_ descriptor: Int32, _ count: Int, _ offset: Int) {
        let base = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, offset)
        guard let base = unsafe base, unsafe base != MAP_FAILED else { return nil }
        unsafe self.base = base
        self.count = count
    }

    deinit {
        unsafe munmap(base, count)
    }

    /// A part of it, valid as long as this object.
    @unsafe func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }
}

/// A frame in a driver's buffer, which goes back to the driver when the frame goes out of scope.
struct VideoFrame: ~Copyable {
    let index: UInt32
    let stamp: FrameStamp
    /// What is wrong with it; nil if it is whole, as far as its length tells.
    let fault: StaticString?
    /// Where its bytes lie in the buffer.
    let range: Range<Int>
    private let stream: VideoStream

    init(_ buffer: hf_video_buffer, stamp: FrameStamp, fault: StaticString?, range: Range<Int>, of stream: VideoStream)
    {
        index = buffer.index
        self.stamp = stamp
        self.fault = fault
        self.range = range
        self.stream = stream
    }

    deinit {
        stream.giveBack(index)
    }
}
