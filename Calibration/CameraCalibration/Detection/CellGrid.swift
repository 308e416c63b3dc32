/// What lies at the cells of a lattice: a table over their columns and rows that grows to every side.
///
/// A dictionary would do the same, and did: half of the time that a board of many squares took went into its hashes.
/// The memory is that of the smallest rectangle around the cells, and at most four times as much.
struct CellGrid<Value> {
    typealias Cell = CornerLattice.Cell

    private var left = 0
    private var top = 0
    private var width = 0
    private var height = 0
    private var values: [Value?] = []
    /// How many cells have a value.
    private(set) var count = 0

    subscript(cell: Cell) -> Value? {
        get { index(cell).flatMap { values[$0] } }
        set {
            if newValue != nil { include(cell) }
            guard let index = index(cell) else { return }
            count += (newValue == nil ? 0 : 1) - (values[index] == nil ? 0 : 1)
            values[index] = newValue
        }
    }

    /// The cells that have a value, row by row from the top left: the same order on every run.
    var cells: [Cell] {
        var found: [Cell] = []
        found.reserveCapacity(count)
        for (index, value) in values.enumerated() where value != nil {
            found.append(Cell(left + index % width, top + index / width))
        }
        return found
    }

    /// How many cells of a rectangle have a value.
    func count(columns: ClosedRange<Int>, rows: ClosedRange<Int>) -> Int {
        rows.reduce(0) { sum, row in sum + columns.count { self[Cell($0, row)] != nil } }
    }

    private func index(_ cell: Cell) -> Int? {
        let (x, y) = (cell.column - left, cell.row - top)
        return x >= 0 && x < width && y >= 0 && y < height ? y * width + x : nil
    }

    /// Makes room for a cell, and for as many again on its side: cells come one after the other.
    private mutating func include(_ cell: Cell) {
        guard index(cell) == nil else { return }
        let (x0, x1) = Self.extended(left, width, toward: cell.column)
        let (y0, y1) = Self.extended(top, height, toward: cell.row)
        var larger = [Value?](repeating: nil, count: (x1 - x0) * (y1 - y0))
        for row in 0..<height {
            let target = (row + top - y0) * (x1 - x0) + left - x0
            larger.replaceSubrange(target..<target + width, with: values[row * width..<(row + 1) * width])
        }
        (left, top, width, height, values) = (x0, y0, x1 - x0, y1 - y0, larger)
    }

    private static func extended(_ first: Int, _ count: Int, toward place: Int) -> (Int, Int) {
        if count == 0 { return (place - 2, place + 3) }
        if place < first { return (min(place, first - count), first + count) }
        if place >= first + count { return (first, max(place + 1, first + 2 * count)) }
        return (first, first + count)
    }
}
