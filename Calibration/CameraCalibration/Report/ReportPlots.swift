internal import Reporting
internal import Geometry

/// The pictures of a report.
struct ReportPlots {
    let calibration: Calibration
    private var camera: Camera { calibration.camera }

    /// The standard deviation of the projection over the image, with lines of equal value.
    var uncertainty: String {
        let rows = max(2, 40 * camera.height / max(camera.width, 1))
        let map = calibration.uncertainty.map(columns: 41, rows: rows + 1)
        var plot = ImagePlot(camera, title: "Projection uncertainty over the image")
        func share(_ value: Double) -> Double { naturalLogarithm(value / 0.05) / naturalLogarithm(100) }
        for row in 0..<rows {
            for column in 0..<40 {
                let corners = [0, 1, map.columns, map.columns + 1].map { map.values[row * map.columns + column + $0] }
                let mean = corners.reduce(0, +) / 4
                let fill = mean.isFinite ? ColourScale.colour(share(mean)) : "#888"
                plot.cell(column, row, of: 40, rows, "fill=\"\(fill)\" shape-rendering=\"crispEdges\"")
            }
        }
        let unit = Vector2(ImagePlot.width / 40, plot.height / Double(rows))
        for level in [0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 20, 50] {
            let lines = Contours.segments(map.values, columns: map.columns, rows: map.rows, level: level)
            guard !lines.isEmpty else { continue }
            let isDark = share(level) > 0.45
            let path = lines.map { a, b in
                let (p, q) = (a * unit, b * unit)
                return "M\(Markup.number(p.x)) \(Markup.number(p.y))L\(Markup.number(q.x)) \(Markup.number(q.y))"
            }
            plot.add("<path class=\"contour\(isDark ? " light" : "")\" d=\"\(path.joined())\"/>")
            let label = level < 1 ? figure(level, 1) : "\(Int(level))"
            if let at = Self.labelPlace(lines.map { ($0.0 + $0.1) / 2 * unit }, plot) {
                plot.add(Markup.text(at, label, "class=\"level\(isDark ? " light" : "")\""))
            }
        }
        return plot.svg
    }

    /// The point of a line that is nearest to the upper right, but not at the border.
    private static func labelPlace(_ points: [Vector2], _ plot: ImagePlot) -> Vector2? {
        points.filter { $0.x > 24 && $0.x < ImagePlot.width - 24 && $0.y > 18 && $0.y < plot.height - 12 }
            .max { $0.x - $0.y < $1.x - $1.y }
    }

    /// Where the corners of all views lay, and the boards' outlines.
    var coverage: String {
        let c = calibration.coverage
        var plot = ImagePlot(camera, title: "Corners in each part of the image")
        let most = Double(max(c.counts.max() ?? 1, 1))
        plot.add(
            "<defs><pattern id=\"none\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
                + "patternTransform=\"rotate(45)\">"
                + "<line class=\"hatch\" y2=\"7\"/></pattern></defs>")
        for row in 0..<c.rows {
            for column in 0..<c.columns {
                let count = c.counts[row * c.columns + column]
                guard c.lit[row * c.columns + column] || count > 0 else {
                    plot.cell(column, row, of: c.columns, c.rows, "fill=\"#888\" shape-rendering=\"crispEdges\"")
                    continue
                }
                let share = count == 0 ? 0 : 0.12 + 0.7 * (Double(count) / most).squareRoot()
                let look = count == 0 ? "class=\"empty\"" : "fill=\"\(ColourScale.colour(share))\""
                plot.cell(column, row, of: c.columns, c.rows, "\(look) shape-rendering=\"crispEdges\"")
            }
        }
        for view in calibration.views where !view.isRejected {
            for corner in view.used {
                let p = plot.place(corner.pixel)
                plot.add("<circle cx=\"\(Markup.number(p.x))\" cy=\"\(Markup.number(p.y))\" r=\"1.2\" class=\"seen\"/>")
            }
        }
        return plot.svg
    }

    /// Each corner's residual, enlarged, and the mean residual of each part of the image.
    var residuals: (svg: String, scale: Double) {
        var plot = ImagePlot(camera, title: "Residuals over the image")
        let used = calibration.views.flatMap(\.used)
        let rms = max(calibration.rmsPixels, 1e-3)
        let scale = Self.round(9 / rms)
        func draw(_ at: Vector2, _ residual: Vector2, _ name: String) {
            let p = plot.place(at)
            plot.add(Markup.line(p, p + residual * scale, "class=\"\(name)\""))
        }
        for corner in used { if let residual = corner.residual { draw(corner.pixel, residual, "residual") } }
        for corner in calibration.views.flatMap(\.rejected) {
            let p = plot.place(corner.pixel)
            plot.add("<circle cx=\"\(Markup.number(p.x))\" cy=\"\(Markup.number(p.y))\" r=\"3.5\" class=\"rejected\"/>")
        }
        let (columns, rows) = (12, 9)
        var sums = [(sum: Vector2, count: Int)](repeating: (Vector2(0, 0), 0), count: columns * rows)
        for corner in used {
            guard let residual = corner.residual, camera.contains(corner.pixel) else { continue }
            let column = Int((corner.pixel.x + 0.5) / Double(camera.width) * Double(columns))
            let row = Int((corner.pixel.y + 0.5) / Double(camera.height) * Double(rows))
            let cell = min(row, rows - 1) * columns + min(column, columns - 1)
            sums[cell].sum += residual
            sums[cell].count += 1
        }
        for (index, cell) in sums.enumerated() where cell.count >= 5 {
            let x = (Double(index % columns) + 0.5) * Double(camera.width) / Double(columns) - 0.5
            let y = (Double(index / columns) + 0.5) * Double(camera.height) / Double(rows) - 0.5
            draw(Vector2(x, y), cell.sum / Double(cell.count), "mean")
        }
        return (plot.svg, scale)
    }

    /// 1, 2 or 5 times a power of ten.
    private static func round(_ value: Double) -> Double {
        var step = 1.0
        while step * 10 <= value { step *= 10 }
        return value >= 5 * step ? 5 * step : value >= 2 * step ? 2 * step : step
    }

    /// How often residuals of each size occur, with the normal distribution of the same deviation.
    var histogram: String {
        let values = calibration.views.flatMap(\.used).compactMap(\.residual).flatMap { [$0.x, $0.y] }
        let (width, height, base) = (640.0, 220.0, 190.0)
        let deviation = max(calibration.noise, 1e-4)
        let limit = 4 * deviation
        let bins = 48
        var counts = [Int](repeating: 0, count: bins)
        for value in values {
            let bin = Int(((value + limit) / (2 * limit) * Double(bins)).rounded(.down))
            if counts.indices.contains(bin) { counts[bin] += 1 }
        }
        let expected = Double(values.count) * 2 * limit / Double(bins) / (deviation * (2 * Double.pi).squareRoot())
        let most = max(Double(counts.max() ?? 1), expected, 1)
        func x(_ value: Double) -> Double { (value + limit) / (2 * limit) * width }
        var parts: [String] = []
        for (bin, count) in counts.enumerated() where count > 0 {
            let h = 170 * Double(count) / most
            let left = Double(bin) * width / Double(bins)
            parts.append(
                "<rect class=\"column\" x=\"\(Markup.number(left + 1))\" y=\"\(Markup.number(base - h))\" "
                    + "width=\"\(Markup.number(width / Double(bins) - 2))\" height=\"\(Markup.number(h))\"/>")
        }
        let curve = (0...80).map { i in
            let value = -limit + 2 * limit * Double(i) / 80
            let h = 170 * expected / most * exponential(-value * value / (2 * deviation * deviation))
            return "\(Markup.number(x(value))),\(Markup.number(base - h))"
        }
        parts.append("<polyline class=\"curve\" points=\"\(curve.joined(separator: " "))\"/>")
        parts.append(Markup.line(Vector2(0, base), Vector2(width, base), "class=\"axis\""))
        for i in -3...3 {
            let value = Double(i) * deviation
            let label = i == 0 ? "0" : figure(value, 2) + (i == 3 ? " px" : "")
            parts.append(Markup.text(Vector2(x(value), base + 20), label, "class=\"tick\""))
        }
        return """
            <svg class="plot" viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="Histogram of residuals">
            \(parts.joined(separator: "\n"))
            </svg>
            """
    }

    /// How the boards were turned: the middle is frontal, rings every 15 degrees.
    var tilts: String {
        var parts: [String] = []
        for ring in 1...4 {
            parts.append("<circle class=\"ring\" cx=\"160\" cy=\"160\" r=\"\(ring * 35)\"/>")
            parts.append(
                Markup.text(Vector2(164, 160 - Double(ring * 35) + 13), "\(ring * 15)°", "class=\"tick left\""))
        }
        parts.append(Markup.line(Vector2(20, 160), Vector2(300, 160), "class=\"ring\""))
        parts.append(Markup.line(Vector2(160, 20), Vector2(160, 300), "class=\"ring\""))
        for view in calibration.views where !view.isRejected {
            let ray = (view.cameraFromBoard * calibration.board.middle).normalized
            let normal = view.cameraFromBoard.rotation * Vector3(0, 0, 1)
            // The normal as seen along the ray: its part across, with the length of its angle.
            let across = normal - ray * normal.dot(ray)
            let length = across.length
            let degrees = normal.angle(to: ray) * 180 / .pi
            let at =
                length > 1e-9
                ? Vector2(across.x, across.y) / length * min(degrees, 65) / 15 * 35 + Vector2(160, 160)
                : Vector2(160, 160)
            parts.append(
                "<circle class=\"dot\" cx=\"\(Markup.number(at.x))\" cy=\"\(Markup.number(at.y))\" r=\"5\">"
                    + "<title>\(Markup.escaped(view.name)): \(figure(degrees, 0))°</title></circle>")
        }
        return """
            <svg class="plot" viewBox="0 0 320 320" role="img" aria-label="Tilt of the boards">
            \(parts.joined(separator: "\n"))
            </svg>
            """
    }
}
