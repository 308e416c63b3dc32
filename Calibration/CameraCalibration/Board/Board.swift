public import Geometry

/// A flat calibration target: what is printed on it, and where its corners lie.
///
/// Board frame: metres, x to the right and y down as printed, z into the board (z = 0 on its surface), origin at corner
/// 0 of a chessboard or ChArUco board and at the top left corner of the printed tags of an AprilGrid.
public struct Board: Sendable, Equatable {
    /// The pattern, with its counts and the lengths that only it has.
    public enum Kind: Sendable, Equatable {
        /// A plain chessboard of `columns` x `rows` inner corners.
        case chessboard(columns: Int, rows: Int)
        /// A chessboard of `columns` x `rows` squares with ArUco markers of side `markerSize` (metres) in the white
        /// ones. `legacy`: OpenCV's pattern before 4.6, which has a white square at the top left corner when the number
        /// of rows is even.
        case charuco(columns: Int, rows: Int, markerSize: Double, dictionary: MarkerDictionary, legacy: Bool)
        /// Kalibr's grid of `columns` x `rows` tags (tag36h11, black border of two bits) of side `tagSize` (metres),
        /// with gaps of `spacing` times that side; tag 0 at the bottom left, counted to the right and upwards.
        case aprilGrid(columns: Int, rows: Int, tagSize: Double, spacing: Double)
    }

    /// The pattern, with its counts and the lengths beside ``squareSize``.
    public let kind: Kind
    /// Side of a square, of an AprilGrid the side of a tag; metres.
    public let squareSize: Double
    /// The corners in the board frame, by id: row by row from the top left; of an AprilGrid four for each tag,
    /// `4 * tag` and following, clockwise from its top left.
    public let points: [Vector3]

    /// A board of known kind. Throws what ``BoardError`` says of impossible numbers.
    public init(_ kind: Kind, squareSize: Double) throws(BoardError) {
        try BoardLimits.check(kind, squareSize: squareSize)
        self.kind = kind
        self.squareSize = squareSize
        points = Self.points(of: kind, squareSize: squareSize)
    }

    /// Columns and rows of the lattice that the corners lie on: of a chessboard the inner corners, of an AprilGrid two
    /// of each tag.
    public var lattice: (columns: Int, rows: Int) {
        switch kind {
        case .chessboard(let columns, let rows): (columns, rows)
        case .charuco(let columns, let rows, _, _, _): (columns - 1, rows - 1)
        case .aprilGrid(let columns, let rows, _, _): (2 * columns, 2 * rows)
        }
    }

    /// Width and height of the printed pattern, metres: from black edge to black edge.
    public var size: Vector2 {
        switch kind {
        case .chessboard(let columns, let rows): Vector2(Double(columns + 1), Double(rows + 1)) * squareSize
        case .charuco(let columns, let rows, _, _, _): Vector2(Double(columns), Double(rows)) * squareSize
        case .aprilGrid(let columns, let rows, let tag, let spacing):
            (Vector2(Double(columns), Double(rows)) * (1 + spacing) + Vector2(spacing, spacing)) * tag
        }
    }

    /// Whether a corner's id is known without seeing the whole board: the markers say it.
    public var isIdentified: Bool {
        if case .chessboard = kind { false } else { true }
    }

    /// The corner at a column and row of the ``lattice``, or nil outside of it.
    public func id(column: Int, row: Int) -> Int? {
        let (columns, rows) = lattice
        guard (0..<columns).contains(column), (0..<rows).contains(row) else { return nil }
        guard case .aprilGrid(let tagColumns, let tagRows, _, _) = kind else { return row * columns + column }
        let tag = (tagRows - 1 - row / 2) * tagColumns + column / 2
        return 4 * tag + (row % 2 == 0 ? column % 2 : 3 - column % 2)
    }

    private static func points(of kind: Kind, squareSize: Double) -> [Vector3] {
        switch kind {
        case .chessboard(let columns, let rows): lattice(columns, rows, squareSize)
        case .charuco(let columns, let rows, _, _, _): lattice(columns - 1, rows - 1, squareSize)
        case .aprilGrid(let columns, let rows, let tag, let spacing):
            (0..<4 * columns * rows).map { id in
                let (number, corner) = (id / 4, id % 4)
                let left = Double(number % columns) * tag * (1 + spacing)
                let top = Double(rows - 1 - number / columns) * tag * (1 + spacing)
                return Vector3(left + (corner == 1 || corner == 2 ? tag : 0), top + (corner >= 2 ? tag : 0), 0)
            }
        }
    }

    private static func lattice(_ columns: Int, _ rows: Int, _ pitch: Double) -> [Vector3] {
        (0..<columns * rows).map { Vector3(Double($0 % columns) * pitch, Double($0 / columns) * pitch, 0) }
    }
}
