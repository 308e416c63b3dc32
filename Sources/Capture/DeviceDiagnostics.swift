internal import CLinux
internal import Glibc

/// What a device makes of options, tried without a frame: format, size, part, rate and controls are asked for as at an
/// opening, and what was there before is put back.
public struct DeviceDiagnostics: Sendable, Equatable {
    /// What it would deliver, such as "640x480 YUYV, 30.0 frames/s".
    public let description: String
    /// What the operator should know: controls that did not take, how the part is cut out.
    public let remarks: [String]

    /// Throws what an opening would throw; ``CaptureError/system(_:_:_:)`` with EBUSY, and without having touched
    /// anything, while another program streams from it.
    public init(_ options: VideoOptions) throws(CaptureError) {
        let descriptor = unsafe hf_open(options.path, O_RDWR | O_CLOEXEC | O_NONBLOCK, 0)
        guard descriptor >= 0 else { throw .system("open the camera", options.path, -descriptor) }
        defer { close(descriptor) }
        let capability = try DeviceCapability(descriptor, options.path)
        _ = try capability.choose(options.format)
        let multiplanar: Int32 = capability.isMultiplanar ? 1 : 0
        var before = hf_video_format()
        try VideoSetup.command(
            options.path, "ask for the format", unsafe hf_video_get_format(descriptor, multiplanar, &before))
        // What is there already may be asked for, unless somebody uses it.
        var same = before
        try VideoSetup.command(
            options.path, "set its format", unsafe hf_video_set_format(descriptor, multiplanar, &same))
        let controls = VideoControls(descriptor: descriptor, path: options.path)
        let values = options.controls.compactMap { setting in
            controls.list().first { $0.name == setting.name }?.value.map { ControlSetting(setting.name, $0) }
        }
        var part = v4l2_rect()
        let hasPart = unsafe hf_video_get_crop(descriptor, 0, &part) == 0
        let period = VideoSetup.period(descriptor, multiplanar)
        defer {
            // The last one first: it may have been unlocked by those before it.
            _ = try? controls.apply(values.reversed())
            if hasPart { unsafe _ = hf_video_set_crop(descriptor, &part) }
            unsafe _ = hf_video_set_format(descriptor, multiplanar, &before)
            // After the format, which may change it.
            if let period { _ = VideoSetup.period(descriptor, multiplanar, asking: period) }
        }
        let setup = try VideoSetup(descriptor: descriptor, options: options, controls: options.controls)
        let rate = setup.period.map { ", \(Double(10_000_000_000 / $0) / 10) frames/s" } ?? ""
        description = "\(setup.agreed.width)x\(setup.agreed.height) \(PixelFormat(code: setup.agreed.code))\(rate)"
        remarks = setup.remarks
    }
}
