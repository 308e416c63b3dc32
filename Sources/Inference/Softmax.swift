/// Softmax over the integer logits of the heads, in the same float operations on every machine.
enum Softmax {
    /// `2^x` for x in -126...0, relative error below 1e-6: Taylor's sixth degree around the nearest whole number.
    @inline(__always) static func exp2(_ x: Float) -> Float {
        let magic: Float = 12_582_912  // 1.5 * 2^23: adding it rounds to a whole number, kept in the low bits
        let shifted = x + magic
        let f = (x - (shifted - magic)) * 0.693_147_18
        var p: Float = 1 / 720
        p = p * f + 1 / 120
        p = p * f + 1 / 24
        p = p * f + 1 / 6
        p = p * f + 0.5
        p = p * f + 1
        p = p * f + 1
        return Float(bitPattern: p.bitPattern &+ shifted.bitPattern &<< 23)
    }

    /// `out[i] = exp((logits[i] - max) * scale)`; returns their sum. `count` is any; `out` holds `count` rounded up to
    /// 8.
    static func exponentials(
        _ logits: UnsafePointer<Int16>, count: Int, scale: Float, into out: UnsafeMutablePointer<Float>
    ) -> Float {
        var highest = Int16.min
        for index in 0..<count { unsafe highest = max(highest, logits[index]) }
        let factor = scale * 1.442_695_04
        for index in 0..<count {
            let x = unsafe FloatRow.float(Int32(logits[index]) &- Int32(highest)) * factor
            unsafe out[index] = exp2(x > -126 ? x : -126)
        }
        for index in count..<(count + 7) / 8 * 8 { unsafe out[index] = 0 }
        return unsafe FloatRow.sum(out, count: (count + 7) / 8 * 8)
    }

    /// Keypoint probabilities of `cells` cells in a row: logits [cells, 65] to eight rows of scores, `8 * cells` wide.
    static func detectorRow(
        _ logits: UnsafePointer<Int16>, cells: Int, scale: Float, into scores: UnsafeMutablePointer<Float>
    ) {
        let width = 8 * cells
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 72) { scratch in
            guard let e = scratch.baseAddress else { return }
            for cell in 0..<cells {
                let sum = unsafe exponentials(logits + cell * HFNet.logits, count: HFNet.logits, scale: scale, into: e)
                let factor = SIMD8<Float>(repeating: 1 / sum)
                for dy in 0..<8 {
                    unsafe FloatRow.store(FloatRow.load(e + 8 * dy) * factor, to: scores + dy * width + 8 * cell)
                }
            }
        }
    }
}
