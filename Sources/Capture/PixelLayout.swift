/// How a frame's intensities lie in its first plane.
///
/// Source: https://docs.kernel.org/userspace-api/media/v4l/pixfmt.html
package enum PixelLayout: Equatable, Sendable {
    /// A byte each: the first at `offset` in its row, the next `step` bytes further. Behind the rows come colours:
    /// `chroma` bytes for every four pixels.
    case bytes(offset: Int = 0, step: Int = 1, chroma: Int = 0)
    /// Little-endian words of 16 bits, of which the lowest `bits` count.
    case words(bits: Int)
    /// As MIPI CSI-2 packs them: the high bytes of so many pixels, then a byte with their low bits.
    case packed(pixels: Int)

    /// The bytes from a row's begin to the end of its `count`-th intensity.
    func rowBytes(_ count: Int) -> Int {
        switch self {
        case .bytes(let offset, let step, _): count == 0 ? 0 : offset + step * (count - 1) + 1
        case .words: 2 * count
        case .packed(let pixels): count / pixels * (pixels + 1) + count % pixels
        }
    }

    /// The least bytes of a whole frame. A driver need not write the padding of the last row.
    func frameBytes(width: Int, height: Int, stride: Int) -> Int {
        guard width > 0 && height > 0 else { return 0 }
        let rows = stride * (height - 1) + rowBytes(width)
        guard case .bytes(_, _, let chroma) = self, chroma > 0 else { return rows }
        return stride * height + width * height * chroma / 4
    }

    /// The least bytes from one row to the next.
    func leastStride(_ width: Int) -> Int {
        if case .bytes(_, let step, _) = self { return step * width }
        return rowBytes(width)
    }

    /// Writes `count` intensities of a row, from its `first` on, to `out`.
    @unsafe func copy(
        _ row: UnsafePointer<UInt8>, first: Int, count: Int, to out: UnsafeMutablePointer<UInt8>
    ) {
        switch self {
        case .bytes(let offset, 1, _): unsafe out.update(from: row + offset + first, count: count)
        case .bytes(let offset, let step, _):
            // The bytes are the halves of words, which the compiler can take sixteen at a time; rows may begin
            // anywhere.
            precondition(step == 2)
            let words = unsafe UnsafeRawPointer(row + 2 * first)
            let shift = UInt16(8 * offset)
            for index in 0..<count {
                let word = unsafe words.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
                unsafe out[index] = UInt8(truncatingIfNeeded: UInt16(littleEndian: word) &>> shift)
            }
        case .words(let bits):
            let words = unsafe UnsafeRawPointer(row + 2 * first)
            let shift = UInt16(bits - 8)
            for index in 0..<count {
                let word = unsafe words.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
                // Bits above should be zero; a driver that leaves them must not wrap white to black.
                unsafe out[index] = UInt8(truncatingIfNeeded: min(UInt16(littleEndian: word) &>> shift, 255))
            }
        case .packed(let pixels):
            for index in 0..<count {
                let pixel = first &+ index
                unsafe out[index] = row[pixel &+ pixel / pixels]
            }
        }
    }
}
