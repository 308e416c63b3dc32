internal import Features
internal import Geometry

/// What a lattice is completed and refined with.
struct CornerImage {
    let image: GreyImage
    let levels: [PyramidLevel]
    /// Whether all steps of the lattice are alike on the board; an AprilGrid's alternate.
    let isUniform: Bool
    var refinement: CornerRefinement
    /// For corners that are only expected.
    var search = CornerRefinement(reach: 0.3)

    /// The same with small windows.
    var narrow: CornerImage {
        var result = self
        (result.refinement, result.search) = (CornerRefinement(reach: 0.1), CornerRefinement(reach: 0.12))
        return result
    }
}

extension CornerLattice {
    /// Part of the neighbours' contrast that a corner must have to be believed where it is expected.
    private static let leastRelativeContrast: Float = 0.2

    /// Adds the corners that are where the lattice lets them be expected, until there are no more.
    mutating func grow(in source: CornerImage, within isAllowed: (Cell) -> Bool = { _ in true }) {
        var tried = CellGrid<Bool>()
        for _ in 0..<64 {
            var wanted = CellGrid<Bool>()
            for cell in nodes.cells {
                for direction in 0..<4 {
                    let next = cell.next(direction)
                    if nodes[next] == nil, isAllowed(next) { wanted[next] = true }
                }
            }
            var added: [(Cell, Node)] = []
            for cell in wanted.cells {
                // A place is tried again only when more of its neighbours are known: the prediction is better then.
                guard tried[cell] == nil || knownNeighbours(of: cell) > 2 else { continue }
                tried[cell] = true
                if let node = found(at: cell, source) { added.append((cell, node)) }
            }
            if added.isEmpty { return }
            for (cell, node) in added { nodes[cell] = node }
        }
    }

    private func knownNeighbours(of cell: Cell) -> Int { (0..<4).count { nodes[cell.next($0)] != nil } }

    /// The corner of an empty cell, if the image has one where it is expected.
    private func found(at cell: Cell, _ source: CornerImage) -> Node? {
        guard let expected = self.expected(at: cell, isUniform: source.isUniform),
            let direction = (0..<4).first(where: { nodes[cell.next($0)] != nil }),
            let neighbour = nodes[cell.next(direction)]
        else { return nil }
        let across = neighbour.pixel - expected
        let sideways = nodes[cell.next(direction + 1)] ?? nodes[cell.next(direction + 3)]
        let down =
            sideways.map { $0.pixel - expected } ?? step(at: cell.next(direction), direction: direction + 1)
            ?? Vector2(-across.y, across.x)
        guard let pixel = source.search.refine(expected, across: across, down: down, in: source.image)
        else { return nil }
        let reach = min(across.length, down.length)
        guard (pixel - expected).length < 0.3 * reach else { return nil }
        return node(at: pixel, reach: reach, beside: neighbour, direction, source)
    }

    /// The node at `pixel` if it looks like a corner, of the other colour than its neighbour in `direction`.
    private func node(
        at pixel: Vector2, reach: Double, beside neighbour: Node, _ direction: Int, _ source: CornerImage
    ) -> Node? {
        let way = (neighbour.pixel - pixel) / max((neighbour.pixel - pixel).length, 1e-9)
        for part in [0.3, 0.2] {
            let radius = min(max(part * reach, 2), 5 * source.levels[neighbour.level].scale)
            guard
                let corner = SaddleCorner.read(
                    source.levels, level: neighbour.level, at: pixel, radius: radius,
                    leastContrast: max(Self.leastRelativeContrast * neighbour.contrast, 5))
            else { continue }
            // The edge that points to the neighbour.
            guard let edge = (0..<4).max(by: { corner.directions[$0].dot(way) < corner.directions[$1].dot(way) }),
                corner.directions[edge].dot(way) > 0.9, (direction - edge - neighbour.turn) & 1 == 1
            else { continue }
            return Node(
                pixel: pixel, turn: (direction - edge) & 3, contrast: corner.contrast, level: neighbour.level)
        }
        return nil
    }

    /// Moves every corner (or those of some cells) to its sub-pixel position; drops those that have none near.
    mutating func refine(in source: CornerImage, only chosen: Set<Cell>? = nil) {
        let coarse = self
        for cell in coarse.nodes.cells where chosen?.contains(cell) ?? true {
            guard let node = coarse.nodes[cell] else { continue }
            let (right, below) = (coarse.step(at: cell, direction: 0), coarse.step(at: cell, direction: 1))
            guard let across = right ?? below.map({ Vector2($0.y, -$0.x) }),
                let down = below ?? right.map({ Vector2(-$0.y, $0.x) }),
                let pixel = source.refinement.refine(node.pixel, across: across, down: down, in: source.image)
            else {
                nodes[cell] = nil
                continue
            }
            nodes[cell]?.pixel = pixel
        }
    }
}
