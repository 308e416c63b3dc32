/// Counts durations in log-linear buckets: 32 of equal width in each doubling, so that a quantile is at most 1/32 too
/// high, whatever its size.
///
/// Fixed memory (8 KiB); recording costs a few instructions and allocates nothing. Durations of 67 s and more share the
/// last bucket.
///
/// Source: the bucket layout of HdrHistogram, http://hdrhistogram.org.
public struct LatencyHistogram: Sendable {
    /// Durations recorded since the histogram was made or emptied.
    public private(set) var count: UInt64 = 0
    /// The longest, exactly; nanoseconds.
    public private(set) var maximum: UInt64 = 0
    private var counts = [UInt64](repeating: 0, count: LatencyHistogram.bucketCount)

    /// Buckets in a doubling: a power of two.
    private static let resolution = 5
    private static let perDoubling = 1 << resolution
    /// Doublings above the exact range, 0 ..< 32 ns.
    private static let doublings = 31
    static let bucketCount = perDoubling * (doublings + 1)

    /// Empty; allocates the buckets.
    public init() {}

    /// Adds one duration.
    public mutating func record(_ nanoseconds: UInt64) {
        counts[Self.bucket(of: nanoseconds)] += 1
        count += 1
        maximum = max(maximum, nanoseconds)
    }

    /// Forgets everything; allocates nothing.
    public mutating func removeAll() {
        for bucket in counts.indices { counts[bucket] = 0 }
        (count, maximum) = (0, 0)
    }

    /// The duration that this share of all recorded ones does not exceed: the upper end of its bucket, but never above
    /// the maximum. 0 if nothing was recorded.
    ///
    /// Cost: one pass over the buckets, about a microsecond.
    ///
    /// - Parameter share: 0...1, such as 0.99.
    public func quantile(_ share: Double) -> UInt64 {
        precondition(share >= 0 && share <= 1, "a quantile is a share")
        guard count > 0 else { return 0 }
        let rank = max(1, UInt64((share * Double(count)).rounded(.up)))
        var passed: UInt64 = 0
        for bucket in counts.indices {
            passed += counts[bucket]
            if passed >= rank { return bucket == counts.count - 1 ? maximum : min(Self.upperEnd(of: bucket), maximum) }
        }
        return maximum
    }

    /// Median, 99th percentile and maximum of all that was recorded; zeros of nothing. Cost: as two quantiles.
    public var summary: LatencySummary {
        LatencySummary(count: count, median: quantile(0.5), p99: quantile(0.99), maximum: maximum)
    }

    /// Below 32 the bucket is the value; above, the exponent picks the doubling and the next five bits the bucket in
    /// it.
    private static func bucket(of nanoseconds: UInt64) -> Int {
        guard nanoseconds >= UInt64(perDoubling) else { return Int(nanoseconds) }
        let exponent = UInt64.bitWidth - 1 - nanoseconds.leadingZeroBitCount
        let shift = exponent - resolution
        guard shift < doublings else { return bucketCount - 1 }
        return perDoubling * (shift + 1) + Int(nanoseconds >> UInt64(shift)) - perDoubling
    }

    /// The greatest value that falls into the bucket.
    private static func upperEnd(of bucket: Int) -> UInt64 {
        guard bucket >= perDoubling else { return UInt64(bucket) }
        let shift = UInt64(bucket / perDoubling - 1)
        let mantissa = UInt64(bucket % perDoubling + perDoubling)
        return ((mantissa + 1) << shift) - 1
    }
}

/// What a histogram says in four numbers; nanoseconds.
public struct LatencySummary: Sendable, Equatable {
    /// Durations recorded, no time.
    public var count: UInt64
    /// Half of the durations do not exceed it; at most 1/32 too high.
    public var median: UInt64
    /// 99 % of the durations do not exceed it; at most 1/32 too high.
    public var p99: UInt64
    /// The longest duration, exactly.
    public var maximum: UInt64

    /// By default that of an empty histogram.
    public init(count: UInt64 = 0, median: UInt64 = 0, p99: UInt64 = 0, maximum: UInt64 = 0) {
        self.count = count
        self.median = median
        self.p99 = p99
        self.maximum = maximum
    }
}
