public import Geometry

/// Where in the image the corners of all views lay, and how the boards stood.
public struct Coverage: Sendable {
    /// Cells across the image.
    public var columns: Int
    /// Cells down the image.
    public var rows: Int
    /// Corners used in each cell, row by row from the top left.
    public var counts: [Int]
    /// Share of the cells with a corner.
    public var filled: Double { Double(counts.count { $0 > 0 }) / Double(max(counts.count, 1)) }
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
    init(_ views: [ViewResult], board: Board, width: Int, height: Int) {
        let side = Double(max(width, height)) / 8
        columns = max(1, Int((Double(width) / side).rounded()))
        rows = max(1, Int((Double(height) / side).rounded()))
        counts = [Int](repeating: 0, count: columns * rows)
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

        /// The cells along it of a grid over the image, which is numbered row by row.
        func cells(columns: Int, rows: Int) -> [Int] {
            switch self {
            case .left: (0..<rows).map { $0 * columns }
            case .right: (0..<rows).map { $0 * columns + columns - 1 }
            case .top: Array(0..<columns)
            case .bottom: (0..<columns).map { (rows - 1) * columns + $0 }
            }
        }
    }

    /// Share of the cells along an edge that have a corner.
    public func filled(_ edge: Edge) -> Double {
        let cells = edge.cells(columns: columns, rows: rows)
        return Double(cells.count { counts[$0] > 0 }) / Double(cells.count)
    }
}
