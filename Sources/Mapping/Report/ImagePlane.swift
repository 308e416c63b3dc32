import Geometry
import ReferenceMap
import Reporting

/// What the observations of one camera say over its image: how many, and what they leave over on average.
struct ImagePlane {
    private let camera: Camera
    private let columns = 16
    private let rows: Int
    private var counts: [Int]
    private var sums: [Vector2]
    /// Distances between observations and projections, pixels: how many in each bin.
    private(set) var histogram = [Int](repeating: 0, count: 25)
    /// Pixels that a bin spans.
    static let bin = 0.1

    /// Of the camera that most keyframes have. Cost: a projection for each observation.
    init(_ map: ReferenceMap) {
        let uses = map.cameras.map { camera in
            (0..<map.keyframeCount).count { map.camera(ofKeyframe: $0) == camera }
        }
        camera = map.cameras[uses.indices.max { uses[$0] < uses[$1] } ?? 0]
        rows = max(1, columns * camera.height / camera.width)
        counts = [Int](repeating: 0, count: columns * rows)
        sums = [Vector2](repeating: Vector2(0, 0), count: columns * rows)
        for keyframe in 0..<map.keyframeCount {
            let pose = map.cameraFromMap(ofKeyframe: keyframe)
            let isShown = map.camera(ofKeyframe: keyframe) == camera
            for observation in map.observations(ofKeyframe: keyframe) {
                guard let residual = map.residual(ofObservation: observation, pose, keyframe) else { continue }
                histogram[min(Int(residual.length / Self.bin), histogram.count - 1)] += 1
                if isShown { add(map.pixel(ofObservation: observation), residual) }
            }
        }
    }

    private mutating func add(_ pixel: Vector2, _ residual: Vector2) {
        let column = min(max(Int((pixel.x + 0.5) * Double(columns) / Double(camera.width)), 0), columns - 1)
        let row = min(max(Int((pixel.y + 0.5) * Double(rows) / Double(camera.height)), 0), rows - 1)
        counts[row * columns + column] += 1
        sums[row * columns + column] += residual
    }

    private func plot(_ title: String) -> ImagePlot { ImagePlot(camera, title: title) }

    /// Where in the image landmarks are seen.
    var coverage: String {
        let most = Double(max(counts.max() ?? 1, 1))
        var plot = plot("Observations in each part of the image")
        for (index, count) in counts.enumerated() {
            let share = count == 0 ? 0 : 0.06 + 0.9 * (Double(count) / most).squareRoot()
            let fill = "fill=\"\(ColourScale.colour(share))\" shape-rendering=\"crispEdges\""
            plot.cell(index % columns, index / columns, of: columns, rows, fill, tip: "\(count)")
        }
        return plot.svg
    }

    /// The mean residual of each part of the image, and by how much it is enlarged.
    var residuals: (svg: String, scale: Double) {
        let means = zip(sums, counts).map { $1 >= 20 ? $0 / Double($1) : Vector2(0, 0) }
        let largest = max(means.map(\.length).max() ?? 0, 0.01)
        let scale = ReportFigures.round(ImagePlot.width / Double(columns) / largest)
        var plot = plot("Mean residual in each part of the image")
        for (index, mean) in means.enumerated() {
            let at = plot.middle(index % columns, index / columns, of: columns, rows)
            let end = at + mean * scale
            plot.add(
                """
                <path class="mean" d="M\(Markup.number(at.x)) \(Markup.number(at.y))L\(Markup.number(end.x)) \
                \(Markup.number(end.y))"/><circle class="dot" r="1.8" cx="\(Markup.number(at.x))" \
                cy="\(Markup.number(at.y))"/>
                """)
        }
        return (plot.svg, scale)
    }

    /// How often residuals of each length occur.
    var histogramPlot: String {
        let most = Double(max(histogram.max() ?? 1, 1))
        let width = ImagePlot.width / Double(histogram.count)
        var parts = histogram.enumerated().map { bin, count in
            let high = 170 * Double(count) / most
            return """
                <rect class="column" x="\(Markup.number(Double(bin) * width + 1))" y="\(Markup.number(190 - high))" \
                width="\(Markup.number(width - 2))" height="\(Markup.number(high))"/>
                """
        }
        for pixels in [0.5, 1, 1.5, 2] {
            let x = Markup.number(pixels / Self.bin * width)
            parts.append("<text class=\"tick\" x=\"\(x)\" y=\"210\">\(pixels.text(1)) px</text>")
        }
        parts.append("<path class=\"axis\" fill=\"none\" d=\"M0 190H640\"/>")
        return """
            <svg class="plot" viewBox="0 0 640 220" role="img" aria-label="Reprojection errors">
            \(parts.joined(separator: "\n"))
            </svg>
            """
    }
}
