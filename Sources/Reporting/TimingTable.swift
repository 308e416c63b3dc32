/// Named samples of milliseconds, in order of first appearance: what `hfloc bench` prints.
package struct TimingTable {
    private var notes: [String] = []
    private var names: [String] = []
    private var samples: [String: [Double]] = [:]

    /// A table without rows.
    package init() {}

    /// A line above the table, in the text only.
    package mutating func note(_ text: String) { notes.append(text) }

    /// One more time of what is called `name`.
    package mutating func add(_ name: String, _ milliseconds: Double) {
        if samples[name] == nil { names.append(name) }
        samples[name, default: []].append(milliseconds)
    }

    /// Of the first row whose name begins so; nil if there is none.
    package func median(_ start: String) -> Double? {
        names.first { $0.hasPrefix(start) }.flatMap { samples[$0] }.flatMap { Statistics($0).median }
    }

    /// How much slower the last quarter of a row's samples was than the first: 1.2 for a fifth. Nil below eight.
    package func slowdown(_ start: String) -> Double? {
        guard let values = names.first(where: { $0.hasPrefix(start) }).flatMap({ samples[$0] }), values.count >= 8,
            let first = Statistics(Array(values.prefix(values.count / 4))).median,
            let last = Statistics(Array(values.suffix(values.count / 4))).median
        else { return nil }
        return last / first
    }

    private var rows: [(name: String, count: Int, values: Statistics)] {
        names.map { ($0, samples[$0]?.count ?? 0, Statistics(samples[$0] ?? [])) }
    }

    /// A line for each name: count, least, median, 99th percentile and largest.
    package var text: String {
        var lines = notes
        lines.append("milliseconds".padded(44) + "   n      min   median      p99      max")
        for row in rows {
            let numbers = [row.values.quantile(0), row.values.median, row.values.quantile(0.99), row.values.maximum]
            lines.append(
                row.name.padded(44) + "\(row.count)".aligned(4)
                    + numbers.map { ($0 ?? 0).text(2).aligned(9) }.joined())
        }
        return lines.joined(separator: "\n")
    }

    /// One object: each name with an object of its count and order statistics.
    package var json: String {
        JSONText.object(
            rows.map { row in
                (
                    row.name,
                    JSONText.object([
                        ("n", "\(row.count)"), ("min", JSONText.number(row.values.quantile(0))),
                        ("median", JSONText.number(row.values.median)),
                        ("p99", JSONText.number(row.values.quantile(0.99))),
                        ("max", JSONText.number(row.values.maximum)),
                    ])
                )
            })
    }
}
