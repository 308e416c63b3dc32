internal import Glibc

/// Sums over rows of floats, eight lanes at a time in a fixed order: the same result on every machine.
enum FloatRow {
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
        unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
    }

    @inline(__always) static func store(_ value: SIMD8<Float>, to pointer: UnsafeMutablePointer<Float>) {
        unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD8<Float>.self)
    }

    @inline(__always) static func total(_ lanes: SIMD8<Float>) -> Float {
        let four = lanes.lowHalf + lanes.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }

    /// `count` a multiple of 8.
    static func sum(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var lanes = SIMD8<Float>.zero
        for index in stride(from: 0, to: count, by: 8) { unsafe lanes += load(values + index) }
        return total(lanes)
    }

    /// `count` a multiple of 8.
    static func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var lanes = SIMD8<Float>.zero
        for index in stride(from: 0, to: count, by: 8) {
            let value = unsafe load(values + index)
            lanes += value * value
        }
        return total(lanes)
    }

    /// The factor that makes a vector of this squared norm a unit vector (Model.md: every normalization divides by
    /// max(norm, 1e-12)).
    @inline(__always) static func unitFactor(squaredNorm: Float) -> Float {
        1 / max(squaredNorm.squareRoot(), 1e-12)
    }

    /// `values[i] *= factor`
    static func scale(_ values: UnsafeMutablePointer<Float>, count: Int, by factor: Float) {
        for index in 0..<count { unsafe values[index] *= factor }
    }

    /// The value as a float, exactly, |value| < 2^22: by integer operations that vectorize, unlike Swift's own
    /// conversion.
    @inline(__always) static func float(_ value: Int32) -> Float {
        Float(bitPattern: UInt32(bitPattern: 0x4B40_0000 &+ value)) - 12_582_912
    }

    /// Rounds half to even and saturates to -127...127. |value| < 2^22.
    @inline(__always) static func int8(_ value: Float) -> Int8 {
        let magic: Float = 12_582_912  // 1.5 * 2^23
        let clamped = min(max(value, -127), 127)
        return Int8(truncatingIfNeeded: Int32(bitPattern: (clamped + magic).bitPattern))
    }
}
