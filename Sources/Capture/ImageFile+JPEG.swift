internal import CTurboJPEG
internal import Features

extension ImageFile {
    /// The Y channel of a JPEG. What libjpeg calls a warning (a file that ends early, corrupt data) is an error here.
    static func decodeJPEG(_ bytes: [UInt8], _ path: String, into image: inout GreyImage) throws(ImageError) {
        guard let decoder = unsafe tjInitDecompress() else { throw .damaged(path, "the JPEG decoder cannot start") }
        defer { unsafe _ = tjDestroy(decoder) }
        var (width, height, subsampling, colourSpace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        let isHeaderGood = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe tjDecompressHeader3(
                decoder, input.baseAddress, UInt(input.count), &width, &height, &subsampling, &colourSpace) == 0
        }
        guard isHeaderGood else { throw .damaged(path, unsafe message(decoder)) }
        try reshape(&image, Int(width), Int(height), path)
        let isGood = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe image.pixels.withUnsafeMutableBufferPointer { output in
                unsafe tjDecompress2(
                    decoder, input.baseAddress, UInt(input.count), output.baseAddress, width, 0, height,
                    Int32(TJPF_GRAY.rawValue), TJFLAG_ACCURATEDCT) == 0
            }
        }
        guard isGood else { throw .damaged(path, unsafe message(decoder)) }
    }

    private static func message(_ decoder: tjhandle) -> String {
        unsafe "not a whole JPEG: " + String(cString: tjGetErrorStr2(decoder))
    }
}
