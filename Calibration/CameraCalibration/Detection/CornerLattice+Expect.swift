internal import Geometry

extension CornerLattice {
    /// Where a corner is to be expected from those around it, whether it is there or not; nil with too few of them.
    ///
    /// From the rows beside where there are any: along two parallel rows the steps differ little, so the bend of the
    /// one is that of the other (exact to the third order). Only where that fails, from parallelograms and from the
    /// line itself.
    func expected(at cell: Cell, isUniform: Bool) -> Vector2? {
        mean(of: { bend(at: cell, direction: $0) }) ?? mean(of: { extrapolation(to: cell, direction: $0, isUniform) })
    }

    /// How well a corner's surroundings say where it should be.
    enum Confidence {
        /// From the row beside.
        case firm
        case parallelogram
        /// From one line alone.
        case line
    }

    /// How far a corner is from where those around it let it be expected, pixels; nil if they do not say.
    func misfit(at cell: Cell, isUniform: Bool) -> (distance: Double, confidence: Confidence)? {
        guard let here = nodes[cell]?.pixel else { return nil }
        if let expected = mean(of: { bend(at: cell, direction: $0) }) { return ((here - expected).length, .firm) }
        if let expected = mean(of: { parallelogram(at: cell, direction: $0) }) {
            return ((here - expected).length, .parallelogram)
        }
        guard isUniform, let expected = mean(of: { extrapolation(to: cell, direction: $0, true) }) else { return nil }
        return ((here - expected).length, .line)
    }

    /// The scale of what is expected, pixels: the shorter of the steps to the neighbours, or where steps differ the
    /// longest.
    func stepLength(at cell: Cell, isUniform: Bool) -> Double? {
        if isUniform { return (0..<2).compactMap { step(at: cell, direction: $0)?.length }.min() }
        guard let here = nodes[cell]?.pixel else { return nil }
        return (0..<4).compactMap { nodes[cell.next($0)].map { ($0.pixel - here).length } }.max()
    }

    private func mean(of prediction: (Int) -> Vector2?) -> Vector2? {
        var sum = Vector2.zero
        var count = 0.0
        for direction in 0..<4 {
            guard let p = prediction(direction) else { continue }
            sum += p
            count += 1
        }
        return count > 0 ? sum / count : nil
    }

    private func pixel(_ cell: Cell) -> Vector2? { nodes[cell]?.pixel }

    /// The middle of the neighbours to both sides, bent as the row next in `direction` is.
    private func bend(at cell: Cell, direction: Int) -> Vector2? {
        let beside = cell.next(direction)
        guard let left = pixel(cell.next(direction + 3)), let right = pixel(cell.next(direction + 1)),
            let middle = pixel(beside), let a = pixel(beside.next(direction + 3)),
            let b = pixel(beside.next(direction + 1))
        else { return nil }
        let (here, there): (Vector2, Vector2) = (0.5 * (left + right), 0.5 * (a + b))
        return here + middle - there
    }

    private func parallelogram(at cell: Cell, direction: Int) -> Vector2? {
        let next = cell.next(direction)
        guard let a = pixel(next), let b = pixel(cell.next(direction + 1)), let c = pixel(next.next(direction + 1))
        else { return nil }
        return a + b - c
    }

    /// From the corners in one direction: the line continued, or a parallelogram.
    private func extrapolation(to cell: Cell, direction: Int, _ isUniform: Bool) -> Vector2? {
        if let p = parallelogram(at: cell, direction: direction) { return p }
        let (first, second) = (cell.next(direction), cell.next(direction).next(direction))
        guard let p1 = pixel(first), let p2 = pixel(second) else { return nil }
        guard let p3 = pixel(second.next(direction)) else { return isUniform ? 2 * p1 - p2 : nil }
        return isUniform ? 3 * (p1 - p2) + p3 : p1 + p2 - p3
    }
}
