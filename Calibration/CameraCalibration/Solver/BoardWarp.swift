internal import Geometry

/// How far a board is bent: its surface stands `x (1 - u²) + y (1 - v²)` off its plane, with u and v from -1 to 1
/// across the corners' columns and rows (mrcal's `calobject_warp`, with this sign along the board's z, into the board).
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

/// How a board in one view differs from a square one, when its corners lie in a plane and yet fit no pose: a rolling
/// shutter draws a board that moves sideways slanted, one that moves up or down too long or too short.
public struct BoardShear: Sendable, Equatable {
    /// Angle between the board's columns and rows, minus a right angle; radians.
    public var slant: Double
    /// Length of the columns' step over that of the rows', minus one.
    public var stretch: Double

    /// Nothing smaller is named: lens and noise do as much.
    private static let (leastSlant, leastStretch) = (0.003, 0.006)
    /// A plane that may be sheared must fit so much better than a pose.
    private static let share = 0.6

    /// Nil when a sheared board explains the corners hardly better than the pose does, or when the shear is small.
    init?(_ view: ViewResult, camera: Camera, board: Board) {
        var (flat, rays, pixels): ([Vector2], [Vector2], [Vector2]) = ([], [], [])
        for corner in view.corners {
            guard let ray = camera.bearing(of: corner.pixel), ray.z > 0.1 else { return nil }
            let point = board.points[corner.id]
            flat.append(Vector2(point.x, point.y))
            rays.append(Vector2(ray.x, ray.y) / ray.z)
            pixels.append(corner.pixel)
        }
        guard let h = PlaneHomography.estimate(from: flat, to: rays) else { return nil }
        var squares = 0.0
        for (point, pixel) in zip(flat, pixels) {
            guard let seen = camera.project(h * Vector3(point.x, point.y, 1)) else { return nil }
            squares += (seen - pixel).lengthSquared
        }
        guard (squares / Double(max(pixels.count, 1))).squareRoot() < Self.share * view.rms else { return nil }
        slant = h.column0.angle(to: h.column1) - .pi / 2
        stretch = h.column1.length / h.column0.length - 1
        guard abs(slant) > Self.leastSlant || abs(stretch) > Self.leastStretch else { return nil }
    }
}

extension BoardShear: CustomStringConvertible {
    public var description: String {
        abs(slant) / BoardShear.leastSlant > abs(stretch) / BoardShear.leastStretch
            ? "the board's rows and columns stand \(figure(abs(slant) * 180 / .pi, 1)) degrees off a right angle"
            : "the board is \(figure(abs(stretch) * 100, 1)) % too \(stretch > 0 ? "high" : "wide")"
    }
}
