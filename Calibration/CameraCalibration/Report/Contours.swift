internal import Geometry

/// Lines of equal value on a grid (marching squares, values linear along edges).
enum Contours {
    /// - Parameters:
    ///   - values: `columns` times `rows`, row by row; cells that touch a value that is not finite have no line.
    ///   - columns: of the grid.
    ///   - rows: of the grid.
    ///   - level: the value that the lines follow.
    /// - Returns: segments in units of the grid.
    static func segments(
        _ values: [Double], columns: Int, rows: Int, level: Double
    ) -> [(Vector2, Vector2)] {
        var result: [(Vector2, Vector2)] = []
        for row in 0..<max(rows - 1, 0) {
            for column in 0..<max(columns - 1, 0) {
                let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map { offset in
                    (
                        at: Vector2(Double(column + offset.0), Double(row + offset.1)),
                        value: values[(row + offset.1) * columns + column + offset.0]
                    )
                }
                guard corners.allSatisfy({ $0.value.isFinite }) else { continue }
                var crossings: [Vector2] = []
                for (a, b) in zip(corners, corners.dropFirst() + corners.prefix(1))
                where (a.value < level) != (b.value < level) {
                    crossings.append(a.at + (b.at - a.at) * ((level - a.value) / (b.value - a.value)))
                }
                for i in stride(from: 0, to: crossings.count - 1, by: 2) {
                    result.append((crossings[i], crossings[i + 1]))
                }
            }
        }
        return result
    }
}
