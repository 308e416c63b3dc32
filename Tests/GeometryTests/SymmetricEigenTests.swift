import Geometry
import GeometryFixtures
import TestSupport
import Testing

@Suite struct SymmetricEigenTests {
    @Test("eigenvectors and eigenvalues give the matrix back", arguments: [1, 2, 5, 14])
    func decomposition(order n: Int) {
        var g = SeededGenerator("eigen \(n)")
        let root = (0..<n * n).map { _ in g.normal() }
        // Scales that differ by many powers of ten, as pixels and coefficients do.
        let scale = (0..<n).map { 1 / Double(1 << (2 * $0)) }
        var matrix = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0..<n {
                for k in 0..<n { matrix[i * n + j] += root[i * n + k] * root[j * n + k] * scale[i] * scale[j] }
            }
        }
        let eigen = SymmetricEigen(matrix, order: n)
        let again = eigen.mapped { $0 }
        for i in 0..<n {
            for j in 0..<n {
                #expect(abs(again[i * n + j] - matrix[i * n + j]) <= 1e-12 * scale[min(i, j)])
                let product = (0..<n).reduce(0.0) { $0 + eigen.vectors[i * n + $1] * eigen.vectors[j * n + $1] }
                #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
            }
        }
        // A function of the matrix: its square root, squared.
        let half = eigen.mapped { $0.squareRoot() }
        let squared = SymmetricEigen(half, order: n).mapped { $0 * $0 }
        for (a, b) in zip(squared, matrix) { #expect(abs(a - b) < 1e-10 * scale[0]) }
    }
}
