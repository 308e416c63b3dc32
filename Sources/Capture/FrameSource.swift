public import Features

/// Where frames come from. To be used by one thread at a time.
public enum FrameSource {
    /// Recorded images, at the times at which a camera would have delivered them.
    case folder(ImageFolder)
    /// A V4L2 camera, which may come and go.
    case device(VideoDevice)

    /// Waits for the newest frame, at most `timeout` nanoseconds, and writes it to `image`.
    ///
    /// Newest frame wins: frames that passed since the last call are counted, never queued. Allocates nothing once the
    /// image has the frame's size (the decoders of a folder, of JPEG and of libv4lconvert may).
    public func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent {
        switch self {
        case .folder(let folder): folder.next(into: &image, timeout: timeout)
        case .device(let device): device.next(into: &image, timeout: timeout)
        }
    }

    /// Since the source was made, over all losses and returns of a camera.
    public var counts: FrameCounts {
        switch self {
        case .folder(let folder): folder.counts
        case .device(let device): device.counts
        }
    }

    /// What keeps frames from coming, or broke the last one.
    public var problem: CaptureError? {
        switch self {
        case .folder(let folder): folder.problem
        case .device(let device): device.problem
        }
    }

    /// How the open device delivers: its pixel format, and the nanoseconds between two frames if its driver states
    /// them. nil for both while there is no camera, and for a folder.
    public var delivery: (format: PixelFormat?, period: UInt64?) {
        switch self {
        case .folder: (nil, nil)
        case .device(let device): (device.stream?.format, device.stream?.period)
        }
    }

    /// What the operator should know of the source, a line each; and a number that grows when it changes.
    public var remarks: (lines: [String], version: UInt64) {
        switch self {
        case .folder: ([], 0)
        case .device(let device): (device.remarks, device.remarksVersion)
        }
    }
}
