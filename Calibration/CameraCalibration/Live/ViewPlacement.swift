public import Geometry

/// Where and how a board stands in the image, as well as guidance needs it: without knowing the lens.
public struct ViewPlacement: Sendable, Equatable {
    /// The board's middle: 0...1 of the image's width and height.
    public var centre: Vector2
    /// Root of the share of the image that the corners' lattice covers.
    public var size: Double
    /// How far the board is turned, radians. x positive: its right edge is nearer to the camera; y positive: its lower
    /// edge.
    public var tilt: Vector2
    /// The lattice's four outer corners, pixels, in turn from the board's first corner.
    public var outline: [Vector2]

    init(centre: Vector2, size: Double, tilt: Vector2, outline: [Vector2] = []) {
        (self.centre, self.size, self.tilt, self.outline) = (centre, size, tilt, outline)
    }

    /// nil for corners that do not span a plane.
    /// - Parameters:
    ///   - view: the corners found.
    ///   - board: the board that they are of.
    ///   - focalLength: about that of the lens, pixels.
    public init?(_ view: BoardView, board: Board, focalLength: Double) {
        let middle = Vector2(Double(view.width - 1), Double(view.height - 1)) / 2
        let points = view.corners.map { Vector2(board.points[$0.id].x, board.points[$0.id].y) }
        let seen = view.corners.map { ($0.pixel - middle) / focalLength }
        guard let plane = PlaneHomography.estimate(from: points, to: seen) else { return nil }
        func image(of point: Vector2) -> Vector2 {
            let p = plane * Vector3(point.x, point.y, 1)
            return Vector2(p.x, p.y) / p.z * focalLength + middle
        }
        outline = board.outline.map(image)
        let pixel = image(of: board.outlineMiddle)
        let area = Self.area(outline)
        guard area > 0, area.isFinite, pixel.isFinite else { return nil }
        centre = Vector2((pixel.x + 0.5) / Double(view.width), (pixel.y + 0.5) / Double(view.height))
        size = (area / Double(view.width * view.height)).squareRoot()
        let across = (plane * Vector3(1, 0, 0)).cross(plane * Vector3(0, 1, 0))
        let normal = across.z < 0 ? across * -1 : across
        tilt = Vector2(arcTangent(normal.x, normal.z), arcTangent(normal.y, normal.z))
    }

    /// How much another view differs: below 1 it teaches little that is new.
    public func difference(from other: ViewPlacement) -> Double {
        let shift = centre - other.centre
        let turn = tilt - other.tilt
        let zoom = abs(naturalLogarithm(size / other.size))
        return max(abs(shift.x) / 0.12, abs(shift.y) / 0.12, abs(turn.x) / 0.2, abs(turn.y) / 0.2, zoom / 0.2)
    }

    /// Area of a polygon.
    private static func area(_ corners: [Vector2]) -> Double {
        var twice = 0.0
        for (a, b) in zip(corners, corners.dropFirst() + corners.prefix(1)) { twice += a.x * b.y - a.y * b.x }
        return abs(twice) / 2
    }
}

extension Board {
    /// The outer corners of the lattice, on the board's plane, in turn from the top left.
    var outline: [Vector2] {
        let (columns, rows) = lattice
        return [(0, 0), (columns - 1, 0), (columns - 1, rows - 1), (0, rows - 1)].compactMap { place in
            id(column: place.0, row: place.1).map { Vector2(points[$0].x, points[$0].y) }
        }
    }

    var outlineMiddle: Vector2 { outline.reduce(Vector2(0, 0), +) / Double(max(outline.count, 1)) }
}
