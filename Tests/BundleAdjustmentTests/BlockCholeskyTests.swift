import BundleAdjustment
import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// The sparse factor against the dense one, over graphs of different shapes.
@Suite struct BlockCholeskyTests {
    /// Per pose, those of a greater number that it is coupled with.
    static let graphs: [String: [[Int32]]] = [
        "a chain": (0..<12).map { $0 < 11 ? [Int32($0 + 1)] : [] },
        "a loop": (0..<12).map { $0 == 0 ? [1, 11] : $0 < 11 ? [Int32($0 + 1)] : [] },
        "a star about the first": [Array(1..<12)] + [[Int32]](repeating: [], count: 11),
        "all with all": (0..<8).map { Array(Int32($0 + 1)..<max(8, Int32($0 + 1))) },
        "two parts": (0..<10).map { $0 % 5 < 4 ? [Int32($0 + 1)] : [] },
        "alone": [[]],
    ]

    @Test(arguments: graphs.keys.sorted()) func solvesAsTheDenseOne(name: String) throws {
        let graph = try #require(Self.graphs[name])
        var g = SeededGenerator(name)
        let count = graph.count
        let pattern = BlockPattern(upper: graph)
        // Positive definite as a sum of outer products of rows, one for each coupling and some for each pose.
        var (matrix, dense) = (BlockMatrix(pattern), [Double](repeating: 0, count: 36 * count * count))
        func add(_ a: Int, _ b: Int) {
            var row = [Double](repeating: 0, count: 6 * count)
            for i in 0..<6 {
                row[6 * a + i] = g.normal()
                row[6 * b + i] += a == b ? 0 : g.normal()
            }
            for i in row.indices { for j in row.indices { dense[j * 6 * count + i] += row[i] * row[j] } }
        }
        for a in 0..<count {
            for _ in 0..<8 { add(a, a) }
            for b in graph[a] { for _ in 0..<3 { add(a, Int(b)) } }
        }
        func block(_ a: Int, _ b: Int) -> Block6 {
            var block = Block6.zero
            for i in 0..<6 { for j in 0..<6 { block[i, j] = dense[(6 * b + j) * 6 * count + 6 * a + i] } }
            return block
        }
        for a in 0..<count {
            matrix.diagonal[a] = block(a, a)
            for (index, b) in graph[a].enumerated() { matrix.blocks[a][index] = block(a, Int(b)) }
        }
        let right = (0..<count).map { _ in SIMD8((0..<8).map { $0 < 6 ? g.normal() : 0 }) }
        let damping = 0.1
        let diagonals = (0..<count).map { a in SIMD8((0..<8).map { $0 < 6 ? block(a, a)[$0, $0] : 0 }) }
        let order = EliminationOrder(neighbours: pattern.neighbours)
        let factor = try #require(BlockCholesky(matrix, order: order, dampingBy: diagonals, damping))
        let found = factor.solve(right)
        for i in 0..<6 * count { dense[i * 6 * count + i] *= 1 + damping }
        var expected = right.flatMap { lanes in (0..<6).map { lanes[$0] } }
        #expect(SymmetricPositive.solve(&dense, &expected))
        for a in 0..<count { for i in 0..<6 { #expect(abs(found[a][i] - expected[6 * a + i]) < 1e-9) } }
    }

    @Test func anIndefiniteMatrixHasNoFactor() {
        let pattern = BlockPattern(upper: [[1], []])
        var matrix = BlockMatrix(pattern)
        for i in 0..<6 {
            (matrix.diagonal[0][i, i], matrix.diagonal[1][i, i]) = (1, 1)
            matrix.blocks[0][0][i, i] = 2
        }
        let order = EliminationOrder(neighbours: pattern.neighbours)
        #expect(BlockCholesky(matrix, order: order, dampingBy: [.zero, .zero], 0) == nil)
    }

    /// The middle of a star is eliminated last, so nothing is filled in.
    @Test func minimumDegreeAvoidsFill() throws {
        let graph = try #require(Self.graphs["a star about the first"])
        let order = EliminationOrder(neighbours: BlockPattern(upper: graph).neighbours)
        #expect(order.rows.reduce(0) { $0 + $1.count } == 11)
        let loop = try #require(Self.graphs["a loop"])
        let around = EliminationOrder(neighbours: BlockPattern(upper: loop).neighbours)
        #expect(around.rows.reduce(0) { $0 + $1.count } <= 12 + 9)
        #expect(Set(around.order) == Set(0..<12))
    }
}
