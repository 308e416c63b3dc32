extension Matrix3 {
    /// Eigenvalues and orthonormal eigenvectors (columns) of a symmetric matrix, largest eigenvalue first.
    ///
    /// Cyclic Jacobi rotations (Golub and Van Loan, 8.5): a few sweeps reach machine precision, also for equal
    /// eigenvalues. Only the upper triangle is read.
    public func symmetricEigen() -> (values: Vector3, vectors: Matrix3) {
        var a = self
        var v = Matrix3.identity
        for _ in 0..<12 {
            let off = a[0, 1] * a[0, 1] + a[0, 2] * a[0, 2] + a[1, 2] * a[1, 2]
            if !(off > 1e-34 * a.diagonal.lengthSquared) { break }
            Self.rotate(&a, &v, 0, 1)
            Self.rotate(&a, &v, 0, 2)
            Self.rotate(&a, &v, 1, 2)
        }
        var pairs = (
            (a.column0.x, v.column0), (a.column1.y, v.column1), (a.column2.z, v.column2)
        )
        if pairs.0.0 < pairs.1.0 { swap(&pairs.0, &pairs.1) }
        if pairs.1.0 < pairs.2.0 { swap(&pairs.1, &pairs.2) }
        if pairs.0.0 < pairs.1.0 { swap(&pairs.0, &pairs.1) }
        return (
            Vector3(pairs.0.0, pairs.1.0, pairs.2.0), Matrix3(columns: pairs.0.1, pairs.1.1, pairs.2.1)
        )
    }

    /// One Jacobi rotation that zeroes the element (p, q), p < q, of the symmetric `a`.
    private static func rotate(_ a: inout Matrix3, _ v: inout Matrix3, _ p: Int, _ q: Int) {
        let apq = a[p, q]
        if apq == 0 { return }
        let theta = (a[q, q] - a[p, p]) / (2 * apq)
        let t = (theta < 0 ? -1.0 : 1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        let r = 3 - p - q
        let (arp, arq) = (a[min(r, p), max(r, p)], a[min(r, q), max(r, q)])
        a[p, p] -= t * apq
        a[q, q] += t * apq
        a[p, q] = 0
        a[min(r, p), max(r, p)] = c * arp - s * arq
        a[min(r, q), max(r, q)] = s * arp + c * arq
        for row in 0..<3 {
            let (vp, vq) = (v[row, p], v[row, q])
            v[row, p] = c * vp - s * vq
            v[row, q] = s * vp + c * vq
        }
    }
}
