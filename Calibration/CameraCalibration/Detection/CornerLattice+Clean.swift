internal import Geometry

extension CornerLattice {
    /// Farther than this from where its surroundings let it be expected (steps), a corner is wrong: a glint, a shadow, a finger.
    private static func limit(_ firmness: Firmness) -> Double {
        switch firmness {
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
        let wrong = Set(removeMisfits(isUniform: source.isUniform))
        guard !wrong.isEmpty else { return }
        grow(in: source) { wrong.contains($0) }
        refine(in: source)
        _ = removeMisfits(isUniform: source.isUniform)
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
        for cell in nodes.keys {
            guard let (distance, firmness) = misfit(at: cell, isUniform: isUniform),
                let step = stepLength(at: cell)
            else { continue }
            let excess = distance / max(Self.limit(firmness) * step, Self.smallest)
            guard excess > 1 else { continue }
            if let known = worst, (known.excess, cell.row, cell.column) > (excess, known.cell.row, known.cell.column) {
                continue
            }
            worst = (cell, excess)
        }
        return worst?.cell
    }
}
