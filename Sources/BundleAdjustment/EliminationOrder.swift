/// The order in which the poses of a sparse system are eliminated, and which blocks its factor has.
///
/// Minimum degree on the elimination graph (Tinney and Walker 1967; George and Liu 1989), ties to the lowest number, so
/// the order depends on the graph alone. Cost: about the number of blocks of the factor times their mean per column.
package struct EliminationOrder: Sendable {
    /// Position in the order -> pose.
    package let order: [Int]
    /// Pose -> position in the order.
    package let position: [Int]
    /// Per column of the factor (in elimination order), the rows of its blocks under the diagonal, ascending, by
    /// position.
    package let rows: [[Int32]]

    /// - Parameter neighbours: per pose, those that share a block with it, ascending, without itself; symmetric.
    package init(neighbours: [[Int32]]) {
        let count = neighbours.count
        var graph = neighbours
        var buckets = DegreeBuckets(degrees: neighbours.map(\.count))
        var (order, position) = ([Int](), [Int](repeating: 0, count: count))
        var columns: [[Int32]] = []
        while let pose = buckets.removeLowest() {
            position[pose] = order.count
            order.append(pose)
            let clique = graph[pose]
            columns.append(clique)
            graph[pose] = []
            for member in clique {
                let own = graph[Int(member)]
                graph[Int(member)] = Self.union(own, clique, without: (Int32(pose), member))
                buckets.update(Int(member), degree: graph[Int(member)].count)
            }
        }
        self.order = order
        self.position = position
        rows = columns.map { column in column.map { Int32(position[Int($0)]) }.sorted() }
    }

    /// The ascending union of two ascending lists without two members.
    private static func union(_ a: [Int32], _ b: [Int32], without left: (Int32, Int32)) -> [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(a.count + b.count)
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            let next: Int32
            if j == b.count || (i < a.count && a[i] <= b[j]) {
                next = a[i]
                if j < b.count, b[j] == next { j += 1 }
                i += 1
            } else {
                next = b[j]
                j += 1
            }
            if next != left.0, next != left.1 { result.append(next) }
        }
        return result
    }
}

/// Poses by their degree, so that the lowest is found at once.
private struct DegreeBuckets {
    private var buckets: [Set<Int>] = []
    private var degrees: [Int]
    private var left: Int

    init(degrees: [Int]) {
        self.degrees = degrees
        left = degrees.count
        buckets = [Set<Int>](repeating: [], count: (degrees.max() ?? 0) + 1)
        for (pose, degree) in degrees.enumerated() { buckets[degree].insert(pose) }
    }

    mutating func removeLowest() -> Int? {
        guard left > 0, let degree = buckets.firstIndex(where: { !$0.isEmpty }), let pose = buckets[degree].min()
        else { return nil }
        buckets[degree].remove(pose)
        left -= 1
        return pose
    }

    mutating func update(_ pose: Int, degree: Int) {
        buckets[degrees[pose]].remove(pose)
        while buckets.count <= degree { buckets.append([]) }
        buckets[degree].insert(pose)
        degrees[pose] = degree
    }
}
