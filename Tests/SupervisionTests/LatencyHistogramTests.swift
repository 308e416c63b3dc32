import Supervision
import Testing

@Suite("Latency histogram")
struct LatencyHistogramTests {
    /// The definition: the smallest value of which at least this share is not greater.
    private func exactQuantile(_ values: [UInt64], _ share: Double) -> UInt64 {
        let sorted = values.sorted()
        return sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
    }

    private func filled(_ values: [UInt64]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for value in values { histogram.record(value) }
        return histogram
    }

    @Test("nothing recorded is zero everywhere")
    func empty() {
        #expect(LatencyHistogram().summary == LatencySummary())
    }

    @Test("below 32 ns every quantile is exact")
    func small() {
        let values = (0..<320).map { UInt64($0 % 32) }
        let histogram = filled(values)
        for share in [0, 0.01, 0.25, 0.5, 0.9, 0.99, 1] {
            #expect(histogram.quantile(share) == exactQuantile(values, share))
        }
    }

    @Test(
        "a single value is every quantile, exactly",
        arguments: [0, 1, 31, 32, 33, 63, 64, 65, 1_000_003, 1 << 35, (1 << 36) - 1, 1 << 36, .max] as [UInt64])
    func single(value: UInt64) {
        let histogram = filled([value])
        for share in [0, 0.5, 0.99, 1] { #expect(histogram.quantile(share) == value) }
        #expect(histogram.summary == LatencySummary(count: 1, median: value, p99: value, maximum: value))
    }

    @Test("beside the sorted values: never too low, at most 1/32 too high", arguments: 1...8 as ClosedRange<UInt64>)
    func sorted(seed: UInt64) {
        var state = seed &* 0x9e37_79b9_7f4a_7c15
        // Durations over nine orders of magnitude, each as likely.
        let values = (0..<5000).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return (state >> 32) >> (state % 30)
        }
        let histogram = filled(values)
        #expect(histogram.count == 5000)
        #expect(histogram.maximum == values.max())
        for share in [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1] {
            let (found, exact) = (histogram.quantile(share), exactQuantile(values, share))
            #expect(found >= exact)
            #expect(Double(found) <= Double(exact) * (1 + 1.0 / 32))
        }
    }

    @Test("both sides of every bucket's border differ by less than 1/32")
    func borders() {
        for shift in 5..<35 {
            for step in 32..<64 {
                let border = UInt64(step) << UInt64(shift - 5)
                for value in [border - 1, border, border + 1] {
                    // A greater one beside it, so that the quantile is the bucket's end and not the maximum.
                    let found = filled([value, 1 << 40]).quantile(0.5)
                    #expect(found >= value && found - value <= value / 32)
                }
            }
        }
    }

    @Test("what is forgotten leaves nothing behind")
    func forgets() {
        var histogram = filled([1, 1000, 1 << 50])
        histogram.removeAll()
        #expect(histogram.summary == LatencySummary())
        histogram.record(70)
        #expect(histogram.summary == LatencySummary(count: 1, median: 70, p99: 70, maximum: 70))
    }

    @Test("durations beyond the last bucket count, and the maximum stays exact")
    func long() {
        let histogram = filled([5, 1 << 40, 1 << 41])
        #expect(histogram.quantile(0.3) == 5)
        #expect(histogram.quantile(0.5) == 1 << 41)
        #expect(histogram.maximum == 1 << 41)
    }
}

@Suite("Usage of the process")
struct ProcessUsageTests {
    @Test("touched memory becomes resident, and work costs processor time")
    func grows() {
        let before = ProcessUsage()
        #expect(before.residentBytes > 1 << 20)
        let block = [UInt8](repeating: 7, count: 64 << 20)
        var sum: UInt64 = 0
        for round in 0..<20 { for value in block { sum &+= UInt64(value) &* UInt64(round) } }
        let after = ProcessUsage()
        #expect(sum > 0)
        #expect(after.residentBytes >= before.residentBytes + (60 << 20))
        #expect(after.processorTime > before.processorTime + 1_000_000)
        withExtendedLifetime(block) {}
    }
}
