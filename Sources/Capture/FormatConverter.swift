internal import CLinux
internal import CV4L

/// Makes planar YUV, whose first plane is the intensities, of every other pixel format, through libv4lconvert, which
/// may allocate.
@safe final class FormatConverter {
    private let handle: OpaquePointer
    private var source: v4l2_format
    private var target: v4l2_format
    private var planes: [UInt8]
    private let width: Int
    private let height: Int

    /// - Parameters:
    ///   - descriptor: of the open device.
    ///   - agreed: the format that the device agreed to.
    ///   - path: the device's, for messages.
    init(descriptor: Int32, agreed: hf_video_format, path: String) throws(CaptureError) {
        let name = PixelFormat(code: agreed.code)
        guard agreed.planes == 1 else {
            throw .unsupportedFormat(
                path, "delivers \(name) in \(agreed.planes) buffers per frame, which nothing here reads")
        }
        guard let planar = PixelFormat("YU12"), let handle = unsafe hf_v4lconvert_create(descriptor) else {
            throw .unsupportedFormat(path, "libv4lconvert cannot be started for the format \(name)")
        }
        unsafe self.handle = handle
        var agreed = agreed
        unsafe source = hf_video_single_planar(&agreed)
        width = Int(agreed.width)
        height = Int(agreed.height)
        planes = [UInt8](repeating: 0, count: width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2))
        unsafe target = source
        unsafe target.fmt.pix.pixelformat = planar.code
        unsafe target.fmt.pix.bytesperline = UInt32(width)
        unsafe target.fmt.pix.sizeimage = UInt32(planes.count)
    }

    deinit {
        unsafe v4lconvert_destroy(handle)
    }

    /// Calls `body` with the intensities, rows tightly packed; false if the frame is broken.
    @unsafe func convert(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        // The library does not write to the frame, although its signature allows it.
        let frame = unsafe UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
        let length = unsafe v4lconvert_convert(
            handle, &source, &target, frame, Int32(bytes.count), &planes, Int32(planes.count))
        guard length >= width * height else { return false }
        unsafe planes.withUnsafeBytes { unsafe body($0) }
        return true
    }
}
