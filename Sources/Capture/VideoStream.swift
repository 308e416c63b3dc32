internal import CLinux
internal import Features
internal import Glibc

/// One V4L2 capture device, open and streaming into mapped buffers, until something fails. Single-planar formats.
///
/// Source: https://docs.kernel.org/userspace-api/media/v4l/mmap.html
final class VideoStream {
    let path: String
    let format: PixelFormat
    let width: Int
    let height: Int
    /// Nanoseconds between two frames, as the driver says; nil if it does not.
    let period: UInt64?

    private let descriptor: Int32
    private var buffers: [MappedBuffer] = []
    private let bytesPerLine: Int
    private let imageSize: Int
    private let converter: FormatConverter?
    /// Where the intensities lie; nil for formats that need the converter.
    private let luma: (offset: Int, step: Int)?

    /// Filled and waiting drivers keep up to three; one is being read.
    private static let bufferCount: UInt32 = 4

    init(_ options: VideoOptions) throws(CaptureError) {
        path = options.path
        let descriptor = unsafe hf_open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .system("open the camera", path, -descriptor) }
        let setup: VideoSetup
        do throws(CaptureError) {
            setup = try VideoSetup(descriptor: descriptor, options: options)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        format = setup.format
        width = setup.width
        height = setup.height
        period = setup.period
        bytesPerLine = setup.bytesPerLine
        imageSize = setup.imageSize
        converter = setup.converter
        luma = setup.format.luma
        try start()
    }

    deinit {
        VideoStream.stop(descriptor)
        buffers.removeAll()
        close(descriptor)
    }

    /// Waits for a frame; false after the time-out (milliseconds).
    func wait(timeout: Int32) throws(CaptureError) -> Bool {
        let ready = hf_wait_readable(descriptor, timeout)
        guard ready >= 0 else { throw .lost(path, "the camera stopped delivering frames") }
        return ready == 1
    }

    /// The oldest frame that is ready, or nil. Its buffer is the caller's until it is given back.
    func dequeue() throws(CaptureError) -> RawFrame? {
        var buffer = unsafe Self.buffer(0)
        let result = unsafe hf_ioctl(descriptor, HF_VIDIOC_DQBUF, &buffer)
        if result == -EAGAIN { return nil }
        guard result == 0 else { throw .system("read a frame", path, -result) }
        guard unsafe Int(buffer.index) < buffers.count else {
            throw .lost(path, "the driver named a buffer that it was never given")
        }
        return unsafe RawFrame(
            index: buffer.index, sequence: buffer.sequence, bytesUsed: Int(buffer.bytesused),
            captureTime: Self.captureTime(buffer), isFlagged: buffer.flags & UInt32(V4L2_BUF_FLAG_ERROR) != 0)
    }

    /// Gives the frame's buffer back to the driver.
    func requeue(_ frame: RawFrame) throws(CaptureError) {
        var buffer = unsafe Self.buffer(frame.index)
        let result = unsafe hf_ioctl(descriptor, HF_VIDIOC_QBUF, &buffer)
        guard result == 0 else { throw .system("give a buffer back", path, -result) }
    }

    /// Is the frame as long as its format needs? Compressed frames may have any length.
    func isWhole(_ frame: RawFrame) -> Bool {
        guard !frame.isFlagged, frame.bytesUsed <= buffers[Int(frame.index)].count else { return false }
        guard let luma else { return frame.bytesUsed > 0 }
        return frame.bytesUsed
            >= lumaBytes(width: width, height: height, stride: bytesPerLine, offset: luma.offset, step: luma.step)
    }

    /// Writes a whole frame's intensities to `image`; false if it cannot be decoded.
    func read(_ frame: RawFrame, into image: inout GreyImage) -> Bool {
        let bytes = unsafe buffers[Int(frame.index)].bytes(frame.bytesUsed)
        if let converter { return unsafe converter.convert(bytes, into: &image) }
        guard let luma else { return false }
        unsafe copyLuma(
            from: bytes, width: width, height: height, stride: bytesPerLine, offset: luma.offset, step: luma.step,
            into: &image)
        return true
    }

    private func start() throws(CaptureError) {
        var request = v4l2_requestbuffers()
        request.count = Self.bufferCount
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        request.memory = V4L2_MEMORY_MMAP.rawValue
        try command("get buffers", HF_VIDIOC_REQBUFS, &request)
        guard request.count >= 2 else { throw .system("get buffers", path, ENOMEM) }
        for index in 0..<request.count {
            var buffer = unsafe Self.buffer(index)
            try unsafe command("query a buffer", HF_VIDIOC_QUERYBUF, &buffer)
            guard unsafe Int(buffer.length) >= imageSize else {
                throw .notACamera(path, "the driver's buffers are smaller than its frames")
            }
            guard let mapped = unsafe MappedBuffer(descriptor, Int(buffer.length), Int(buffer.m.offset)) else {
                throw .system("map a buffer", path, errno)
            }
            buffers.append(mapped)
            try unsafe command("queue a buffer", HF_VIDIOC_QBUF, &buffer)
        }
        var type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        try command("start streaming", HF_VIDIOC_STREAMON, &type)
    }

    private func command<Argument>(
        _ action: String, _ request: UInt, _ argument: inout Argument
    ) throws(CaptureError) {
        try VideoSetup.command(descriptor, path, action, request, &argument)
    }

    private static func stop(_ descriptor: Int32) {
        var type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        unsafe _ = hf_ioctl(descriptor, HF_VIDIOC_STREAMOFF, &type)
    }

    private static func buffer(_ index: UInt32) -> v4l2_buffer {
        var buffer = unsafe v4l2_buffer()
        unsafe buffer.index = index
        unsafe buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        unsafe buffer.memory = V4L2_MEMORY_MMAP.rawValue
        return unsafe buffer
    }

    /// The driver's stamp, if it is of CLOCK_MONOTONIC; otherwise now.
    private static func captureTime(_ buffer: v4l2_buffer) -> UInt64 {
        let clock = unsafe buffer.flags & UInt32(V4L2_BUF_FLAG_TIMESTAMP_MASK)
        let stamp = unsafe buffer.timestamp
        guard clock == UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC), stamp.tv_sec >= 0, stamp.tv_usec >= 0 else {
            return hf_monotonic_ns()
        }
        return UInt64(stamp.tv_sec) &* 1_000_000_000 &+ UInt64(stamp.tv_usec) &* 1000
    }
}

/// A frame in a driver's buffer.
struct RawFrame {
    let index: UInt32
    let sequence: UInt32
    let bytesUsed: Int
    /// CLOCK_MONOTONIC, nanoseconds.
    let captureTime: UInt64
    /// The driver says that the frame is broken.
    let isFlagged: Bool
}
