internal import COpenBLAS

/// Solves with a dense symmetric positive definite matrix by LAPACK's Cholesky factor.
public enum SymmetricPositive {
    /// Solves `(A + damping * diag(A)) x = b` in place of `b`. `a` is n x n column-major, lower triangle, and is
    /// overwritten by the factor. False when it is not positive definite.
    public static func solve(_ a: inout [Double], _ b: inout [Double], damping: Double) -> Bool {
        let n = b.count
        for i in 0..<n { a[i * n + i] *= 1 + damping }
        guard factor(&a, n) else { return false }
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
        var (order, info) = (Int32(n), Int32(0))
        unsafe result.withUnsafeMutableBufferPointer { unsafe dpotri_("L", &order, $0.baseAddress, &order, &info, 1) }
        guard info == 0 else { return nil }
        for column in 0..<n { for row in 0..<column { result[column * n + row] = result[row * n + column] } }
        return result
    }

    private static func factor(_ a: inout [Double], _ n: Int) -> Bool {
        precondition(a.count == n * n && n <= 46_340, "SymmetricPositive: order and storage differ")
        var (order, info) = (Int32(n), Int32(0))
        unsafe a.withUnsafeMutableBufferPointer { unsafe dpotrf_("L", &order, $0.baseAddress, &order, &info, 1) }
        return info == 0
    }
}
