internal import Features

/// Copies the intensities of a raw frame whose format holds them as bytes.
///
/// - Parameters:
///   - bytes: the frame as the driver wrote it: at least `stride * (height - 1) + offset + step * (width - 1) + 1` bytes.
///   - stride: bytes from one row to the next.
///   - offset: of the first intensity in a row, bytes.
///   - step: from one intensity to the next, bytes; 1 or 2.
/// Cost: one pass over the frame's rows.
@unsafe func copyLuma(
    from bytes: UnsafeRawBufferPointer, width: Int, height: Int, stride: Int, offset: Int, step: Int,
    into image: inout GreyImage
) {
    precondition(bytes.count >= lumaBytes(width: width, height: height, stride: stride, offset: offset, step: step))
    image.reshape(width: width, height: height)
    guard let source = bytes.baseAddress else { return }
    unsafe image.pixels.withUnsafeMutableBytes { pixels in
        guard let target = pixels.baseAddress else { return }
        for y in 0..<height {
            let row = unsafe source + y * stride + offset
            let out = unsafe target + y * width
            if step == 1 {
                unsafe out.copyMemory(from: row, byteCount: width)
            } else {
                for x in 0..<width {
                    let intensity = unsafe row.load(fromByteOffset: 2 * x, as: UInt8.self)
                    unsafe out.storeBytes(of: intensity, toByteOffset: x, as: UInt8.self)
                }
            }
        }
    }
}

/// The bytes that `copyLuma` reads.
func lumaBytes(width: Int, height: Int, stride: Int, offset: Int, step: Int) -> Int {
    height == 0 || width == 0 ? 0 : stride * (height - 1) + offset + step * (width - 1) + 1
}
