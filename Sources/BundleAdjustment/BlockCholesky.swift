/// The Cholesky factor of a sparse symmetric positive definite matrix of 6x6 blocks, one block row for each pose.
///
/// Left-looking by block columns (Davis 2006, chapter 4). Every sum runs in a fixed order of plain IEEE operations, so
/// the same matrix gives the same bits on every machine. Memory: 384 bytes for each block of the factor; time: about
/// 450 operations for each pair of blocks of a column.
package struct BlockCholesky: Sendable {
    private let order: EliminationOrder
    private var diagonal: [Block6]
    /// Per column, its blocks under the diagonal, in the order of ``EliminationOrder/rows``.
    private var columns: [[Block6]]

    /// The factor of `matrix` with `damping` times `diagonals` added to its diagonal; nil where that is not positive
    /// definite.
    package init?(
        _ matrix: BlockMatrix, order: EliminationOrder, dampingBy diagonals: [SIMD8<Double>], _ damping: Double
    ) {
        self.order = order
        let count = matrix.diagonal.count
        diagonal = order.order.map { pose in
            var block = matrix.diagonal[pose]
            for i in 0..<6 { block[i, i] += damping * diagonals[pose][i] }
            return block
        }
        columns = [[Block6]](repeating: [], count: count)
        var waiting = [[(column: Int, index: Int)]](repeating: [], count: count)
        var place = [Int](repeating: -1, count: count)
        for j in 0..<count {
            load(matrix, j, &place)
            for (k, index) in waiting[j] { apply(column: k, from: index, to: j, place, &waiting) }
            waiting[j] = []
            guard finish(j) else { return nil }
            if let first = order.rows[j].first { waiting[Int(first)].append((j, 0)) }
        }
    }

    /// The matrix's own blocks of column `j`, zeros where only fill comes; `place` gets each row's index in the column.
    private mutating func load(_ matrix: BlockMatrix, _ j: Int, _ place: inout [Int]) {
        let rows = order.rows[j]
        for (index, row) in rows.enumerated() { place[Int(row)] = index }
        var blocks = [Block6](repeating: .zero, count: rows.count)
        let pose = order.order[j]
        for (other, block) in matrix.blocks(of: pose) {
            let row = order.position[other]
            if row > j { blocks[place[row]] = block }
        }
        columns[j] = blocks
    }

    /// Subtracts from column `j` what the earlier column `k`, whose block at `index` lies in row `j`, adds to it.
    private mutating func apply(
        column k: Int, from index: Int, to j: Int, _ place: [Int], _ waiting: inout [[(column: Int, index: Int)]]
    ) {
        let source = columns[k]
        let rows = order.rows[k]
        let pivot = source[index]
        diagonal[j].subtract(pivot, timesTransposeOf: pivot)
        for i in (index + 1)..<max(rows.count, index + 1) {
            columns[j][place[Int(rows[i])]].subtract(source[i], timesTransposeOf: pivot)
        }
        if index + 1 < rows.count { waiting[Int(rows[index + 1])].append((k, index + 1)) }
    }

    private mutating func finish(_ j: Int) -> Bool {
        guard diagonal[j].factor() else { return false }
        let pivot = diagonal[j]
        for index in columns[j].indices { columns[j][index].divide(byTransposeOf: pivot) }
        return true
    }

    /// Solves for one right-hand side: six lanes for each pose.
    package func solve(_ b: [SIMD8<Double>]) -> [SIMD8<Double>] {
        var x = order.order.map { b[$0] }
        for j in x.indices {
            x[j] = diagonal[j].forwardSolve(x[j])
            for (index, row) in order.rows[j].enumerated() { x[Int(row)] -= columns[j][index].times(x[j]) }
        }
        for j in x.indices.reversed() {
            for (index, row) in order.rows[j].enumerated() { x[j] -= columns[j][index].transposedTimes(x[Int(row)]) }
            x[j] = diagonal[j].backwardSolve(x[j])
        }
        return order.position.map { x[$0] }
    }
}

/// Which poses share a block of a sparse symmetric matrix. The same for all matrices of an adjustment.
package struct BlockPattern: Sendable {
    /// Per pose, the poses of a greater number with which it shares a block, ascending.
    package let upper: [[Int32]]
    /// Per pose, those of a smaller number: with the index of the block in their lists.
    fileprivate let lower: [[(pose: Int32, index: Int32)]]

    /// A pattern from its upper triangle.
    package init(upper: [[Int32]]) {
        self.upper = upper
        var lower = [[(pose: Int32, index: Int32)]](repeating: [], count: upper.count)
        for (pose, others) in upper.enumerated() {
            for (index, other) in others.enumerated() { lower[Int(other)].append((Int32(pose), Int32(index))) }
        }
        self.lower = lower
    }

    /// Per pose, all that share a block with it, ascending.
    package var neighbours: [[Int32]] {
        upper.indices.map { pose in lower[pose].map(\.pose) + upper[pose] }
    }
}

/// A sparse symmetric matrix of 6x6 blocks.
package struct BlockMatrix: Sendable {
    /// Which blocks it has.
    let pattern: BlockPattern
    /// One for each pose.
    package var diagonal: [Block6]
    /// Per pose, the blocks with those of its upper list: rows are its own parameters, columns the other's.
    package var blocks: [[Block6]]

    /// A matrix of blocks as the pattern has them.
    package init(_ pattern: BlockPattern, diagonal: [Block6], blocks: [[Block6]]) {
        self.pattern = pattern
        self.diagonal = diagonal
        self.blocks = blocks
    }

    /// Zeros.
    package init(_ pattern: BlockPattern) {
        self.init(
            pattern, diagonal: [Block6](repeating: .zero, count: pattern.upper.count),
            blocks: pattern.upper.map { [Block6](repeating: .zero, count: $0.count) })
    }

    /// The blocks of a pose's column, each with the pose of its row.
    func blocks(of pose: Int) -> [(row: Int, block: Block6)] {
        pattern.lower[pose].map { (Int($0.pose), blocks[Int($0.pose)][Int($0.index)]) }
            + zip(pattern.upper[pose], blocks[pose]).map { (Int($0), $1.transpose) }
    }
}
