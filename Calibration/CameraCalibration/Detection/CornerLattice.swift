internal import Geometry

/// Corners that hang together, each with its column and row; columns count along the image's x axis turned any way,
/// rows to their right-hand side (a board that is not mirrored reads the same way).
struct CornerLattice {
    struct Node {
        var pixel: Vector2
        /// Directions 0 (column + 1), 1 (row + 1), 2, 3 that edge 0 of the corner has: even if the field towards
        /// smaller columns and rows is dark.
        var turn: Int
        var contrast: Float
        var level: Int
    }

    struct Cell: Hashable {
        var column: Int
        var row: Int

        init(_ column: Int, _ row: Int) {
            self.column = column
            self.row = row
        }

        /// The next cell in direction 0...3: column + 1, row + 1, column - 1, row - 1.
        func next(_ direction: Int) -> Cell {
            switch direction & 3 {
            case 0: Cell(column + 1, row)
            case 1: Cell(column, row + 1)
            case 2: Cell(column - 1, row)
            default: Cell(column, row - 1)
            }
        }
    }

    var nodes = CellGrid<Node>()

    /// Smallest and largest column and row.
    var bounds: (columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
        var (left, right, top, bottom) = (Int.max, Int.min, Int.max, Int.min)
        for cell in nodes.cells {
            left = min(left, cell.column)
            right = max(right, cell.column)
            top = min(top, cell.row)
            bottom = max(bottom, cell.row)
        }
        return left <= right ? (left...right, top...bottom) : (0...0, 0...0)
    }

    /// The way to the nearer neighbour in `direction` or, turned round, against it; nil without any. Where one is
    /// missing, the distance is the shorter of the two beyond the other: those of an AprilGrid alternate.
    func step(at cell: Cell, direction: Int) -> Vector2? {
        let (ahead, behind) = (reach(from: cell, direction), reach(from: cell, direction + 2).map { -$0 })
        guard let ahead, let behind else { return ahead ?? behind }
        return ahead.lengthSquared < behind.lengthSquared ? ahead : behind
    }

    /// The way to the next corner, no longer than that from there to the one beyond if the next but one the other way
    /// is missing.
    private func reach(from cell: Cell, _ direction: Int) -> Vector2? {
        guard let here = nodes[cell]?.pixel, let next = nodes[cell.next(direction)]?.pixel else { return nil }
        let way = next - here
        guard nodes[cell.next(direction + 2)] == nil,
            let beyond = nodes[cell.next(direction).next(direction)]?.pixel
        else { return way }
        return way * min(1, (beyond - next).length / max(way.length, 1e-9))
    }

    /// The lattices that corners form by their links, largest first.
    static func components(_ corners: [SaddleCorner], _ links: CornerLinks, atLeast smallest: Int) -> [CornerLattice] {
        // Well connected corners first: they set the lattice's coordinates.
        let degree = corners.indices.map { index in (0..<4).count { links.links[index][$0] != nil } }
        let order = corners.indices.sorted { degree[$0] != degree[$1] ? degree[$0] > degree[$1] : $0 < $1 }
        var visited = [Bool](repeating: false, count: corners.count)
        var lattices: [CornerLattice] = []
        for seed in order where !visited[seed] && degree[seed] >= 2 {
            let lattice = grow(from: seed, corners, links, &visited)
            if lattice.nodes.count >= smallest { lattices.append(lattice) }
        }
        return lattices.enumerated().sorted {
            ($1.element.nodes.count, $0.offset) < ($0.element.nodes.count, $1.offset)
        }.map(\.element)
    }

    private static func grow(
        from seed: Int, _ corners: [SaddleCorner], _ links: CornerLinks, _ visited: inout [Bool]
    ) -> CornerLattice {
        var lattice = CornerLattice()
        var queue = [(seed, Cell(0, 0), 0)]
        var head = 0
        visited[seed] = true
        while head < queue.count {
            let (index, cell, turn) = queue[head]
            head += 1
            guard lattice.nodes[cell] == nil else { continue }
            let corner = corners[index]
            lattice.nodes[cell] = Node(
                pixel: corner.pixel, turn: turn, contrast: corner.contrast, level: corner.level)
            for edge in 0..<4 {
                guard let link = links.links[index][edge], !visited[link.corner] else { continue }
                visited[link.corner] = true
                let direction = (edge + turn) & 3
                queue.append((link.corner, cell.next(direction), (direction + 2 - link.edge) & 3))
            }
        }
        return lattice
    }
}
