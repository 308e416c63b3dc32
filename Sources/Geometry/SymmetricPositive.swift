internal import COpenBLAS

/// Solves with a dense symmetric positive definite matrix by its Cholesky factor: LAPACK's, but for small matrices,
/// where waking LAPACK's threads takes longer than the work, a plain loop.
public enum SymmetricPositive {
    /// Solves `(A + damping * diag(A)) x = b` in place of `b`. `a` is n x n column-major, lower triangle, and is
    /// overwritten by the factor. False when it is not positive definite.
    public static func solve(_ a: inout [Double], _ b: inout [Double], damping: Double) -> Bool {
        let n = b.count
        for i in 0..<n { a[i * n + i] *= 1 + damping }
        guard factor(&a, n) else { return false }
        if n <= smallOrder {
            substitute(a, &b)
            return true
        }
        var (order, one, info) = (Int32(n), Int32(1), Int32(0))
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeMutableBufferPointer { b in
                unsafe dpotrs_("L", &order, &one, a.baseAddress, &order, b.baseAddress, &order, &info, 1)
            }
        }
        return info == 0
    }

    /// The inverse, full and symmetric, or nil when `a` (lower triangle) is not positive definite.
    public static func inverse(_ a: [Double], order n: Int) -> [Double]? {
        var result = a
        guard factor(&result, n) else { return nil }
        if n <= smallOrder { return smallInverse(result, n) }
        var (order, info) = (Int32(n), Int32(0))
        unsafe result.withUnsafeMutableBufferPointer { unsafe dpotri_("L", &order, $0.baseAddress, &order, &info, 1) }
        guard info == 0 else { return nil }
        for column in 0..<n { for row in 0..<column { result[column * n + row] = result[row * n + column] } }
        return result
    }

    private static func factor(_ a: inout [Double], _ n: Int) -> Bool {
        precondition(a.count == n * n && n <= 46_340, "SymmetricPositive: order and storage differ")
        if n <= smallOrder { return factorSmall(&a, n) }
        var (order, info) = (Int32(n), Int32(0))
        unsafe a.withUnsafeMutableBufferPointer { unsafe dpotrf_("L", &order, $0.baseAddress, &order, &info, 1) }
        return info == 0
    }

    // MARK: Small matrices (Golub and Van Loan, algorithm 4.2.1)

    private static let smallOrder = 24

    private static func factorSmall(_ a: inout [Double], _ n: Int) -> Bool {
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

    private static func smallInverse(_ l: [Double], _ n: Int) -> [Double] {
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
}
