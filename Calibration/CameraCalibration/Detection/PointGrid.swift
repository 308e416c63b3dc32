internal import Geometry

/// Points sorted into square cells, to be visited in rings of growing distance.
struct PointGrid {
    private let cell = 24.0
    private let columns: Int
    private let rows: Int
    /// Where each cell's points begin in `order`, and their end behind the last.
    private var starts: [Int]
    private var order: [Int]

    /// Of points that are not negative.
    init(_ points: [Vector2]) {
        let far = points.reduce(Vector2.zero) { pointwiseMax($0, $1) }
        columns = Int(far.x / cell) + 1
        rows = Int(far.y / cell) + 1
        starts = [Int](repeating: 0, count: columns * rows + 1)
        order = [Int](repeating: 0, count: points.count)
        let cells = points.map { Int(max($0.y, 0) / cell) * columns + Int(max($0.x, 0) / cell) }
        for cell in cells { starts[cell + 1] += 1 }
        for k in 1..<starts.count { starts[k] += starts[k - 1] }
        var next = starts
        for (index, cell) in cells.enumerated() {
            order[next[cell]] = index
            next[cell] += 1
        }
    }

    /// Calls `body` with rings of cells around `centre`, one cell row at a time, and the distance within which all
    /// points have been given before; until it returns false or all cells were visited.
    func forEachRing(around centre: Vector2, _ body: (Double, ArraySlice<Int>) -> Bool) {
        let (x, y) = (Int(max(centre.x, 0) / cell), Int(max(centre.y, 0) / cell))
        for ring in 0..<max(columns, rows) {
            let reach = Double(ring - 1) * cell
            for row in max(y - ring, 0)...max(min(y + ring, rows - 1), 0) {
                let step = row == y - ring || row == y + ring ? 1 : max(2 * ring, 1)
                for column in stride(from: x - ring, through: x + ring, by: step) where (0..<columns).contains(column) {
                    let k = row * columns + column
                    guard starts[k] < starts[k + 1] else { continue }
                    guard body(reach, order[starts[k]..<starts[k + 1]]) else { return }
                }
            }
        }
    }
}
