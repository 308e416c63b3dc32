public import Geometry

/// What is black on a board, as rectangles that are filled by the even-odd rule: white bits of markers are rectangles
/// on black ones.
///
/// Metres from the top left of the printed pattern, x right, y down.
public struct BoardDrawing: Sendable, Equatable {
    /// Its sides are parallel to the pattern's.
    public struct Rectangle: Sendable, Equatable {
        /// The top left corner, metres.
        public var origin: Vector2
        /// Width and height, metres.
        public var size: Vector2
    }

    /// Width and height of the pattern.
    public let size: Vector2
    /// Black is what an odd number of them covers.
    public let rectangles: [Rectangle]

    /// The pattern at the lengths that the board has: nothing is scaled or turned.
    public init(_ board: Board) {
        size = board.size
        switch board.kind {
        case .chessboard(let columns, let rows):
            rectangles = Self.squares(columns + 1, rows + 1, board.squareSize, startsDark: true)
        case .charuco(let columns, let rows, _, _, _):
            let markers = BoardMarkers(board)
            rectangles =
                Self.squares(columns, rows, board.squareSize, startsDark: markers?.startsDark ?? true)
                + (markers.map { Self.charucoMarkers($0, board.squareSize) } ?? [])
        case .aprilGrid(let columns, let rows, let tag, let spacing):
            rectangles = Self.aprilGrid(columns, rows, tag, spacing * tag)
        }
    }

    /// The dark squares, of which the top left one is dark or not.
    private static func squares(_ columns: Int, _ rows: Int, _ side: Double, startsDark: Bool) -> [Rectangle] {
        let first = startsDark ? 0 : 1
        return (0..<columns * rows).compactMap { index -> Rectangle? in
            let (column, row) = (index % columns, index / columns)
            guard (column + row) % 2 == first else { return nil }
            return Rectangle(origin: Vector2(Double(column), Double(row)) * side, size: Vector2(side, side))
        }
    }

    private static func charucoMarkers(_ markers: BoardMarkers, _ side: Double) -> [Rectangle] {
        let inset = 0.5 * (1 - markers.size)
        return markers.places.enumerated().flatMap { marker, place in
            let corner = Vector2(Double(place.column + 1) + inset, Double(place.row + 1) + inset) * side
            return self.marker(markers.codes, marker, at: corner, side: markers.size * side)
        }
    }

    /// Kalibr's pattern: tags, and a dark square at every corner of a tag, so that each is a crossing of two edges.
    private static func aprilGrid(_ columns: Int, _ rows: Int, _ tag: Double, _ gap: Double) -> [Rectangle] {
        let pitch = tag + gap
        var all: [Rectangle] = []
        for row in 0...rows {
            for column in 0...columns {
                let origin = Vector2(Double(column), Double(row)) * pitch
                all.append(Rectangle(origin: origin, size: Vector2(gap, gap)))
            }
        }
        for number in 0..<columns * rows {
            let place = Vector2(Double(number % columns), Double(rows - 1 - number / columns))
            all += marker(.tag36h11, number, at: place * pitch + Vector2(gap, gap), side: tag)
        }
        return all
    }

    /// A marker: its dark square, and on it the runs of white bits.
    private static func marker(_ codes: MarkerCodes, _ number: Int, at origin: Vector2, side: Double) -> [Rectangle] {
        let bit = side / Double(codes.bits + 2 * codes.border)
        var all = [Rectangle(origin: origin, size: Vector2(side, side))]
        for row in 0..<codes.bits {
            var column = 0
            while column < codes.bits {
                let start = column
                while column < codes.bits, codes.bit(codes.codes[number], row: row, column: column) == 1 { column += 1 }
                if column > start {
                    let corner = Vector2(Double(start + codes.border), Double(row + codes.border)) * bit
                    all.append(Rectangle(origin: origin + corner, size: Vector2(Double(column - start) * bit, bit)))
                }
                column += 1
            }
        }
        return all
    }
}
