/// Solves with a dense symmetric positive definite matrix by its Cholesky factor (Golub and Van Loan, algorithm 4.2.1).
///
/// A plain loop: the matrices here have some twenty rows at most, for which waking LAPACK's threads takes longer than
/// the work.
public enum SymmetricPositive {
    /// Solves `A x = b` in place of `b`. `a` is n x n column-major, lower triangle, and is overwritten by the factor.
    /// False when it is not positive definite.
    public static func solve(_ a: inout [Double], _ b: inout [Double]) -> Bool {
        guard factor(&a, b.count) else { return false }
        substitute(a, &b)
        return true
    }

    /// The inverse, full and symmetric, or nil when `a` (lower triangle) is not positive definite.
    public static func inverse(_ a: [Double], order n: Int) -> [Double]? {
        var l = a
        guard factor(&l, n) else { return nil }
        var result = [Double](repeating: 0, count: n * n)
        for column in 0..<n {
            var unit = [Double](repeating: 0, count: n)
            unit[column] = 1
            substitute(l, &unit)
            for row in column..<n {
                result[column * n + row] = unit[row]
                result[row * n + column] = unit[row]
            }
        }
        return result
    }

    private static func factor(_ a: inout [Double], _ n: Int) -> Bool {
        precondition(a.count == n * n, "SymmetricPositive: order and storage differ")
        for j in 0..<n {
            var pivot = a[j * n + j]
            for k in 0..<j { pivot -= a[k * n + j] * a[k * n + j] }
            // A pivot this far under its diagonal element is rounding.
            guard pivot > 1e-15 * a[j * n + j], pivot.isFinite else { return false }
            let root = pivot.squareRoot()
            for k in 0..<j {
                let scale = a[k * n + j]
                for i in (j + 1)..<max(n, j + 1) { a[j * n + i] -= scale * a[k * n + i] }
            }
            a[j * n + j] = root
            for i in (j + 1)..<max(n, j + 1) { a[j * n + i] /= root }
        }
        return true
    }

    private static func substitute(_ l: [Double], _ x: inout [Double]) {
        let n = x.count
        for j in 0..<n {
            x[j] /= l[j * n + j]
            for i in (j + 1)..<max(n, j + 1) { x[i] -= l[j * n + i] * x[j] }
        }
        for j in stride(from: n - 1, through: 0, by: -1) {
            for i in (j + 1)..<max(n, j + 1) { x[j] -= l[j * n + i] * x[i] }
            x[j] /= l[j * n + j]
        }
    }
}
