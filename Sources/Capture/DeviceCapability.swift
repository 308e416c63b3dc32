internal import CLinux
internal import Glibc

/// What a device node is: a camera that streams, and the formats it lists.
struct DeviceCapability {
    let path: String
    let driver: String
    /// The device speaks the multi-planar half of the interface only.
    let isMultiplanar: Bool
    private let formats: [PixelFormat]

    init(_ descriptor: Int32, _ path: String) throws(CaptureError) {
        self.path = path
        var capability = hf_video_capability()
        let result = unsafe hf_video_query(descriptor, &capability)
        // Of a file that knows no such request; ENOSYS is how an emulator of programs (qemu-user) says it.
        if [ENOTTY, EINVAL, ENOSYS].contains(-result) { throw .notACamera(path, "is not a V4L2 device") }
        guard result == 0 else { throw .system("query the camera", path, -result) }
        let flags = capability.capabilities
        driver = unsafe withUnsafeBytes(of: capability.driver) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let isSingle = flags & UInt32(V4L2_CAP_VIDEO_CAPTURE) != 0
        guard isSingle || flags & UInt32(V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0 else {
            // With exclusive_caps=1 it becomes a capture device when it is fed.
            if driver == "v4l2 loopback" { throw Self.unfed(path) }
            throw .notACamera(path, "is not a capture device; another node of the same camera may be")
        }
        guard flags & UInt32(V4L2_CAP_STREAMING) != 0 else {
            throw .notACamera(path, "cannot stream into mapped buffers")
        }
        isMultiplanar = !isSingle
        var formats: [PixelFormat] = []
        var code: UInt32 = 0
        for index in 0..<UInt32(256) {
            guard unsafe hf_video_list_format(descriptor, isSingle ? 0 : 1, index, &code) == 0 else { break }
            formats.append(PixelFormat(code: code))
        }
        self.formats = formats
    }

    /// The wanted format, or the best that the device has.
    func choose(_ wanted: PixelFormat?) throws(CaptureError) -> PixelFormat {
        guard !formats.isEmpty else { throw Self.unfed(path) }
        let list = formats.map(\.description).joined(separator: ", ")
        if let wanted {
            guard formats.contains(wanted) else {
                throw .unsupportedFormat(path, "does not have the format \(wanted); it has: \(list)")
            }
            guard !wanted.isRawBayer else { throw rawSensor(list) }
            return wanted
        }
        if let best = PixelFormat.known.first(where: { formats.contains($0.format) }) { return best.format }
        if let other = formats.first(where: { !$0.isRawBayer }) { return other }
        throw rawSensor(list)
    }

    /// As v4l2loopback is before its writer has said what it will write.
    private static func unfed(_ path: String) -> CaptureError {
        .notReady(path, "lists no formats yet; if it is a v4l2loopback device, start what feeds it")
    }

    /// A sensor on CSI is no camera yet: nobody sets its exposure, or makes a picture of its colour filters.
    private func rawSensor(_ list: String) -> CaptureError {
        let board =
            ["unicam", "rp1-cfe"].contains(driver)
            ? "the camera of a Raspberry Pi" : "a sensor without its camera pipeline"
        return .unsupportedFormat(
            path,
            "driver \(driver) delivers raw sensor data only (\(list)): it is \(board). Either start hflocd through "
                + "libcamera's V4L2 layer (`libcamerify hflocd ...`, of the package libcamera-v4l2), or "
                + "feed a v4l2loopback device from libcamera and give that: `gst-launch-1.0 libcamerasrc ! "
                + "video/x-raw,format=NV12 ! v4l2sink device=/dev/video10`")
    }
}
