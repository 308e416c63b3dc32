internal import Geometry

/// The corners that a calibration works on. Which of them count changes as outliers are found.
struct Observations: Sendable {
    struct View: Sendable {
        var name: String
        var ids: [Int]
        var pixels: [Vector2]
        /// Corners that count.
        var isUsed: [Bool]
        /// The whole view does not count.
        var isRejected = false

        var usedCount: Int { isRejected ? 0 : isUsed.count { $0 } }
    }

    let width: Int
    let height: Int
    private(set) var board: WarpedBoard
    let middle: Vector3
    var views: [View]

    init(_ views: [BoardView], board: Board, width: Int, height: Int) {
        self.width = width
        self.height = height
        self.board = WarpedBoard(board)
        middle = board.middle
        self.views = views.map { view in
            View(
                name: view.name, ids: view.corners.map(\.id), pixels: view.corners.map(\.pixel),
                isUsed: [Bool](repeating: true, count: view.corners.count))
        }
    }

    /// Takes a warp as the board's shape.
    mutating func bend(by warp: BoardWarp) { board.bend(by: warp) }

    /// Indices of the views that count.
    var usedViews: [Int] { views.indices.filter { !views[$0].isRejected } }
    /// Corners of all views.
    var cornerCount: Int { views.reduce(0) { $0 + $1.ids.count } }
    /// Corners that count.
    var usedCorners: Int { views.reduce(0) { $0 + $1.usedCount } }
}
