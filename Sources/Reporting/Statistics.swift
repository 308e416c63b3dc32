/// Order statistics of a sample.
package struct Statistics {
    private let sorted: [Double]

    package init(_ values: [Double]) { sorted = values.sorted() }

    /// The median; the mean of the two middle values for an even count. Nil for an empty sample.
    package var median: Double? {
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The smallest value that at least `share` (0...1) of the sample does not exceed. Nil for an empty sample.
    package func quantile(_ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
        return sorted[min(max(rank, 0), sorted.count - 1)]
    }

    /// The largest value. Nil for an empty sample.
    package var maximum: Double? { sorted.last }
}
