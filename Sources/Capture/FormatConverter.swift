internal import CLinux
internal import CV4L
internal import Features

/// Reads every other pixel format through libv4lconvert, by way of planar YUV, whose first plane is the intensities.
///
/// The library decodes MJPEG with a decoder of its own, and may allocate.
@safe final class FormatConverter {
    private let handle: OpaquePointer
    private var source: v4l2_format
    private var target: v4l2_format
    private var planes: [UInt8]
    private let width: Int
    private let height: Int

    /// - Parameter source: the format that the device agreed to.
    init(descriptor: Int32, source: v4l2_format, path: String) throws(CaptureError) {
        let name = unsafe PixelFormat(code: source.fmt.pix.pixelformat)
        guard let planar = PixelFormat("YU12"), let handle = unsafe hf_v4lconvert_create(descriptor) else {
            throw .unsupportedFormat(path, "libv4lconvert cannot be started for the format \(name)")
        }
        unsafe self.handle = handle
        unsafe self.source = source
        width = unsafe Int(source.fmt.pix.width)
        height = unsafe Int(source.fmt.pix.height)
        planes = [UInt8](repeating: 0, count: width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2))
        unsafe target = source
        unsafe target.fmt.pix.pixelformat = planar.code
        unsafe target.fmt.pix.bytesperline = UInt32(width)
        unsafe target.fmt.pix.sizeimage = UInt32(planes.count)
    }

    deinit {
        unsafe v4lconvert_destroy(handle)
    }

    /// False if the frame is broken.
    @unsafe func convert(_ bytes: UnsafeRawBufferPointer, into image: inout GreyImage) -> Bool {
        // The library does not write to the frame, although its signature allows it.
        let frame = unsafe UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
        let length = unsafe v4lconvert_convert(
            handle, &source, &target, frame, Int32(bytes.count), &planes, Int32(planes.count))
        guard length >= width * height else { return false }
        unsafe planes.withUnsafeBytes {
            unsafe copyLuma(from: $0, width: width, height: height, stride: width, offset: 0, step: 1, into: &image)
        }
        return true
    }
}
