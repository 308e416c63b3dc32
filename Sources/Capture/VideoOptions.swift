/// How a camera is to be opened.
public struct VideoOptions: Sendable, Equatable {
    /// The device node. A stable name, as under /dev/v4l/by-id: /dev/videoN changes from boot to boot.
    public var path: String
    /// nil chooses the first that the device has of: GREY, planar YUV, 10 to 16 bits grey, packed YUV, MJPEG, anything
    /// that libv4lconvert reads.
    public var format: PixelFormat?
    /// Pixels of the whole frame. nil keeps the driver's.
    public var size: (width: Int, height: Int)?
    /// Frames per second. nil keeps the driver's.
    public var rate: Double?
    /// The part of the frame that is handed out; nil: all of it. The device cuts it out if it can to the pixel, else it
    /// is done here.
    public var crop: VideoCrop?
    /// 1, 2, 4 or 8: what is handed out is so many times smaller; each pixel is the mean of a square. It must divide
    /// the size of the part, and its corner.
    public var reduction: Int
    /// Set in this order, after every opening.
    public var controls: [ControlSetting]

    /// By default the driver's own size and rate, the best format, and the whole frame unreduced.
    public init(
        path: String, format: PixelFormat? = nil, size: (width: Int, height: Int)? = nil, rate: Double? = nil,
        crop: VideoCrop? = nil,
        reduction: Int = 1, controls: [ControlSetting] = []
    ) {
        self.path = path
        self.format = format
        self.size = size
        self.rate = rate
        self.crop = crop
        self.reduction = reduction
        self.controls = controls
    }

    public static func == (a: VideoOptions, b: VideoOptions) -> Bool {
        a.path == b.path && a.format == b.format && a.size?.width == b.size?.width && a.size?.height == b.size?.height
            && a.rate == b.rate && a.crop == b.crop && a.reduction == b.reduction && a.controls == b.controls
    }
}

/// A part of a frame: its top-left pixel and its size.
public struct VideoCrop: Sendable, Equatable {
    /// Columns to the left of the part, pixels of the whole frame.
    public var x: Int
    /// Rows above the part, pixels of the whole frame.
    public var y: Int
    /// Pixels across, before any reduction.
    public var width: Int
    /// Pixels down, before any reduction.
    public var height: Int

    /// A part that must lie in the frame: checked when the device is opened.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}
