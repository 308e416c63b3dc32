import Geometry
import GeometryFixtures
import Testing
import TestSupport

@Suite struct SymmetricMatrix6Tests {
    static func random(_ g: inout SeededGenerator, rank: Int = 12) -> SymmetricMatrix6 {
        var e = PoseNormalEquations()
        for _ in 0..<rank {
            e.accumulate(
                residual: 0, jacobian: Twist(translation: g.vector(1), rotation: g.vector(1)), weight: 1)
        }
        return e.matrix
    }

    @Test("solving undoes multiplying; the inverse is both-sided and symmetric")
    func solve() throws {
        var g = SeededGenerator(seed: 81)
        for _ in 0..<200 {
            let m = Self.random(&g)
            let x = Twist(translation: g.vector(2), rotation: g.vector(2))
            let back = try #require(Factor6(m)).solve(m * x) - x
            #expect(back.dot(back) < 1e-16)
            let inverse = try #require(m.inverse)
            let same = inverse * (m * x) - x
            #expect(same.dot(same) < 1e-16)
            for r in 0..<6 { for c in 0..<6 { #expect(inverse[r, c] == inverse[c, r] && m[r, c] == m[c, r]) } }
        }
    }

    @Test("elements are in the order translation, rotation")
    func order() {
        var e = PoseNormalEquations()
        let v = Twist(translation: Vector3(1, 2, 3), rotation: Vector3(4, 5, 6))
        e.accumulate(residual: 2, jacobian: v, weight: 0.5)
        for r in 0..<6 {
            #expect(e.gradient[r] == Double(r + 1))
            for c in 0..<6 { #expect(e.matrix[r, c] == 0.5 * Double((r + 1) * (c + 1))) }
        }
    }

    @Test("what is not positive definite has no inverse")
    func singular() {
        var g = SeededGenerator(seed: 82)
        #expect(SymmetricMatrix6.zero.inverse == nil)
        let identity = SymmetricMatrix6(translation: .identity, cross: .zero, rotation: .identity)
        #expect(identity.inverse == identity)
        #expect((identity * -1).inverse == nil)
        #expect((identity * .nan).inverse == nil)
        for rank in 1...5 { for _ in 0..<50 { #expect(Self.random(&g, rank: rank).inverse == nil) } }
    }

    @Test("the binomial logarithm equals Pascal's triangle")
    func binomial() {
        var row = [1.0]
        for n in 1...60 {
            row = [1] + zip(row, row.dropFirst()).map { $0 + $1 } + [1]
            for k in 0...n { #expect(abs(exponential(logBinomial(n, k)) / row[k] - 1) < 1e-9) }
        }
        #expect(logBinomial(5, 6) == -.infinity && logBinomial(5, -1) == -.infinity)
    }
}
