internal import CLinux

/// The part of a sensor that a device reads out, if it can be chosen.
struct DeviceCrop {
    private let descriptor: Int32
    /// The whole; nil if the device cannot crop.
    private let whole: v4l2_rect?

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var rectangle = v4l2_rect()
        whole = unsafe hf_video_get_crop(descriptor, 1, &rectangle) == 0 ? rectangle : nil
    }

    /// Back to the whole: a part that another program chose stays behind, and would move the principal point without a
    /// word.
    func reset() {
        var present = v4l2_rect()
        guard var whole, unsafe hf_video_get_crop(descriptor, 0, &present) == 0, !Self.same(present, whole) else {
            return
        }
        unsafe _ = hf_video_set_crop(descriptor, &whole)
    }

    /// The format of the part, if the device cuts out just that. Otherwise the device is as it was, but for its format.
    func cut(_ crop: VideoCrop, from full: hf_video_format, isMultiplanar: Int32) -> hf_video_format? {
        // Only where a pixel of the frame is one of the sensor are the two rectangles the same.
        guard let whole, whole.width == full.width, whole.height == full.height else { return nil }
        let wanted = v4l2_rect(
            left: whole.left + Int32(crop.x), top: whole.top + Int32(crop.y), width: UInt32(crop.width),
            height: UInt32(crop.height))
        var given = wanted
        var format = full
        (format.width, format.height) = (wanted.width, wanted.height)
        // Some drivers scale the part to the old size until the format is set, and some move the part with the format.
        var kept = v4l2_rect()
        if unsafe hf_video_set_crop(descriptor, &given) == 0, Self.same(given, wanted),
            unsafe hf_video_set_format(descriptor, isMultiplanar, &format) == 0, format.code == full.code,
            format.width == wanted.width, format.height == wanted.height,
            unsafe hf_video_get_crop(descriptor, 0, &kept) == 0, Self.same(kept, wanted)
        {
            return format
        }
        reset()
        return nil
    }

    private static func same(_ a: v4l2_rect, _ b: v4l2_rect) -> Bool {
        (a.left, a.top, a.width, a.height) == (b.left, b.top, b.width, b.height)
    }
}
