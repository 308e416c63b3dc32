internal import Geometry

/// How far a board is bent: its surface stands `x (1 - u²) + y (1 - v²)` off its plane, with u and v from -1 to 1 across the corners' columns and rows
/// (mrcal's `calobject_warp`, with this sign along the board's z, into the board).
public struct BoardWarp: Equatable, Sendable {
    /// Deflection of the middle against the left and right edges, metres.
    public var x: Double
    /// Deflection of the middle against the top and bottom edges, metres.
    public var y: Double

    /// A warp from its two deflections.
    public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

    /// A flat board.
    public static let none = BoardWarp(x: 0, y: 0)
}

/// The corners of a board that may be warped.
struct WarpedBoard: Sendable {
    /// The corners without further warp.
    private(set) var flat: [Vector3]
    /// By corner: how far z moves by each deflection.
    let slopes: [Vector2]

    init(_ board: Board) {
        flat = board.points
        let first = board.points.first ?? .zero
        var (low, high) = (first, first)
        for p in board.points {
            low = pointwiseMin(low, p)
            high = pointwiseMax(high, p)
        }
        let (middle, half) = ((low + high) / 2, (high - low) / 2)
        slopes = board.points.map { p in
            let u = half.x > 0 ? (p.x - middle.x) / half.x : 0
            let v = half.y > 0 ? (p.y - middle.y) / half.y : 0
            return Vector2(1 - u * u, 1 - v * v)
        }
    }

    /// Takes a warp as the board's shape.
    mutating func bend(by warp: BoardWarp) { flat = flat.indices.map { point($0, warp) } }

    func point(_ id: Int, _ warp: BoardWarp) -> Vector3 {
        flat[id] + Vector3(0, 0, slopes[id].dot(Vector2(warp.x, warp.y)))
    }
}
