import Geometry
import Reporting

/// A drawing whose abscissa is the drive: its keyframes from the first to the last.
struct DriveChart {
    private static let (width, height, base, top, left) = (1000.0, 220.0, 190.0, 14.0, 84.0)
    private let keyframes: [ReportedKeyframe]

    init(_ keyframes: [ReportedKeyframe]) { self.keyframes = keyframes }

    private func x(_ number: Int) -> Double {
        Self.left + (Self.width - Self.left) * (Double(number) + 0.5) / Double(max(1, keyframes.count))
    }

    private func svg(_ title: String, _ parts: [String]) -> String {
        """
        <svg class="plot" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(title)">
        \(parts.joined(separator: "\n"))
        \(axis)
        </svg>
        """
    }

    private var axis: String {
        let last = max(1, keyframes.count)
        let step = max(1, Int(ReportFigures.round(Double(last) / 6)))
        let ticks = stride(from: 0, to: last, by: step).map { number in
            let (left, top) = (Markup.number(x(number)), Markup.number(Self.base + 20))
            return "<text class=\"tick\" x=\"\(left)\" y=\"\(top)\">\(number + 1)</text>"
        }
        let line =
            "<path class=\"axis\" fill=\"none\" d=\"M\(Markup.number(Self.left)) \(Markup.number(Self.base))H1000\"/>"
        return ([line] + ticks).joined(separator: "\n")
    }

    private func tick(_ y: Double, _ label: String) -> String {
        """
        <path class="axis" fill="none" d="M\(Markup.number(Self.left)) \(Markup.number(y))H1000" opacity=".6"/>
        <text class="tick right" x="\(Markup.number(Self.left - 6))" y="\(Markup.number(y + 4))">\(label)</text>
        """
    }

    /// Columns of landmarks; of several keyframes in a column the fewest.
    func landmarks(few: Int) -> String {
        let most = Double(max(keyframes.map(\.landmarks).max() ?? 1, 1))
        let columns = min(keyframes.count, 240)
        func y(_ value: Double) -> Double { Self.base - (Self.base - Self.top) * value / most }
        let step = ReportFigures.round(most / 2)
        var parts = stride(from: step, through: most, by: step).map { tick(y($0), "\(Int($0))") }
        for column in 0..<columns {
            let range = column * keyframes.count / columns..<(column + 1) * keyframes.count / columns
            guard let weakest = keyframes[range].min(by: { $0.landmarks < $1.landmarks }) else { continue }
            let start = x(range.lowerBound) - x(0) + Self.left
            let end = x(range.upperBound) - x(0) + Self.left
            let high = y(Double(weakest.landmarks))
            parts.append(
                """
                <rect class="\(weakest.landmarks < few ? "few" : "column")" x="\(Markup.number(start + 0.5))" \
                y="\(Markup.number(high))" width="\(Markup.number(max(end - start - 1, 0.6)))" \
                height="\(Markup.number(Self.base - high))"><title>\(Markup.escaped(weakest.name)): \
                \(weakest.landmarks)</title></rect>
                """)
        }
        return svg("Landmarks of each keyframe along the drive", parts)
    }

    /// How far from their poses keyframes were found, on a logarithmic scale; those that were not found at the top.
    func errors() -> String {
        let found = keyframes.compactMap(\.positionError).filter { $0 > 0 }
        let low = decade(Statistics(found).quantile(0.02) ?? 0.001)
        let high = max(low * 100, decade(found.max() ?? 0.1) * 10)
        func y(_ value: Double) -> Double {
            let share = naturalLogarithm(max(value, low) / low) / naturalLogarithm(high / low)
            return Self.base - (Self.base - Self.top - 16) * min(share, 1)
        }
        var parts: [String] = []
        var level = low
        while level <= high * 1.001 {
            parts.append(tick(y(level), ReportFigures.metres(level)))
            level *= 10
        }
        for keyframe in keyframes where keyframe.standing != .untried {
            let height = keyframe.positionError.map(y) ?? Self.top
            let label = keyframe.positionError.map { "\($0.text(3)) m" } ?? "not found"
            parts.append(
                """
                <circle class="\(keyframe.standing.rawValue)" cx="\(Markup.number(x(keyframe.number)))" \
                cy="\(Markup.number(height))" r="3"><title>\(Markup.escaped(keyframe.name)): \(label)</title></circle>
                """)
        }
        return svg("Leave-one-out errors along the drive", parts)
    }

    /// The power of ten below a value.
    private func decade(_ value: Double) -> Double {
        var decade = 1.0
        while decade > value, decade > 1e-4 { decade /= 10 }
        while decade * 10 <= value { decade *= 10 }
        return decade
    }
}
