/// The markers of a board: which there are, how large in their cell of the corner lattice, and where.
struct BoardMarkers: Sendable {
    let codes: MarkerCodes
    /// Side of a marker in sides of its cell: 1 for the tags of an AprilGrid, whose corners the lattice is made of.
    let size: Double
    /// How far outside the marker it is white for certain, in sides of the cell.
    let whiteAt: Double
    /// For each marker of the board column and row of its cell's top left corner on the corner lattice; -1 beside the
    /// first inner corner.
    let places: [(column: Int, row: Int)]
    /// Whether the field up and to the left of lattice corner (0, 0) is dark.
    let startsDark: Bool

    /// Nil for a board without markers.
    init?(_ board: Board) {
        switch board.kind {
        case .chessboard: return nil
        case .charuco(let columns, let rows, let markerSize, let dictionary, let legacy):
            codes = MarkerCodes(dictionary)
            size = markerSize / board.squareSize
            whiteAt = 0.25 * (1 - size)
            startsDark = !Self.startsWhite(rows: rows, legacy: legacy)
            places = Self.whiteSquares(columns, rows, startsDark: startsDark).map { ($0.column - 1, $0.row - 1) }
        case .aprilGrid(let columns, let rows, _, let spacing):
            codes = .tag36h11
            size = 1
            whiteAt = 0.4 * spacing
            startsDark = true
            places = (0..<columns * rows).map { (2 * ($0 % columns), 2 * (rows - 1 - $0 / columns)) }
        }
    }

    /// OpenCV before 4.6 began boards with an even number of rows with a white square.
    static func startsWhite(rows: Int, legacy: Bool) -> Bool { legacy && rows % 2 == 0 }

    /// The squares that hold the markers of a ChArUco board, in the markers' order.
    static func whiteSquares(_ columns: Int, _ rows: Int, startsDark: Bool) -> [(column: Int, row: Int)] {
        (0..<columns * rows).map { ($0 % columns, $0 / columns) }.filter { ($0.0 + $0.1) % 2 == (startsDark ? 1 : 0) }
    }
}
