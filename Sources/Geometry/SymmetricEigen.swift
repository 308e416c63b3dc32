/// Eigenvalues and eigenvectors of a small dense symmetric matrix, by Jacobi's rotations (Golub and Van Loan, section
/// 8.5): slow for large ones, exact for badly scaled ones. Some ten microseconds for a matrix of twelve rows.
public struct SymmetricEigen: Sendable {
    /// In no order.
    public private(set) var values: [Double]
    /// The unit vectors that belong to them, one after the other.
    public private(set) var vectors: [Double]
    private let order: Int

    /// - Parameters:
    ///   - matrix: n x n, row by row, symmetric.
    ///   - order: its rows n.
    public init(_ matrix: [Double], order: Int) {
        precondition(matrix.count == order * order, "SymmetricEigen: order and storage differ")
        self.order = order
        values = matrix
        vectors = (0..<order * order).map { $0 / order == $0 % order ? 1 : 0 }
        // Convergence is quadratic: a dozen sweeps are more than any matrix needs.
        for _ in 0..<30 where isCoupled { sweep() }
        values = (0..<order).map { values[$0 * order + $0] }
    }

    /// `V f(λ) Vᵀ`: the matrix with a function applied to its eigenvalues, row by row.
    public func mapped(_ function: (Double) -> Double) -> [Double] {
        var result = [Double](repeating: 0, count: order * order)
        for k in 0..<order {
            let value = function(values[k])
            for i in 0..<order {
                let scaled = value * vectors[k * order + i]
                for j in 0..<order { result[i * order + j] += scaled * vectors[k * order + j] }
            }
        }
        return result
    }

    /// Whether an element off the diagonal still counts beside its diagonal ones.
    private var isCoupled: Bool {
        for i in 0..<order {
            for j in 0..<i where couples(i, j) { return true }
        }
        return false
    }

    private func couples(_ i: Int, _ j: Int) -> Bool {
        let (a, b, c) = (values[i * order + i], values[j * order + j], values[i * order + j])
        return c * c > 1e-30 * abs(a * b) && c != 0
    }

    private mutating func sweep() {
        for i in 0..<order {
            for j in 0..<i where couples(i, j) { rotate(i, j) }
        }
    }

    /// Turns rows and columns i and j so that their common element vanishes.
    private mutating func rotate(_ i: Int, _ j: Int) {
        let n = order
        let slope = (values[j * n + j] - values[i * n + i]) / (2 * values[i * n + j])
        let t = (slope < 0 ? -1 : 1) / (abs(slope) + (1 + slope * slope).squareRoot())
        let c = 1 / (1 + t * t).squareRoot()
        let s = t * c
        for k in 0..<n {
            let (a, b) = (values[k * n + i], values[k * n + j])
            (values[k * n + i], values[k * n + j]) = (c * a - s * b, s * a + c * b)
        }
        for k in 0..<n {
            let (a, b) = (values[i * n + k], values[j * n + k])
            (values[i * n + k], values[j * n + k]) = (c * a - s * b, s * a + c * b)
            let (v, w) = (vectors[i * n + k], vectors[j * n + k])
            (vectors[i * n + k], vectors[j * n + k]) = (c * v - s * w, s * v + c * w)
        }
    }
}
