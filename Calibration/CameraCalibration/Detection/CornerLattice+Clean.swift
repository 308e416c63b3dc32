internal import Geometry

extension CornerLattice {
    /// Farther than this from where its surroundings let it be expected (steps), a corner is wrong: a glint, a shadow,
    /// a finger.
    private static func limit(_ confidence: Confidence) -> Double {
        switch confidence {
        case .firm: 0.06
        case .parallelogram: 0.25
        case .line: 0.35
        }
    }
    /// Errors below this many pixels are never called wrong.
    private static let smallest = 1.0

    /// Refines all corners, and looks again for those that then do not fit where they should be.
    mutating func complete(in source: CornerImage) {
        refine(in: source)
        let wrong = removeWrong(isUniform: source.isUniform)
        guard !wrong.isEmpty else { return }
        grow(in: source) { wrong.contains($0) }
        refine(in: source)
        let missing = wrong.union(removeWrong(isUniform: source.isUniform)).filter { nodes[$0] == nil }
        guard !missing.isEmpty else { return }
        // A glint beside a corner pulls a wide window away from it.
        let narrow = source.narrow
        grow(in: narrow) { missing.contains($0) }
        refine(in: narrow, only: missing)
        _ = removeWrong(isUniform: source.isUniform)
    }

    /// Takes out corners that are two of the lattice, or fit badly, or hang on it loosely; gives their cells.
    private mutating func removeWrong(isUniform: Bool) -> Set<Cell> {
        var removed = Set(removeDoubles())
        removed.formUnion(removeMisfits(isUniform: isUniform))
        removed.formUnion(keepLargestPart())
        return removed
    }

    /// Corners that came to lie on one point: one of them is wrong, and which is not known.
    private mutating func removeDoubles() -> [Cell] {
        let ordered = nodes.cells
        let grid = PointGrid(ordered.map { nodes[$0]?.pixel ?? .zero })
        var doubles: [Cell] = []
        for (index, cell) in ordered.enumerated() {
            guard let here = nodes[cell]?.pixel else { continue }
            grid.forEachRing(around: here) { reach, candidates in
                for other in candidates where other != index {
                    guard let there = nodes[ordered[other]]?.pixel, (there - here).length < 1.5 else { continue }
                    doubles.append(cell)
                    return false
                }
                return reach <= 2
            }
        }
        for cell in doubles { nodes[cell] = nil }
        return doubles
    }

    /// Takes out all but the largest part whose corners are neighbours.
    private mutating func keepLargestPart() -> [Cell] {
        var part = CellGrid<Int>()
        var sizes: [Int] = []
        for seed in nodes.cells where part[seed] == nil {
            var stack = [seed]
            part[seed] = sizes.count
            var size = 0
            while let cell = stack.popLast() {
                size += 1
                for next in (0..<4).map({ cell.next($0) }) where nodes[next] != nil && part[next] == nil {
                    part[next] = sizes.count
                    stack.append(next)
                }
            }
            sizes.append(size)
        }
        guard sizes.count > 1, let largest = sizes.indices.max(by: { sizes[$0] < sizes[$1] }) else { return [] }
        let others = nodes.cells.filter { part[$0] != largest }
        for cell in others { nodes[cell] = nil }
        return others
    }

    /// Takes out the corners that do not fit their surroundings, the worst first; gives their cells.
    private mutating func removeMisfits(isUniform: Bool) -> [Cell] {
        var removed: [Cell] = []
        let most = nodes.count / 4
        while removed.count < most, let worst = worstMisfit(isUniform) {
            nodes[worst] = nil
            removed.append(worst)
        }
        return removed
    }

    private func worstMisfit(_ isUniform: Bool) -> Cell? {
        var worst: (cell: Cell, excess: Double)?
        for cell in nodes.cells {
            guard let (distance, confidence) = misfit(at: cell, isUniform: isUniform),
                let step = stepLength(at: cell, isUniform: isUniform)
            else { continue }
            let excess = distance / max(Self.limit(confidence) * step, Self.smallest)
            guard excess > 1 else { continue }
            if let known = worst, known.excess >= excess { continue }
            worst = (cell, excess)
        }
        return worst?.cell
    }
}
