internal import CTurboJPEG
internal import Features

/// Decodes the JPEG frames of a camera straight to grey: colours are not even transformed. turbojpeg takes and frees
/// memory in every frame.
@safe final class JPEGDecoder {
    private var handle: tjhandle
    /// Of the frames that the device agreed to.
    private let width: Int
    private let height: Int
    /// The whole frame, where only a part of it is asked for.
    private var whole = GreyImage(width: 0, height: 0)

    init(width: Int, height: Int, path: String) throws(CaptureError) {
        guard let handle = unsafe tjInitDecompress() else {
            throw .unsupportedFormat(path, "the JPEG decoder cannot start")
        }
        unsafe self.handle = handle
        self.width = width
        self.height = height
    }

    deinit {
        unsafe _ = tjDestroy(handle)
    }

    /// Why the frame is broken; nil if it is whole, and its part is in `image`.
    ///
    /// A reduction is done by the inverse transform itself, which is faster than decoding all pixels.
    @unsafe func decode(
        _ frame: UnsafeRawBufferPointer, _ view: FrameView, sums: inout RowSums, into image: inout GreyImage
    ) -> String? {
        let length = unsafe Self.length(of: frame)
        guard length > 0 else { return "the JPEG ends early" }
        let bytes = unsafe frame.assumingMemoryBound(to: UInt8.self).baseAddress
        let size = (width: Self.reduced(width, view.reduction), height: Self.reduced(height, view.reduction))
        let part = (width: view.width / view.reduction, height: view.height / view.reduction)
        if size == part { return unsafe decode(bytes, length, size, into: &image) }
        if let problem = unsafe decode(bytes, length, size, into: &whole) { return problem }
        let cut = FrameView(
            x: view.x / view.reduction, y: view.y / view.reduction, width: part.width, height: part.height)
        unsafe whole.pixels.withUnsafeBytes {
            unsafe cut.copy(
                $0, layout: .bytes(offset: 0, step: 1, chroma: 0), stride: size.width, sums: &sums, into: &image)
        }
        return nil
    }

    @unsafe private func decode(
        _ bytes: UnsafePointer<UInt8>?, _ length: Int, _ size: (width: Int, height: Int), into image: inout GreyImage
    ) -> String? {
        var (frameWidth, frameHeight, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard
            unsafe tjDecompressHeader3(
                handle, bytes, UInt(length), &frameWidth, &frameHeight, &subsampling, &colours) == 0
        else { return failure() }
        guard (Int(frameWidth), Int(frameHeight)) == (width, height) else {
            return "the JPEG has \(frameWidth)x\(frameHeight) pixels, not \(width)x\(height)"
        }
        image.reshape(width: size.width, height: size.height)
        let isGood = unsafe image.pixels.withUnsafeMutableBufferPointer { output in
            unsafe tjDecompress2(
                handle, bytes, UInt(length), output.baseAddress, Int32(size.width), 0, Int32(size.height),
                Int32(TJPF_GRAY.rawValue), TJFLAG_ACCURATEDCT) == 0
        }
        // A warning is a fault as well: libjpeg fills in what it cannot read.
        return isGood ? nil : failure()
    }

    /// What turbojpeg says. A decoder that has failed once may stop at every frame that follows, or keep the broken
    /// frame's tables: it is replaced.
    private func failure() -> String {
        let text = unsafe "broken JPEG: " + String(cString: tjGetErrorStr2(handle))
        if let fresh = unsafe tjInitDecompress() {
            unsafe _ = tjDestroy(handle)
            unsafe handle = fresh
        }
        return text
    }

    /// As turbojpeg rounds.
    private static func reduced(_ pixels: Int, _ factor: Int) -> Int { (pixels + factor - 1) / factor }

    /// The bytes up to the end-of-image marker, behind which some cameras leave zeros; 0 if the frame does not begin
    /// and end as a JPEG.
    private static func length(of frame: UnsafeRawBufferPointer) -> Int {
        var end = frame.count
        while end > 0, unsafe frame[end - 1] == 0 { end -= 1 }
        guard end >= 4, unsafe frame[0] == 0xFF, unsafe frame[1] == 0xD8, unsafe frame[end - 2] == 0xFF,
            unsafe frame[end - 1] == 0xD9
        else { return 0 }
        return end
    }
}
