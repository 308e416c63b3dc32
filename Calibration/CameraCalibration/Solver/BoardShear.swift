internal import Geometry

/// How a board in one view differs from a square one, when its corners lie in a plane and yet fit no pose: a rolling shutter draws a board that moves
/// sideways slanted, one that moves up or down too long or too short.
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
            ? "the board's rows and columns stand \(fixed(abs(slant) * 180 / .pi, 1)) degrees off a right angle"
            : "the board is \(fixed(abs(stretch) * 100, 1)) % too \(stretch > 0 ? "high" : "wide")"
    }
}
