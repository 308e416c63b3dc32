internal import Geometry

/// Lines of equal value on a grid (marching squares, values linear along edges).
enum Contours {
    /// The corners of a cell, in order around it.
    private static let offsets = [(x: 0, y: 0), (x: 1, y: 0), (x: 1, y: 1), (x: 0, y: 1)]

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
                let corners = offsets.map { offset -> (at: Vector2, value: Double) in
                    let x: Int = column + offset.x
                    let y: Int = row + offset.y
                    return (Vector2(Double(x), Double(y)), values[y * columns + x])
                }
                guard corners.allSatisfy({ $0.value.isFinite }) else { continue }
                var crossings: [Vector2] = []
                for index in corners.indices {
                    let (a, b) = (corners[index], corners[(index + 1) % corners.count])
                    guard (a.value < level) != (b.value < level) else { continue }
                    let share: Double = (level - a.value) / (b.value - a.value)
                    crossings.append(a.at + (b.at - a.at) * share)
                }
                for i in stride(from: 0, to: crossings.count - 1, by: 2) {
                    result.append((crossings[i], crossings[i + 1]))
                }
            }
        }
        return result
    }
}
