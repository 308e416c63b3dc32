internal import Geometry

/// Which corner of a plain chessboard is which.
///
/// All four sides of the board must be in view; then the sizes and the colours of the fields say how it lies. Where they leave a choice (a square
/// board, or one that looks the same upside down) the board is taken as lying most upright in the image.
struct ChessboardIdentification {
    let columns: Int
    let rows: Int

    enum Outcome {
        /// The cell of each corner by id, where there is one.
        case whole([CornerLattice.Cell?])
        case partial(found: Int)
        case otherSize(columns: Int, rows: Int)
    }

    /// Part of the corners that must be found for the sides to be believed.
    private static let leastPart = 0.85

    func identify(_ lattice: CornerLattice) -> Outcome {
        let (spanX, spanY) = lattice.bounds
        let (width, height) = (spanX.count, spanY.count)
        if let ids = ids(lattice, spanX, spanY) { return .whole(ids) }
        // A corner beside the board may have been taken in: the board is the only part that is full.
        if let window = fullWindow(lattice, spanX, spanY), let ids = ids(lattice, window.0, window.1) {
            return .whole(ids)
        }
        let fits = width <= columns && height <= rows || width <= rows && height <= columns
        return fits || !isFilled(lattice, spanX, spanY)
            ? .partial(found: lattice.nodes.count) : .otherSize(columns: max(width, height), rows: min(width, height))
    }

    /// The part of a larger lattice that has the board's size and no gap, if there is one only.
    private func fullWindow(
        _ lattice: CornerLattice, _ spanX: ClosedRange<Int>, _ spanY: ClosedRange<Int>
    ) -> (ClosedRange<Int>, ClosedRange<Int>)? {
        guard spanX.count * spanY.count < 3 * columns * rows else { return nil }
        var found: (ClosedRange<Int>, ClosedRange<Int>)?
        for (width, height) in columns == rows ? [(columns, rows)] : [(columns, rows), (rows, columns)]
        where width <= spanX.count && height <= spanY.count {
            for left in spanX.lowerBound...spanX.upperBound - width + 1 {
                for top in spanY.lowerBound...spanY.upperBound - height + 1 {
                    let window = (left...left + width - 1, top...top + height - 1)
                    let inside = lattice.nodes.keys.count {
                        window.0.contains($0.column) && window.1.contains($0.row)
                    }
                    guard inside == width * height else { continue }
                    if found != nil { return nil }
                    found = window
                }
            }
        }
        return found
    }

    private func isFilled(_ lattice: CornerLattice, _ spanX: ClosedRange<Int>, _ spanY: ClosedRange<Int>) -> Bool {
        Double(lattice.nodes.count) >= 0.7 * Double(spanX.count * spanY.count)
    }

    /// Ids of a lattice whose part in view has the board's size; nil if it has not, or a side of it is not sure.
    private func ids(
        _ lattice: CornerLattice, _ spanX: ClosedRange<Int>, _ spanY: ClosedRange<Int>
    ) -> [CornerLattice.Cell?]? {
        var best: (isDark: Bool, upright: Double, cells: [CornerLattice.Cell?])?
        for turn in 0..<4 {
            let (width, height) = turn % 2 == 0 ? (columns, rows) : (rows, columns)
            guard spanX.count == width, spanY.count == height else { continue }
            let cells = (0..<columns * rows).map { id -> CornerLattice.Cell? in
                let cell = Self.cell(id % columns, id / columns, turn, spanX, spanY)
                return lattice.nodes[cell] == nil ? nil : cell
            }
            guard isSure(cells), let upright = upright(cells, lattice) else { continue }
            let isDark = startsDark(cells, lattice, turn)
            if let known = best, (known.isDark && !isDark) || known.isDark == isDark && known.upright >= upright {
                continue
            }
            best = (isDark, upright, cells)
        }
        return best?.cells
    }

    /// The lattice's cell of the board's corner when the board's x axis points in direction `turn` of the lattice.
    private static func cell(
        _ column: Int, _ row: Int, _ turn: Int, _ spanX: ClosedRange<Int>, _ spanY: ClosedRange<Int>
    ) -> CornerLattice.Cell {
        switch turn {
        case 0: CornerLattice.Cell(spanX.lowerBound + column, spanY.lowerBound + row)
        case 1: CornerLattice.Cell(spanX.upperBound - row, spanY.lowerBound + column)
        case 2: CornerLattice.Cell(spanX.upperBound - column, spanY.upperBound - row)
        default: CornerLattice.Cell(spanX.lowerBound + row, spanY.upperBound - column)
        }
    }

    /// Enough corners altogether, and half of each side: a side that one stray corner makes is none.
    private func isSure(_ cells: [CornerLattice.Cell?]) -> Bool {
        func part(_ ids: [Int]) -> Double { Double(ids.count { cells[$0] != nil }) / Double(ids.count) }
        guard part(Array(cells.indices)) >= Self.leastPart else { return false }
        let (across, down) = (Array(0..<columns), Array(0..<rows))
        let sides = [
            across, across.map { (rows - 1) * columns + $0 }, down.map { $0 * columns },
            down.map { $0 * columns + columns - 1 },
        ]
        return sides.allSatisfy { part($0) >= 0.5 }
    }

    /// Whether the field above and to the left of corner 0 is dark, by most corners.
    private func startsDark(_ cells: [CornerLattice.Cell?], _ lattice: CornerLattice, _ turn: Int) -> Bool {
        var votes = 0
        for (id, cell) in cells.enumerated() {
            guard let cell, let node = lattice.nodes[cell] else { continue }
            let isDark = (node.turn - turn + id % columns + id / columns) & 1 == 0
            votes += isDark ? 1 : -1
        }
        return votes > 0
    }

    /// How far the board's x axis points to the image's right and its y axis down, pixels a step.
    private func upright(_ cells: [CornerLattice.Cell?], _ lattice: CornerLattice) -> Double? {
        var (sum, count) = (0.0, 0.0)
        for (id, cell) in cells.enumerated() {
            guard let cell, let here = lattice.nodes[cell]?.pixel else { continue }
            if id % columns + 1 < columns, let right = cells[id + 1].flatMap({ lattice.nodes[$0]?.pixel }) {
                sum += right.x - here.x
                count += 1
            }
            if id + columns < cells.count, let below = cells[id + columns].flatMap({ lattice.nodes[$0]?.pixel }) {
                sum += below.y - here.y
                count += 1
            }
        }
        return count > 0 ? sum / count : nil
    }
}
