public import Geometry

/// Where in the image the corners of all views lay, and how the boards stood.
public struct Coverage: Sendable {
    /// Cells across the image.
    public var columns: Int
    /// Cells down the image.
    public var rows: Int
    /// Corners used in each cell, row by row from the top left.
    public var counts: [Int]
    /// Whether the lens lights a cell's middle; others are not asked for.
    public var lit: [Bool]
    /// Share of the lit cells with a corner.
    public var filled: Double { filled(Array(counts.indices)) }
    /// Least x and least y of all used corners, pixels.
    public var low: Vector2
    /// Greatest x and greatest y of all used corners, pixels.
    public var high: Vector2
    /// Of each used view: angle between the board's normal and the ray to its middle, radians.
    public var tilts: [Double]
    /// Of each used view: distance of the board's middle, metres.
    public var distances: [Double]
    /// The largest angle between the normals of two boards, radians.
    public var normalSpread: Double
}

extension Coverage {
    /// The used corners of all views, in cells of about an eighth of the image's long side.
    init(_ views: [ViewResult], board: Board, width: Int, height: Int, circle: ImageCircle?) {
        let side = Double(max(width, height)) / 8
        columns = max(1, Int((Double(width) / side).rounded()))
        rows = max(1, Int((Double(height) / side).rounded()))
        counts = [Int](repeating: 0, count: columns * rows)
        let cell = Vector2(Double(width) / Double(columns), Double(height) / Double(rows))
        let columns = columns
        lit = counts.indices.map { index in
            let middle = Vector2(Double(index % columns) + 0.5, Double(index / columns) + 0.5) * cell - 0.5
            return circle?.contains(middle) ?? true
        }
        low = Vector2(Double(width), Double(height))
        high = .zero
        for corner in views.flatMap(\.used) {
            let p = corner.pixel
            low = pointwiseMin(low, p)
            high = pointwiseMax(high, p)
            let column = min(max(Int((p.x + 0.5) / Double(width) * Double(columns)), 0), columns - 1)
            let row = min(max(Int((p.y + 0.5) / Double(height) * Double(rows)), 0), rows - 1)
            counts[row * columns + column] += 1
        }
        let used = views.filter { !$0.isRejected }
        tilts = used.map { $0.tilt(of: board) }
        distances = used.map { ($0.cameraFromBoard * board.middle).length }
        let normals = used.map { $0.cameraFromBoard.rotation * Vector3(0, 0, 1) }
        normalSpread = 0
        for (i, a) in normals.enumerated() {
            for b in normals[..<i] { normalSpread = max(normalSpread, a.angle(to: b)) }
        }
    }

    /// An edge of the image.
    public enum Edge: String, CaseIterable, Sendable {
        /// As the image lies: the top edge is the first row of pixels.
        case left, right, top, bottom

        /// The cells along it of a grid over the image, which is numbered row by row: of each row or column the
        /// outermost that is lit.
        func cells(columns: Int, rows: Int, isLit: (Int) -> Bool) -> [Int] {
            let lines: [[Int]] =
                switch self {
                case .left: (0..<rows).map { row in (0..<columns).map { row * columns + $0 } }
                case .right: (0..<rows).map { row in (0..<columns).reversed().map { row * columns + $0 } }
                case .top: (0..<columns).map { column in (0..<rows).map { $0 * columns + column } }
                case .bottom: (0..<columns).map { column in (0..<rows).reversed().map { $0 * columns + column } }
                }
            return lines.compactMap { $0.first(where: isLit) }
        }
    }

    /// Share of the cells along an edge of what the lens lights that have a corner.
    public func filled(_ edge: Edge) -> Double {
        filled(edge.cells(columns: columns, rows: rows) { lit[$0] })
    }

    private func filled(_ cells: [Int]) -> Double {
        let asked = cells.filter { lit[$0] }
        return Double(asked.count { counts[$0] > 0 }) / Double(max(asked.count, 1))
    }
}
