/// Eight neighbouring values of a row at a time.
///
/// Indices wrap instead of being checked, and integers become floats by their bits: the compiler would make no vectors
/// of either otherwise.
typealias PixelLanes = SIMD8<Float>

/// Calls `body` with the first index of groups of eight that cover the range, which has eight at least: the last one
/// overlaps the one before.
@inline(__always)
func forEachEight(in range: Range<Int>, _ body: (Int) -> Void) {
    let last = range.upperBound &- PixelLanes.scalarCount
    var index = range.lowerBound
    while index < last {
        body(index)
        index &+= PixelLanes.scalarCount
    }
    body(last)
}

extension UnsafeBufferPointer<Float> {
    /// The eight values from `index` on.
    @inline(__always) func lanes(at index: Int) -> PixelLanes {
        unsafe UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: 4 &* index, as: PixelLanes.self)
    }

    /// Of sixteen values from `index` on, each with the next: the sums of all pairs' first and second.
    @inline(__always) func pairs(at index: Int) -> (first: PixelLanes, second: PixelLanes) {
        let (low, high) = unsafe (lanes(at: index), lanes(at: index &+ PixelLanes.scalarCount))
        return (
            PixelLanes(lowHalf: low.evenHalf, highHalf: high.evenHalf),
            PixelLanes(lowHalf: low.oddHalf, highHalf: high.oddHalf)
        )
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// Replaces the eight values from `index` on.
    @inline(__always) func store(_ lanes: PixelLanes, at index: Int) {
        unsafe UnsafeMutableRawBufferPointer(self).storeBytes(of: lanes, toByteOffset: 4 &* index, as: PixelLanes.self)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The eight values from `index` on.
    @inline(__always) func lanes(at index: Int) -> SIMD8<Int32> {
        let bytes = unsafe UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: index, as: SIMD8<UInt8>.self)
        return SIMD8<Int32>(truncatingIfNeeded: bytes)
    }

    /// The sums of eight pairs of neighbours, from `index` on.
    @inline(__always) func pairSums(at index: Int) -> SIMD8<UInt16> {
        let pairs = unsafe UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: index, as: SIMD8<UInt16>.self)
        return (pairs & 0xFF) &+ (pairs &>> 8)
    }
}

extension PixelLanes {
    /// Exactly these integers, of magnitudes below 2^22.
    @inline(__always) init(exactly integers: SIMD8<Int32>) {
        let bits = integers &+ 0x4B40_0000  // of 1.5 * 2^23
        self = unsafe unsafeBitCast(bits, to: PixelLanes.self) - 12_582_912
    }
}
