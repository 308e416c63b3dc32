internal import Features
internal import Geometry

/// From an image to the lattices of corners that it shows.
struct CornerSearch {
    let source: CornerImage
    /// The pyramid levels that corners were looked for on.
    let range: Range<Int>

    /// Most saddle points that are looked at on a level, and most corners that are linked.
    private static let mostPoints = 6000
    private static let mostCorners = 4000

    /// The levels to look on, one range after another until the board is found: from at most about 1.5 million pixels down to an eighth of
    /// that side, then with each finer level.
    static func ranges(_ levels: [PyramidLevel]) -> [Range<Int>] {
        let first = levels.firstIndex { $0.width * $0.height <= 1_500_000 } ?? levels.count - 1
        return (0...first).reversed().map { $0..<min($0 + 3, levels.count) }
    }

    /// The lattices of at least `smallest` corners, largest first.
    func lattices(atLeast smallest: Int) -> [CornerLattice] {
        let corners = corners()
        return CornerLattice.components(corners, CornerLinks(corners, source.levels), atLeast: smallest)
    }

    private func corners() -> [SaddleCorner] {
        var corners: [SaddleCorner] = []
        for index in range {
            let level = source.levels[index]
            var taken = PointSet(distance: 2.5 * level.scale)
            for corner in corners { taken.insert(corner.pixel) }
            for point in level.saddlePoints(limit: Self.mostPoints) where corners.count < Self.mostCorners {
                guard !taken.hasNear(point), let corner = read(point, index) else { continue }
                corners.append(corner)
                taken.insert(point)
            }
        }
        return corners
    }

    private func read(_ point: Vector2, _ index: Int) -> SaddleCorner? {
        let scale = source.levels[index].scale
        return SaddleCorner.read(source.levels, level: index, at: point, radius: 5 * scale)
            ?? SaddleCorner.read(source.levels, level: index, at: point, radius: 3 * scale)
    }
}

/// Points, to ask whether one is near.
private struct PointSet {
    private let distance: Double
    private var cells: [SIMD2<Int32>: [Vector2]] = [:]

    init(distance: Double) { self.distance = distance }

    private func cell(_ p: Vector2) -> SIMD2<Int32> {
        SIMD2(Int32((p.x / distance).rounded(.down)), Int32((p.y / distance).rounded(.down)))
    }

    mutating func insert(_ p: Vector2) { cells[cell(p), default: []].append(p) }

    func hasNear(_ p: Vector2) -> Bool {
        let centre = cell(p)
        for dy in Int32(-1)...1 {
            for dx in Int32(-1)...1 {
                guard let points = cells[centre &+ SIMD2(dx, dy)] else { continue }
                if points.contains(where: { ($0 - p).lengthSquared < distance * distance }) { return true }
            }
        }
        return false
    }
}
