/// The factor L D Lᵀ of a positive definite ``SymmetricMatrix6`` (Golub and Van Loan, 4.1); no allocation.
public struct Factor6: Sendable {
    /// Unit lower triangle below the diagonal; the diagonal holds 1 / D.
    private var l: InlineArray<36, Double>
    /// Of the damped matrix, the product of D: how much information (or uncertainty) there is in all.
    public private(set) var determinant = 1.0

    /// Factors `m` plus `damping` times its diagonal. Nil when a pivot is not positive or falls under 1e-12 of its
    /// diagonal element (singular to working precision).
    public init?(_ m: SymmetricMatrix6, damping: Double = 0) {
        l = InlineArray(repeating: 0)
        var d = InlineArray<6, Double>(repeating: 0)
        for j in 0..<6 {
            let diagonal = m[j, j] * (1 + damping)
            var pivot = diagonal
            for k in 0..<j { pivot -= l[j * 6 + k] * l[j * 6 + k] * d[k] }
            guard pivot > 1e-12 * diagonal, pivot.isFinite else { return nil }
            d[j] = pivot
            determinant *= pivot
            l[j * 6 + j] = 1 / pivot
            for i in (j + 1)..<max(6, j + 1) {
                var sum = m[i, j]
                for k in 0..<j { sum -= l[i * 6 + k] * l[j * 6 + k] * d[k] }
                l[i * 6 + j] = sum / pivot
            }
        }
    }

    /// `M⁻¹ b`.
    public func solve(_ b: Twist) -> Twist {
        var x = b
        for i in 0..<6 { for k in 0..<i { x[i] -= l[i * 6 + k] * x[k] } }
        for i in 0..<6 { x[i] *= l[i * 6 + i] }
        for i in stride(from: 5, through: 0, by: -1) {
            for k in (i + 1)..<max(6, i + 1) { x[i] -= l[k * 6 + i] * x[k] }
        }
        return x
    }

    /// `M⁻¹ B` for six rows of up to sixteen columns. By spans: an element of an inline array costs a copy of all of
    /// it.
    func solve(_ b: InlineArray<6, SIMD16<Double>>) -> InlineArray<6, SIMD16<Double>> {
        var result = b
        do {
            let factor = l
            let l = factor.span
            var x = result.mutableSpan
            for i in 0..<6 { for k in 0..<i { x[i] -= x[k] * l[i * 6 + k] } }
            for i in 0..<6 { x[i] *= l[i * 6 + i] }
            for i in stride(from: 5, through: 0, by: -1) {
                for k in (i + 1)..<max(6, i + 1) { x[i] -= x[k] * l[k * 6 + i] }
            }
        }
        return result
    }

    /// The inverse of the damped matrix, by six solutions: the covariance that an information matrix means.
    public var inverse: SymmetricMatrix6 {
        SymmetricMatrix6 { column in
            var unit = Twist.zero
            unit[column] = 1
            return solve(unit)
        }
    }
}

extension SymmetricMatrix6 {
    /// From its columns, of which the upper triangle is taken.
    public init(column: (Int) -> Twist) {
        self = .zero
        for j in 0..<6 {
            let x = column(j)
            for i in 0...j {
                if j < 3 {
                    translation[i, j] = x[i]
                    translation[j, i] = x[i]
                } else if i < 3 {
                    cross[i, j - 3] = x[i]
                } else {
                    rotation[i - 3, j - 3] = x[i]
                    rotation[j - 3, i - 3] = x[i]
                }
            }
        }
    }
}

extension SymmetricMatrix6 {
    /// `M⁻¹`, or nil when the matrix is not positive definite.
    public var inverse: SymmetricMatrix6? { Factor6(self)?.inverse }
}
