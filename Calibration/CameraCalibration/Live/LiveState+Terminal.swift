internal import Geometry

extension LiveState {
    /// The state as lines of text for a terminal: hint, heat map, bars, result.
    public var terminalLines: [String] {
        var lines = [hint, detail.isEmpty ? " " : detail, ""]
        let bars = [
            ("views", Double(views.count) / Double(CaptureGuide.enoughViews), "\(views.count)"),
            ("position", progress.position, "\(Int(100 * progress.position)) %"),
            ("size", progress.size, "\(Int(100 * progress.size)) %"),
            ("tilt", progress.tilt, "\(Int(100 * progress.tilt)) %"),
        ].map { Self.bar($0.0, $0.1, $0.2) }
        var right = bars + [""]
        if let result {
            right += [
                "uncertainty  \(figure(result.uncertainty, 2)) px (95 % of the image)",
                "RMS error    \(figure(result.rms, 3)) px",
                "focal length \(figure(result.camera.focalLength.x, 1)), \(figure(result.camera.focalLength.y, 1)) px",
            ]
        } else {
            right.append("no result yet")
        }
        for (row, map) in map.enumerated() { lines.append("  \(map)   \(row < right.count ? right[row] : "")") }
        lines += ["", problem.isEmpty ? " " : problem]
        lines.append("space take   u undo   a automatic \(takesByItself ? "off" : "on")   f finish   q quit")
        return lines
    }

    /// `name [#####.....] label`.
    private static func bar(_ name: String, _ share: Double, _ label: String) -> String {
        let filled = Int((20 * min(max(share, 0), 1)).rounded(.down))
        let space = String(repeating: " ", count: max(0, 9 - name.count))
        return "\(name)\(space)[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
            + "] \(label)"
    }

    /// The image in cells: `.` was never seen, digits grow with the corners seen, `o` is where to hold the board, `+`
    /// where it is.
    private var map: [String] {
        let (columns, rows) = (CaptureGuide.Heat.columns, CaptureGuide.Heat.rows)
        var cells = heat.counts.map { count -> Character in
            guard count > 0 else { return "." }
            var (level, rest) = (1, count)
            while rest >= 3, level < 9 { (level, rest) = (level + 1, rest / 2) }
            return Character("\(level)")
        }
        func mark(_ outline: [Vector2], _ character: Character) {
            guard !outline.isEmpty, width > 0, height > 0 else { return }
            let middle = outline.reduce(Vector2(0, 0), +) / Double(outline.count)
            guard middle.isFinite else { return }
            let column = min(max(Int(middle.x / Double(width) * Double(columns)), 0), columns - 1)
            let row = min(max(Int(middle.y / Double(height) * Double(rows)), 0), rows - 1)
            cells[row * columns + column] = character
        }
        mark(next, "o")
        mark(board, "+")
        return (0..<rows).map { row in
            (0..<columns).map { "\(cells[row * columns + $0])" }.joined(separator: " ")
        }
    }
}
