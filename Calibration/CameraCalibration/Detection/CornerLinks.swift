internal import Geometry

/// Which corner each edge of a corner leads to.
///
/// Two corners are neighbours when each is the nearest that an edge of the other leads to, along which dark stays on
/// one side all the way. Of the edges that meet, one has the dark on its left and one on its right: corners alternate
/// as the fields of a chessboard do.
struct CornerLinks {
    /// For each corner and edge the neighbour and its edge that leads back.
    private(set) var links: [InlineArray<4, Link?>]

    struct Link {
        var corner: Int
        var edge: Int
    }

    /// Largest angle between an edge's direction and the way to the neighbour, as its tangent.
    private static let cone = 0.36
    /// Neighbours' contrasts differ by no more: light falls on both.
    private static let leastContrastRatio: Float = 0.3

    init(_ corners: [SaddleCorner], _ levels: [PyramidLevel]) {
        let grid = PointGrid(corners.map(\.pixel))
        var wanted = [InlineArray<4, Link?>](repeating: .init(repeating: nil), count: corners.count)
        for index in corners.indices {
            for edge in 0..<4 { wanted[index][edge] = Self.target(of: index, edge, corners, levels, grid) }
        }
        links = wanted
        for index in corners.indices {
            for edge in 0..<4 {
                guard let link = wanted[index][edge] else { continue }
                let back = wanted[link.corner][link.edge]
                if back?.corner != index || back?.edge != edge { links[index][edge] = nil }
            }
        }
    }

    /// The nearest corner that edge `edge` of corner `index` leads to.
    private static func target(
        of index: Int, _ edge: Int, _ corners: [SaddleCorner], _ levels: [PyramidLevel], _ grid: PointGrid
    ) -> Link? {
        let corner = corners[index]
        let direction = corner.directions[edge]
        let level = levels[corner.level]
        // An edge that ends soon can only lead to a corner close by.
        let isLong = [7.0, 9.5].allSatisfy { isEdge(corner, edge, at: $0 * level.scale, level) }
        let farthest = isLong ? Double.infinity : 12 * level.scale
        var (seen, breaks) = (0.0, 0)
        var best: Link?
        var bestDistance = Double.infinity
        grid.forEachRing(around: corner.pixel) { ring, candidates in
            if min(bestDistance, farthest) <= ring { return false }
            if ring > seen {
                seen = ring
                if !isEdge(corner, edge, at: ring, level) { breaks += 1 }
                if breaks > 1 { return false }
            }
            for other in candidates where other != index {
                let way = corners[other].pixel - corner.pixel
                let along = way.dot(direction)
                guard along > 2, along < bestDistance, along < farthest,
                    abs(way.x * direction.y - way.y * direction.x) < cone * along
                else { continue }
                let length = way.length
                guard length < bestDistance, let back = edgeBack(of: corners[other], along: way / length, edge),
                    isEdge(from: corner, edge, to: corners[other], levels)
                else { continue }
                best = Link(corner: other, edge: back)
                bestDistance = length
            }
            return true
        }
        return best
    }

    /// Whether an edge still is one at this distance from its corner (pixels), near where its direction leads.
    private static func isEdge(
        _ corner: SaddleCorner, _ edge: Int, at distance: Double, _ level: PyramidLevel
    ) -> Bool {
        let direction = corner.directions[edge]
        let offset = max(2.5 * level.scale, 0.12 * distance)
        let normal = Vector2(-direction.y, direction.x) * (edge % 2 == 0 ? offset : -offset)
        let p = corner.pixel + direction * distance
        return level.intensity(p - normal) - level.intensity(p + normal) > 0.2 * corner.contrast
    }

    /// The edge of `corner` that points against `way`, of the other handedness than `edge`.
    private static func edgeBack(of corner: SaddleCorner, along way: Vector2, _ edge: Int) -> Int? {
        for k in stride(from: 1 - edge % 2, to: 4, by: 2) {
            let direction = corner.directions[k]
            let along = -direction.dot(way)
            if along > 0, abs(way.x * direction.y - way.y * direction.x) < cone * along { return k }
        }
        return nil
    }

    /// Whether it is dark on one side and bright on the other nearly all the way between two corners.
    private static func isEdge(
        from a: SaddleCorner, _ edge: Int, to b: SaddleCorner, _ levels: [PyramidLevel]
    ) -> Bool {
        guard min(a.contrast, b.contrast) > leastContrastRatio * max(a.contrast, b.contrast) else { return false }
        let way = b.pixel - a.pixel
        let length = way.length
        let level = levels[max(a.level, b.level)]
        let offset = min(max(0.08 * length, 1.5 * level.scale), 0.25 * length)
        // Towards the dark side.
        let normal = Vector2(-way.y, way.x) * ((edge % 2 == 0 ? offset : -offset) / length)
        let least = 0.2 * min(a.contrast, b.contrast)
        var passed = 0
        for k in 0..<9 {
            let p = a.pixel + way * (0.14 + 0.09 * Double(k))
            if level.intensity(p - normal) - level.intensity(p + normal) > least { passed += 1 }
        }
        return passed >= 8
    }
}
