internal import Reporting
internal import Geometry

/// A drawing in the coordinates of the camera's image, scaled to a common width.
struct ImagePlot {
    static let width = 640.0
    let height: Double
    private let scale: Double
    private var parts: [String] = []
    private let title: String

    init(_ camera: Camera, title: String) {
        scale = Self.width / Double(camera.width)
        height = (Double(camera.height) * scale).rounded()
        self.title = title
    }

    /// Where a pixel is drawn.
    func place(_ pixel: Vector2) -> Vector2 { (pixel + 0.5) * scale }

    mutating func add(_ part: String) { parts.append(part) }

    /// A cell of a grid over the image.
    mutating func cell(_ column: Int, _ row: Int, of columns: Int, _ rows: Int, _ attributes: String) {
        func edge(_ i: Int, _ count: Int, _ side: Double) -> Double { (Double(i) * side / Double(count)).rounded() }
        let (x, y) = (edge(column, columns, Self.width), edge(row, rows, height))
        let (w, h) = (edge(column + 1, columns, Self.width) - x, edge(row + 1, rows, height) - y)
        add("<rect x=\"\(Int(x))\" y=\"\(Int(y))\" width=\"\(Int(w))\" height=\"\(Int(h))\" \(attributes)/>")
    }

    var svg: String {
        """
        <svg class="plot" viewBox="0 0 \(Int(Self.width)) \(Int(height))" role="img"
          aria-label="\(Markup.escaped(title))">
        \(parts.joined(separator: "\n"))
        <rect class="frame" x=".5" y=".5" width="\(Int(Self.width) - 1)" height="\(Int(height) - 1)"/>
        </svg>
        """
    }
}
