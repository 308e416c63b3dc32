internal import Geometry

/// Which corner of a plain chessboard is which.
///
/// All four sides of the board must be in view; then the sizes and the colours of the fields say how it lies. Where
/// they leave a choice (a square board, or one that looks the same upside down) the board is taken as lying most
/// upright in the image.
struct ChessboardIdentification {
    let columns: Int
    let rows: Int

    enum Outcome {
        /// The cell of each corner by id, where there is one.
        case whole([CornerLattice.Cell?])
        case partial(found: Int)
        /// A whole chessboard as far as can be seen, but a smaller one: or a part of the board.
        case smaller(columns: Int, rows: Int)
        case otherSize(columns: Int, rows: Int)
    }

    /// Part of the corners that must be found.
    private static let leastPart = 0.85
    /// Part of a smaller board's corners that must be.
    private static let wholePart = 0.95

    /// Completes and refines the lattice as far as is needed to know the board: its gaps first, then outwards.
    func find(in lattice: inout CornerLattice, _ source: CornerImage) -> Outcome {
        lattice.complete(in: source)
        var outcome = identify(lattice)
        let bounds = lattice.bounds
        for isBounded in [true, false] {
            if case .whole(let cells) = outcome, !cells.contains(nil) || !isBounded { break }
            let before = lattice.nodes.count
            lattice.grow(in: source) {
                !isBounded || bounds.columns.contains($0.column) && bounds.rows.contains($0.row)
            }
            guard lattice.nodes.count != before else { continue }
            lattice.complete(in: source)
            outcome = identify(lattice)
        }
        return outcome
    }

    private func identify(_ lattice: CornerLattice) -> Outcome {
        let windows = windows(lattice)
        if windows.count == 1, let ids = ids(lattice, windows[0]) { return .whole(ids) }
        // Lines with few corners are strays beside the board.
        let bounds = lattice.bounds
        let inColumns = bounds.columns.map { lattice.nodes.count(columns: $0...$0, rows: bounds.rows) }
        let inRows = bounds.rows.map { lattice.nodes.count(columns: bounds.columns, rows: $0...$0) }
        let width = inColumns.count { 2 * $0 > bounds.rows.count }
        let height = inRows.count { 2 * $0 > bounds.columns.count }
        let fits = width <= columns && height <= rows || width <= rows && height <= columns
        let isFilled = Double(lattice.nodes.count) >= 0.7 * Double(width * height)
        guard fits else {
            return isFilled
                ? .otherSize(columns: max(width, height), rows: min(width, height))
                : .partial(found: lattice.nodes.count)
        }
        let isWhole = min(width, height) >= 3 && Double(lattice.nodes.count) >= Self.wholePart * Double(width * height)
        let isSmaller = width * height < columns * rows
        return isWhole && isSmaller
            ? .smaller(columns: max(width, height), rows: min(width, height))
            : .partial(found: lattice.nodes.count)
    }

    typealias Window = (columns: ClosedRange<Int>, rows: ClosedRange<Int>)

    /// The parts of the lattice that have the board's size, are nearly full, and end on every side: a stray corner
    /// beside the board does not count.
    private func windows(_ lattice: CornerLattice) -> [Window] {
        let bounds = lattice.bounds
        var found: [Window] = []
        for (width, height) in columns == rows ? [(columns, rows)] : [(columns, rows), (rows, columns)]
        where width <= bounds.columns.count && height <= bounds.rows.count {
            for left in bounds.columns.lowerBound...bounds.columns.upperBound - width + 1 {
                for top in bounds.rows.lowerBound...bounds.rows.upperBound - height + 1 {
                    let window = (left...left + width - 1, top...top + height - 1)
                    if isBoard(window, lattice) { found.append(window) }
                }
            }
        }
        return found
    }

    private func isBoard(_ window: Window, _ lattice: CornerLattice) -> Bool {
        func part(_ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>) -> Double {
            Double(lattice.nodes.count(columns: columns, rows: rows)) / Double(columns.count * rows.count)
        }
        let (x, y) = (window.columns, window.rows)
        guard part(x, y) >= Self.leastPart else { return false }
        return [x.lowerBound, x.upperBound].allSatisfy { part($0...$0, y) >= 0.5 }
            && [y.lowerBound, y.upperBound].allSatisfy { part(x, $0...$0) >= 0.5 }
            && [x.lowerBound - 1, x.upperBound + 1].allSatisfy { part($0...$0, y) < 0.4 }
            && [y.lowerBound - 1, y.upperBound + 1].allSatisfy { part(x, $0...$0) < 0.4 }
    }

    /// Ids of the part of the lattice that is the board, turned as colours and uprightness say.
    private func ids(_ lattice: CornerLattice, _ window: Window) -> [CornerLattice.Cell?]? {
        var best: (isDark: Bool, upright: Double, cells: [CornerLattice.Cell?])?
        for turn in 0..<4 {
            let (width, height) = turn % 2 == 0 ? (columns, rows) : (rows, columns)
            guard window.columns.count == width, window.rows.count == height else { continue }
            let cells = (0..<columns * rows).map { id -> CornerLattice.Cell? in
                let cell = Self.cell(id % columns, id / columns, turn, window.columns, window.rows)
                return lattice.nodes[cell] == nil ? nil : cell
            }
            guard let upright = upright(cells, lattice) else { continue }
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
