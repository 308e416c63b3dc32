internal import Glibc
internal import Localizer

/// Named samples of milliseconds, in order of first appearance.
struct BenchTable {
    private var notes: [String] = []
    private var names: [String] = []
    private var samples: [String: [Double]] = [:]

    mutating func note(_ text: String) { notes.append(text) }

    mutating func add(_ name: String, _ milliseconds: Double) {
        if samples[name] == nil { names.append(name) }
        samples[name, default: []].append(milliseconds)
    }

    /// A localized frame, under what it went through. Frames without a pose are counted apart: they tried everything.
    mutating func add(_ result: Localization, _ milliseconds: Double) {
        let kind =
            switch result.source {
            case .none: "lost"
            case .cachedPlace: "tracking"
            case .retrieval: "cold"
            }
        let l = result.latencies
        let stages = [
            ("local features", l.localFeatures), ("global descriptor", l.globalDescriptor), ("retrieval", l.retrieval),
            ("matching", l.matching), ("pose estimation", l.poseEstimation),
        ]
        for (name, nanoseconds) in stages { add("\(kind), \(name) (wall)", Double(nanoseconds) * 1e-6) }
        add("\(kind), frame", milliseconds)
    }

    private var rows: [(name: String, count: Int, values: Statistics)] {
        names.map { ($0, samples[$0]?.count ?? 0, Statistics(samples[$0] ?? [])) }
    }

    var text: String {
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

    var json: String {
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

/// CPU time of this thread.
enum CPUClock {
    static var milliseconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
    }
}
