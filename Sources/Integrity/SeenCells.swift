package import Geometry

/// The cells of an image in which a pose expects landmarks, and those of them in which some agree: whether what is
/// recognized is the place, or lies on one side of what should be in sight.
///
/// Half of a covered picture may show nothing but a lorry that has driven on, or a window like its neighbour; counts,
/// purity and rivals are then those of a right pose. Where the picture is only dark or blurred, the cells in which
/// nothing agrees lie among those in which something does. Owns its memory; cost: a division for each landmark.
package struct SeenCells {
    /// A cell of which less is expected is no evidence.
    private static let leastExpected = 8
    /// Matches that agree by chance are single.
    private static let leastAgreeing = 2
    /// A side is unseen that has so much less than the other, cell by cell.
    private static let leak = 0.2

    private let cells: ImageCells
    private var expected: [Int]
    private var agreeing: [Int]

    /// Of an image; nothing is expected.
    package init(of camera: Camera) {
        cells = ImageCells(of: camera)
        expected = [Int](repeating: 0, count: cells.count)
        agreeing = expected
    }

    /// Forgets an image.
    package mutating func clear() {
        for cell in expected.indices { (expected[cell], agreeing[cell]) = (0, 0) }
    }

    /// A landmark projects to a pixel.
    package mutating func expect(at pixel: Vector2) { expected[cells.index(of: pixel)] += 1 }

    /// A match agrees with the pose, at a pixel.
    package mutating func agree(at pixel: Vector2) { agreeing[cells.index(of: pixel)] += 1 }

    /// Share of the cells with expected landmarks in which some agree, 0...1; 1 where nothing is expected.
    package var share: Double {
        let all = count(0..<cells.rows, 0..<cells.columns)
        return all.expected > 0 ? Double(all.seen) / Double(all.expected) : 1
    }

    /// The largest share of the cells with expected landmarks that lies on one side of a row or of a column and is
    /// unseen beside the other side, 0...1.
    package var unseenSide: Double {
        let (rows, columns) = (0..<cells.rows, 0..<cells.columns)
        let all = count(rows, columns)
        var largest = 0
        func compare(_ side: Count) {
            let other = Count(expected: all.expected - side.expected, seen: all.seen - side.seen)
            for (here, there) in [(side, other), (other, side)] where here.isUnseen(beside: there, leak: Self.leak) {
                largest = max(largest, here.expected)
            }
        }
        for row in rows.dropFirst() { compare(count(0..<row, columns)) }
        for column in columns.dropFirst() { compare(count(rows, 0..<column)) }
        return all.expected > 0 ? Double(largest) / Double(all.expected) : 0
    }

    private struct Count {
        /// Cells with expected landmarks.
        var expected = 0
        /// Those of them in which some agree.
        var seen = 0

        func isUnseen(beside other: Count, leak: Double) -> Bool {
            expected > 0 && other.expected > 0
                && Double(seen * other.expected) <= leak * Double(other.seen * expected)
        }
    }

    private func count(_ rows: Range<Int>, _ columns: Range<Int>) -> Count {
        var count = Count()
        for row in rows {
            for column in columns {
                let cell = row * cells.columns + column
                guard expected[cell] >= Self.leastExpected else { continue }
                count.expected += 1
                if agreeing[cell] >= Self.leastAgreeing { count.seen += 1 }
            }
        }
        return count
    }
}
