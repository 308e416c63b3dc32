internal import Geometry

/// Intensities on a circle, 24 of equal distance from the direction of x towards y; eight at a time, since most of what
/// is looked at is no corner.
struct Ring {
    static let count = 24
    /// Bright minus dark.
    let contrast: Float
    /// Of the values smoothed along the circle: bright minus dark, and the middle between them.
    let smoothContrast: Float
    private let middle: Float
    private let lanes: (Lanes, Lanes, Lanes)

    private typealias Lanes = SIMD8<Float>

    @inline(__always)
    init(_ value: (Int) -> Float) {
        (contrast, lanes) = unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.count + 2) { v in
            for k in 0..<Self.count { unsafe v[k + 1] = value(k) }
            unsafe (v[0], v[Self.count + 1]) = (v[Self.count], v[1])
            let bytes = UnsafeRawBufferPointer(v)
            func load(_ k: Int) -> Lanes { unsafe bytes.loadUnaligned(fromByteOffset: 4 * k, as: Lanes.self) }
            func smooth(_ k: Int) -> Lanes { (load(k) + load(k + 2)) * 0.25 + load(k + 1) * 0.5 }
            let range = Self.range(load(1), load(9), load(17))
            return (range.high - range.low, (smooth(0), smooth(8), smooth(16)))
        }
        let range = Self.range(lanes.0, lanes.1, lanes.2)
        (smoothContrast, middle) = (range.high - range.low, 0.5 * (range.low + range.high))
    }

    @inline(__always)
    private static func range(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> (low: Float, high: Float) {
        let low = a.replacing(with: b, where: b .< a)
        let high = a.replacing(with: b, where: b .> a)
        return (low.replacing(with: c, where: c .< low).min(), high.replacing(with: c, where: c .> high).max())
    }

    /// The angles at which the smoothed values cross their middle, the first from bright to dark; nil unless they are
    /// four.
    var crossings: SIMD4<Double>? {
        let bright = Self.bits(lanes.0, middle) | Self.bits(lanes.1, middle) << 8 | Self.bits(lanes.2, middle) << 16
        var changes = bright ^ (bright >> 1 | (bright & 1) << 23)
        guard changes.nonzeroBitCount == 4 else { return nil }
        var rays = SIMD4<Double>.zero
        let startsDark = bright >> UInt32(changes.trailingZeroBitCount) & 1 == 1
        for n in 0..<4 {
            let k = changes.trailingZeroBitCount
            let (a, b) = (self[k] - middle, self[k == Self.count - 1 ? 0 : k + 1] - middle)
            rays[n] = (Double(k) + Double(a / (a - b))) * (2 * .pi / Double(Self.count))
            changes &= changes - 1
        }
        return startsDark ? rays : SIMD4(rays[1], rays[2], rays[3], rays[0] + 2 * .pi)
    }

    /// A bit for each value that is not under `middle`.
    @inline(__always)
    private static func bits(_ lanes: Lanes, _ middle: Float) -> UInt32 {
        let powers = SIMD8<Int32>(1, 2, 4, 8, 16, 32, 64, 128)
        let bits = SIMD8<Int32>.zero.replacing(with: powers, where: lanes .>= middle)
        return UInt32(truncatingIfNeeded: bits.wrappedSum())
    }

    private subscript(k: Int) -> Float { k < 8 ? lanes.0[k] : k < 16 ? lanes.1[k - 8] : lanes.2[k - 16] }
}
