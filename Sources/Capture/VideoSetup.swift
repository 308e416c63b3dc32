internal import CLinux
internal import Glibc

/// What was agreed with a device before it streams: format, size and rate.
struct VideoSetup {
    let format: PixelFormat
    let width: Int
    let height: Int
    let bytesPerLine: Int
    let imageSize: Int
    /// Nanoseconds.
    let period: UInt64?
    /// nil for formats that hold intensities as bytes.
    let converter: FormatConverter?

    init(descriptor: Int32, options: VideoOptions) throws(CaptureError) {
        let path = options.path
        try Self.checkCapabilities(descriptor, path)
        let wanted = try Self.choose(from: Self.formats(descriptor), options)
        var agreed = unsafe v4l2_format()
        unsafe agreed.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        try unsafe Self.command(descriptor, path, "read its format", HF_VIDIOC_G_FMT, &agreed)
        unsafe agreed.fmt.pix.pixelformat = wanted.code
        unsafe agreed.fmt.pix.field = V4L2_FIELD_NONE.rawValue
        unsafe agreed.fmt.pix.bytesperline = 0
        unsafe agreed.fmt.pix.sizeimage = 0
        if let size = options.size {
            unsafe agreed.fmt.pix.width = UInt32(clamping: size.width)
            unsafe agreed.fmt.pix.height = UInt32(clamping: size.height)
        }
        try unsafe Self.command(descriptor, path, "set the format \(wanted)", HF_VIDIOC_S_FMT, &agreed)
        let pix = unsafe agreed.fmt.pix
        format = PixelFormat(code: pix.pixelformat)
        width = Int(pix.width)
        height = Int(pix.height)
        bytesPerLine = max(Int(pix.bytesperline), width * (format.luma?.step ?? 0))
        imageSize = Int(pix.sizeimage)
        try Self.check(width, height, format, wanted, options)
        period = Self.setRate(descriptor, options.rate)
        converter =
            format.luma == nil
            ? try unsafe FormatConverter(descriptor: descriptor, source: agreed, path: path) : nil
    }

    private static func check(
        _ width: Int, _ height: Int, _ format: PixelFormat, _ wanted: PixelFormat, _ options: VideoOptions
    ) throws(CaptureError) {
        guard format == wanted else {
            throw .unsupportedFormat(options.path, "delivers the format \(format) although it lists \(wanted)")
        }
        guard (16...16384).contains(width), (16...16384).contains(height) else {
            throw .unsupportedFormat(options.path, "delivers frames of \(width)x\(height) pixels")
        }
        if let size = options.size, (size.width, size.height) != (width, height) {
            throw .unsupportedFormat(
                options.path,
                "delivers \(width)x\(height) pixels where \(size.width)x\(size.height) are configured; "
                    + "choose one of its sizes (v4l2-ctl --list-formats-ext) and calibrate at it")
        }
    }

    private static func checkCapabilities(_ descriptor: Int32, _ path: String) throws(CaptureError) {
        var capability = v4l2_capability()
        let result = unsafe hf_ioctl(descriptor, HF_VIDIOC_QUERYCAP, &capability)
        if result == -ENOTTY || result == -EINVAL { throw .notACamera(path, "is not a V4L2 device") }
        guard result == 0 else { throw .system("query the camera", path, -result) }
        let all = capability.capabilities
        let capabilities = all & UInt32(V4L2_CAP_DEVICE_CAPS) != 0 ? capability.device_caps : all
        guard capabilities & UInt32(V4L2_CAP_VIDEO_CAPTURE) != 0 else {
            throw .notACamera(
                path,
                capabilities & UInt32(V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0
                    ? "delivers multi-planar frames only, which this version cannot read"
                    : "is not a capture device; another node of the same camera may be")
        }
        guard capabilities & UInt32(V4L2_CAP_STREAMING) != 0 else {
            throw .notACamera(path, "cannot stream into mapped buffers")
        }
    }

    /// The formats that the device lists.
    private static func formats(_ descriptor: Int32) -> [PixelFormat] {
        var result: [PixelFormat] = []
        for index in 0..<UInt32(256) {
            var description = v4l2_fmtdesc()
            description.index = index
            description.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
            guard unsafe hf_ioctl(descriptor, HF_VIDIOC_ENUM_FMT, &description) == 0 else { break }
            result.append(PixelFormat(code: description.pixelformat))
        }
        return result
    }

    private static func choose(from formats: [PixelFormat], _ options: VideoOptions) throws(CaptureError) -> PixelFormat
    {
        let list = formats.map(\.description).joined(separator: ", ")
        if let format = options.format {
            guard formats.contains(format) else {
                throw .unsupportedFormat(options.path, "does not have the format \(format); it has: \(list)")
            }
            return format
        }
        if let best = PixelFormat.preferred.first(where: formats.contains) { return best }
        if let other = formats.first(where: { !$0.isRawBayer }) { return other }
        throw .unsupportedFormat(
            options.path,
            formats.isEmpty
                ? "lists no formats"
                : "delivers raw sensor data only (\(list)): it needs a camera pipeline, such as libcamera with its V4L2 "
                    + "compatibility layer, or a loopback device fed by it")
    }

    /// Asks for a rate, and returns the period that the driver then says.
    private static func setRate(_ descriptor: Int32, _ rate: Double?) -> UInt64? {
        var parameters = v4l2_streamparm()
        parameters.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        guard unsafe hf_ioctl(descriptor, HF_VIDIOC_G_PARM, &parameters) == 0 else { return nil }
        if let rate, unsafe parameters.parm.capture.capability & UInt32(V4L2_CAP_TIMEPERFRAME) != 0 {
            unsafe parameters.parm.capture.timeperframe = v4l2_fract(
                numerator: 1000, denominator: UInt32(clamping: Int((rate * 1000).rounded())))
            guard unsafe hf_ioctl(descriptor, HF_VIDIOC_S_PARM, &parameters) == 0 else { return nil }
        }
        let period = unsafe parameters.parm.capture.timeperframe
        guard period.numerator > 0, period.denominator > 0 else { return nil }
        return UInt64(period.numerator) * 1_000_000_000 / UInt64(period.denominator)
    }

    /// An ioctl whose failure is an error that says what was tried.
    static func command<Argument>(
        _ descriptor: Int32, _ path: String, _ action: String, _ request: UInt, _ argument: inout Argument
    ) throws(CaptureError) {
        let result = unsafe withUnsafeMutablePointer(to: &argument) { unsafe hf_ioctl(descriptor, request, $0) }
        guard result >= 0 else { throw .system(action, path, -result) }
    }
}
