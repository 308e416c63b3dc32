/// Whether a board was printed at true scale, told from a length measured on it.
public struct PrintCheck: Sendable, Equatable {
    /// As it was drawn, before it was printed.
    public let board: Board
    /// Measured length divided by that drawn.
    public let ratio: Double
    /// What cannot be told apart from a ratio of 1: reading a ruler to a quarter of a millimetre.
    public let resolution: Double

    /// - Parameters:
    ///   - board: as it was drawn.
    ///   - measured: the length that `squares` squares (tags of an AprilGrid) have on paper, metres, edge to edge.
    ///   - squares: how many were measured.
    public init(_ board: Board, measured: Double, squares: Int) throws(BoardError) {
        guard squares >= 1 else {
            throw BoardError("squares", "\(squares) squares have no length", cure: "say how many squares were measured")
        }
        let drawn = Self.length(of: squares, board)
        self.board = board
        ratio = measured / drawn
        resolution = 0.00025 / drawn
        guard ratio.isFinite, (0.1...10).contains(ratio) else {
            throw BoardError(
                "square", "\(figure(measured * 1000, 2)) mm measured where \(figure(drawn * 1000, 2)) mm were drawn",
                cure: "say with --squares how many squares were measured")
        }
    }

    /// Within the ruler's resolution of true scale.
    public var isTrue: Bool { abs(ratio - 1) <= max(resolution, 0.001) }

    /// The board as it is on paper.
    public func printed() throws(BoardError) -> Board {
        switch board.kind {
        case .chessboard: try Board(board.kind, squareSize: board.squareSize * ratio)
        case .charuco(let columns, let rows, let marker, let dictionary, let legacy):
            try Board(
                .charuco(
                    columns: columns, rows: rows, markerSize: marker * ratio, dictionary: dictionary, legacy: legacy),
                squareSize: board.squareSize * ratio)
        case .aprilGrid(let columns, let rows, let tag, let spacing):
            try Board(
                .aprilGrid(columns: columns, rows: rows, tagSize: tag * ratio, spacing: spacing),
                squareSize: board.squareSize * ratio)
        }
    }

    private static func length(of squares: Int, _ board: Board) -> Double {
        guard case .aprilGrid(_, _, let tag, let spacing) = board.kind else {
            return Double(squares) * board.squareSize
        }
        return tag * (Double(squares) + Double(squares - 1) * spacing)
    }
}
