internal import CLinux

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
