internal import CTurboJPEG
internal import Features

/// Grey images as JPEG.
enum GreyJPEG {
    /// nil if the encoder has no memory.
    static func encode(_ image: GreyImage, quality: Int = 80) -> [UInt8]? {
        guard let encoder = unsafe tjInitCompress() else { return nil }
        defer { unsafe _ = tjDestroy(encoder) }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        let result = unsafe image.pixels.withUnsafeBufferPointer { pixels in
            unsafe tjCompress2(
                encoder, pixels.baseAddress, Int32(image.width), 0, Int32(image.height), Int32(TJPF_GRAY.rawValue),
                &buffer,
                &size, Int32(TJSAMP_GRAY.rawValue), Int32(quality), 0)
        }
        defer { unsafe tjFree(buffer) }
        guard result == 0, let bytes = unsafe buffer else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
    }
}

extension GreyImage {
    /// Reduced by a whole factor (the mean of squares of pixels), so that neither side exceeds `side`.
    func reduced(toSide side: Int) -> GreyImage {
        let factor = (max(width, height) + side - 1) / side
        guard factor > 1, min(width, height) >= factor else { return self }
        var result = GreyImage(width: width / factor, height: height / factor)
        for y in 0..<result.height {
            for x in 0..<result.width {
                var sum = 0
                for row in 0..<factor {
                    let start = (y * factor + row) * width + x * factor
                    for i in start..<start + factor { sum += Int(pixels[i]) }
                }
                result[x, y] = UInt8(sum / (factor * factor))
            }
        }
        return result
    }
}
