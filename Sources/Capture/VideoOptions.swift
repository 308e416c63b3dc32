/// How a camera is to be opened.
public struct VideoOptions: Sendable, Equatable {
    /// The device node. A stable name, as under /dev/v4l/by-id: /dev/videoN changes from boot to boot.
    public var path: String
    /// nil chooses the first that the device has of: GREY, planar YUV, packed YUV, MJPEG, anything that libv4lconvert reads.
    public var format: PixelFormat?
    /// Pixels. nil keeps the driver's.
    public var size: (width: Int, height: Int)?
    /// Frames per second. nil keeps the driver's.
    public var rate: Double?

    public init(path: String, format: PixelFormat? = nil, size: (width: Int, height: Int)? = nil, rate: Double? = nil) {
        self.path = path
        self.format = format
        self.size = size
        self.rate = rate
    }

    public static func == (a: VideoOptions, b: VideoOptions) -> Bool {
        a.path == b.path && a.format == b.format && a.size?.width == b.size?.width && a.size?.height == b.size?.height
            && a.rate == b.rate
    }
}
