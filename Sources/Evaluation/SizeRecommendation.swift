internal import Reporting

/// Which size of the network's input fits a camera's rate on a machine. Map and query have the same size, which the map
/// keeps: it is chosen when a map is built.
package struct SizeRecommendation: Sendable {
    /// Long sides that are measured, the largest first.
    package static let longSides = [640, 512, 448, 384, 320]
    /// Of a tracked frame's time, what the network's local branch takes, and of a frame's without a known place what
    /// the whole network takes: somewhat less than with the sample (`hfloc bench --map`; AVX-512 VNNI: .62 and .49).
    private static let shares = (tracked: 0.6, cold: 0.45)
    /// Of a frame's period, what a tracked frame may take: the rest is for the camera, the sockets and slower frames.
    private static let load = 0.7

    /// A size, and what a frame of it takes, milliseconds.
    package struct Row: Sendable, Equatable {
        package let longSide: Int
        package let tracked: Double
        package let cold: Double
    }

    /// In the order of ``longSides``.
    package private(set) var rows: [Row] = []
    /// Frames per second.
    package let rate: Double

    /// - Parameter rate: of the camera, frames per second, above 0.
    package init(rate: Double) { self.rate = rate }

    /// A size's medians, milliseconds.
    package mutating func add(longSide: Int, localBranch: Double, network: Double) {
        rows.append(
            Row(longSide: longSide, tracked: localBranch / Self.shares.tracked, cold: network / Self.shares.cold))
    }

    private var period: Double { 1000 / rate }

    /// The largest size that leaves room in a frame's period; nil if none does.
    package var longSide: Int? { rows.first { $0.tracked <= Self.load * period }?.longSide }

    /// A line for each size, and what to do.
    package var text: String {
        let sizes = rows.map { row in
            "long side \(row.longSide): a tracked frame takes about \(row.tracked.text(1)) ms, "
                + "one without a known place \(row.cold.text(1)) ms"
        }
        return (sizes + [advice]).joined(separator: "\n")
    }

    private var advice: String {
        let frames = "\(rate.text(rate == rate.rounded() ? 0 : 1)) frames per second"
        if let longSide {
            return "recommended at \(frames): `hfloc map build --long-side \(longSide)` (a frame has "
                + "\(period.text(1)) ms, of which tracking may take \(Int(100 * Self.load)) %)"
        }
        guard let smallest = rows.last else { return "" }
        let every = Int((smallest.tracked / (Self.load * period)).rounded(.up))
        return "no size keeps up with \(frames): at long side \(smallest.longSide) about every "
            + "\(Self.ordinal(every)) frame is localized; the others are skipped, and counted"
    }

    private static func ordinal(_ number: Int) -> String {
        switch number {
        case 2: "second"
        case 3: "third"
        default: "\(number)th"
        }
    }

    /// One object.
    package var json: String {
        JSONText.object([
            ("rate", JSONText.number(rate)), ("recommended_long_side", longSide.map { "\($0)" } ?? "null"),
            (
                "sizes",
                JSONText.array(
                    rows.map {
                        JSONText.object([
                            ("long_side", "\($0.longSide)"), ("tracked_ms", JSONText.number($0.tracked)),
                            ("cold_ms", JSONText.number($0.cold)),
                        ])
                    })
            ),
        ])
    }
}
