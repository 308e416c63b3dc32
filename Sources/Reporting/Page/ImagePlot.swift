package import Geometry

/// A drawing in the coordinates of a camera's image, scaled to a common width.
package struct ImagePlot {
    /// Of every drawing, in its own units.
    package static let width = 640.0
    /// In the drawing's units, a whole number.
    package let height: Double
    private let scale: Double
    private var parts: [String] = []
    private let title: String

    /// Empty, of the camera's shape.
    package init(_ camera: Camera, title: String) {
        scale = Self.width / Double(camera.width)
        height = (Double(camera.height) * scale).rounded()
        self.title = title
    }

    /// Where a pixel is drawn.
    package func place(_ pixel: Vector2) -> Vector2 { (pixel + 0.5) * scale }

    /// Draws an SVG element above what is there.
    package mutating func add(_ part: String) { parts.append(part) }

    /// Draws a cell of a grid over the image; the tip is shown under a pointer.
    package mutating func cell(
        _ column: Int, _ row: Int, of columns: Int, _ rows: Int, _ attributes: String, tip: String? = nil
    ) {
        func edge(_ i: Int, _ count: Int, _ side: Double) -> Double { (Double(i) * side / Double(count)).rounded() }
        let (x, y) = (edge(column, columns, Self.width), edge(row, rows, height))
        let (w, h) = (edge(column + 1, columns, Self.width) - x, edge(row + 1, rows, height) - y)
        let end = tip.map { "><title>\(Markup.escaped($0))</title></rect>" } ?? "/>"
        add("<rect x=\"\(Int(x))\" y=\"\(Int(y))\" width=\"\(Int(w))\" height=\"\(Int(h))\" \(attributes)\(end)")
    }

    /// Where the middle of a cell of a grid over the image is drawn.
    package func middle(_ column: Int, _ row: Int, of columns: Int, _ rows: Int) -> Vector2 {
        Vector2((Double(column) + 0.5) / Double(columns) * Self.width, (Double(row) + 0.5) / Double(rows) * height)
    }

    /// The drawing in a frame.
    package var svg: String {
        """
        <svg class="plot" viewBox="0 0 \(Int(Self.width)) \(Int(height))" role="img"
          aria-label="\(Markup.escaped(title))">
        \(parts.joined(separator: "\n"))
        <rect class="frame" x=".5" y=".5" width="\(Int(Self.width) - 1)" height="\(Int(height) - 1)"/>
        </svg>
        """
    }
}
