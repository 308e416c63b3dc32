internal import CLinux
internal import Glibc

/// What was agreed with a device before it streams: controls, format, size, part and rate.
struct VideoSetup {
    let isMultiplanar: Bool
    let agreed: hf_video_format
    /// What is made of a frame as the device delivers it.
    let view: FrameView
    /// Nanoseconds.
    let period: UInt64?
    /// What the operator should know: how the part is cut out, controls that are not as asked.
    let remarks: [String]

    init(descriptor: Int32, options: VideoOptions, controls: [ControlSetting]) throws(CaptureError) {
        let path = options.path
        let capability = try DeviceCapability(descriptor, path)
        isMultiplanar = capability.isMultiplanar
        var remarks = try VideoControls(descriptor: descriptor, path: path).apply(controls)
        let multiplanar: Int32 = capability.isMultiplanar ? 1 : 0
        let format = try capability.choose(options.format)
        let cropper = DeviceCrop(descriptor)
        cropper.reset()
        var agreed = hf_video_format()
        agreed.code = format.code
        agreed.width = UInt32(clamping: options.size?.width ?? 0)
        agreed.height = UInt32(clamping: options.size?.height ?? 0)
        try Self.command(path, "set the format \(format)", unsafe hf_video_set_format(descriptor, multiplanar, &agreed))
        try Self.check(agreed, format, options)
        var view = try Self.view(agreed, options)
        if let crop = options.crop {
            if let cut = cropper.cut(crop, from: agreed, isMultiplanar: multiplanar) {
                agreed = cut
                (view.x, view.y) = (0, 0)
                remarks.append("the device cuts out the part itself")
            } else {
                try Self.command(
                    path, "set the format \(format)", unsafe hf_video_set_format(descriptor, multiplanar, &agreed))
                try Self.check(agreed, format, options)
            }
        }
        let rate = options.rate.map { (UInt32(1000), UInt32(clamping: Int(($0 * 1000).rounded()))) }
        period = Self.period(descriptor, multiplanar, asking: rate).map {
            UInt64($0.numerator) * 1_000_000_000 / UInt64($0.denominator)
        }
        self.agreed = agreed
        self.view = view
        self.remarks = remarks
    }

    private static func check(
        _ agreed: hf_video_format, _ wanted: PixelFormat, _ options: VideoOptions
    ) throws(CaptureError) {
        let (width, height, format) = (Int(agreed.width), Int(agreed.height), PixelFormat(code: agreed.code))
        guard format == wanted else {
            throw .unsupportedFormat(options.path, "delivers the format \(format) although it lists \(wanted)")
        }
        guard (16...16384).contains(width), (16...16384).contains(height) else {
            throw .unsupportedFormat(options.path, "delivers frames of \(width)x\(height) pixels")
        }
        if let size = options.size, size != (width, height) {
            throw .anotherSize(
                options.path,
                "delivers \(width)x\(height) pixels where \(size.width)x\(size.height) are configured; "
                    + "choose one of its sizes (v4l2-ctl --list-formats-ext) as camera.size, "
                    + "and calibrate at it or at one of the same shape"
            )
        }
        let fields = [V4L2_FIELD_NONE, V4L2_FIELD_ANY].map(\.rawValue)
        guard fields.contains(agreed.field) else {
            throw .unsupportedFormat(
                options.path,
                "delivers interlaced frames, whose two halves are of different times; choose another input")
        }
    }

    /// The part in the device's whole frame.
    private static func view(_ agreed: hf_video_format, _ options: VideoOptions) throws(CaptureError) -> FrameView {
        let (width, height) = (Int(agreed.width), Int(agreed.height))
        var view = FrameView(width: width, height: height, reduction: options.reduction)
        if let crop = options.crop {
            guard crop.x >= 0, crop.y >= 0, crop.width > 0, crop.height > 0, crop.x <= width - crop.width,
                crop.y <= height - crop.height
            else {
                throw .unsupportedFormat(
                    options.path,
                    "the part of \(crop.width)x\(crop.height) pixels at (\(crop.x), \(crop.y)) "
                        + "reaches beyond its frame of "
                        + "\(width)x\(height)")
            }
            (view.x, view.y, view.width, view.height) = (crop.x, crop.y, crop.width, crop.height)
        }
        let reduction = options.reduction
        guard [1, 2, 4, 8].contains(reduction),
            [view.x, view.y, view.width, view.height].allSatisfy({ $0.isMultiple(of: reduction) })
        else {
            throw .unsupportedFormat(
                options.path,
                "\(view.width)x\(view.height) pixels at (\(view.x), \(view.y)) cannot be reduced by \(reduction): "
                    + "1, 2, 4 or 8 that divides all four numbers can")
        }
        return view
    }

    /// Asks for a rate, and returns the period that the driver then says.
    static func period(
        _ descriptor: Int32, _ multiplanar: Int32, asking wanted: (numerator: UInt32, denominator: UInt32)? = nil
    ) -> (numerator: UInt32, denominator: UInt32)? {
        var (numerator, denominator) = wanted ?? (0, 0)
        guard unsafe hf_video_set_period(descriptor, multiplanar, &numerator, &denominator) == 0, numerator > 0,
            denominator > 0
        else { return nil }
        return (numerator, denominator)
    }

    /// A call whose failure is an error that says what was tried.
    static func command(_ path: String, _ action: String, _ result: Int32) throws(CaptureError) {
        guard result >= 0 else { throw .system(action, path, -result) }
    }
}
