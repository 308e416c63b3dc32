internal import CJPEG
package import Features
internal import Glibc

/// Grey images as JPEG.
package enum GreyJPEG {
    /// nil if the encoder has no memory.
    package static func encode(_ image: GreyImage, quality: Int = 80) -> [UInt8]? {
        var count = 0
        let encoded = unsafe image.pixels.withUnsafeBufferPointer { pixels in
            unsafe hf_jpeg_encode_grey(
                pixels.baseAddress, Int32(image.width), Int32(image.height), Int32(quality), &count)
        }
        guard let bytes = unsafe encoded else { return nil }
        defer { unsafe free(bytes) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}

extension GreyImage {
    /// Reduced by a whole factor (the mean of squares of pixels), so that neither side exceeds `side`.
    package func reduced(toSide side: Int) -> GreyImage {
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
