/// A step of a bundle adjustment.
struct SchurStep {
    var shared: SIMD16<Double>
    var poses: [Twist]
    /// The decrease of the cost that the linear model promises.
    var predictedDecrease: Double
}

/// What the data say of the shared parameters and of the views' mean motion: `(Jᵀ W J)⁻¹` over both.
///
/// The mean motion is the mean of the views' left perturbations, expressed in frame b: with b the camera, how the
/// camera's frame moves against all the boards together.
public struct SchurCovariance: Sendable {
    /// Shared parameters m, then the six components of the mean motion (``Twist``): (m + 6) x (m + 6), row by row,
    /// symmetric.
    public var matrix: [Double]
    /// The shared parameters m: the first m rows and columns of ``matrix``.
    public var sharedCount: Int
}

extension SchurNormalEquations {
    /// The damped step: `(H + damping diag(H)) step = -gradient`. Nil when that is not positive definite.
    func step(damping: Double) -> SchurStep? {
        var (reduced, right) = (damped(damping), sharedGradient)
        var factors: [Factor6] = []
        factors.reserveCapacity(views.count)
        for i in views.indices {
            guard let factor = Factor6(views[i].pose, damping: damping) else { return nil }
            factors.append(factor)
            views[i].eliminate(factor, sharedCount, &reduced, &right)
        }
        guard var shared = Self.solve(reduced, right, sharedCount) else { return nil }
        shared *= -1
        var poses: [Twist] = []
        poses.reserveCapacity(views.count)
        var predicted = 0.0
        for i in 0..<sharedCount {
            predicted += shared[i] * (damping * self.shared[i][i] * shared[i] - sharedGradient[i])
        }
        for index in views.indices {
            let gradient = views[index].poseGradient
            let step = factors[index].solve(gradient + views[index].crossTimes(shared)) * -1
            for i in 0..<6 { predicted += step[i] * (damping * views[index].pose[i, i] * step[i] - gradient[i]) }
            poses.append(step)
        }
        return predicted.isFinite ? SchurStep(shared: shared, poses: poses, predictedDecrease: predicted) : nil
    }

    /// The inverse of the normal matrix, as far as a calibration asks for it. Nil when the residuals leave a direction
    /// free.
    public func covariance() -> SchurCovariance? {
        guard let inverse = reduced().flatMap({ SymmetricPositive.inverse($0.information, order: sharedCount) }) else {
            return nil
        }
        return covariance(ofShared: inverse, poseVariance: 1)
    }

    /// The same from a covariance of the shared parameters that is known otherwise. Nil when a view does not determine
    /// its pose.
    /// - Parameters:
    ///   - shared: of the shared parameters, m x m, row by row.
    ///   - poseVariance: of a residual, for what the poses scatter by themselves.
    public func covariance(ofShared shared: [Double], poseVariance: Double) -> SchurCovariance? {
        let m = sharedCount
        precondition(shared.count == m * m, "SchurNormalEquations: a covariance of other parameters")
        // Pose i depends on the shared parameters by -C⁻¹ Bᵀ.
        var (mean, meanInverse) = ([Double](repeating: 0, count: 6 * m), SymmetricMatrix6.zero)
        let share = 1 / Double(views.count)
        for view in views {
            guard let inverse = Factor6(view.pose)?.inverse else { return nil }
            let slopes = view.slopes(inverse, m)
            for i in mean.indices { mean[i] += slopes[i] * share }
            meanInverse = meanInverse + inverse * (share * share * poseVariance)
        }
        return SchurCovariance(matrix: Self.joined(shared, m, mean, meanInverse), sharedCount: m)
    }

    /// `[[S, S Gᵀ], [G S, G S Gᵀ + C]]`.
    private static func joined(_ s: [Double], _ m: Int, _ g: [Double], _ c: SymmetricMatrix6) -> [Double] {
        let n = m + 6
        var result = [Double](repeating: 0, count: n * n)
        let motion = propagated(g, s, m) + c
        for r in 0..<m { for k in 0..<m { result[r * n + k] = s[r * m + k] } }
        for i in 0..<6 {
            for k in 0..<m {
                var value = 0.0
                for j in 0..<m { value += g[i * m + j] * s[j * m + k] }
                result[(m + i) * n + k] = value
                result[k * n + m + i] = value
            }
            for k in 0..<6 { result[(m + i) * n + m + k] = motion[i, k] }
        }
        return result
    }

    /// `G S Gᵀ` for a 6 x m matrix G.
    private static func propagated(_ g: [Double], _ s: [Double], _ m: Int) -> SymmetricMatrix6 {
        var gs = [Double](repeating: 0, count: 6 * m)
        for i in 0..<6 { for k in 0..<m { for j in 0..<m { gs[i * m + k] += g[i * m + j] * s[j * m + k] } } }
        func element(_ i: Int, _ k: Int) -> Double {
            var value = 0.0
            for j in 0..<m { value += gs[i * m + j] * g[k * m + j] }
            return value
        }
        func block(_ row: Int, _ column: Int) -> Matrix3 {
            var result = Matrix3.zero
            for r in 0..<3 { for c in 0..<3 { result[r, c] = element(row + r, column + c) } }
            return result
        }
        return SymmetricMatrix6(translation: block(0, 0), cross: block(0, 3), rotation: block(3, 3))
    }

    private func damped(_ damping: Double) -> InlineArray<16, SIMD16<Double>> {
        var result = shared
        for i in 0..<sharedCount { result[i][i] *= 1 + damping }
        return result
    }

    /// `A⁻¹ b` of the first m rows and columns; only the lower triangle of A is read.
    static func solve(_ a: InlineArray<16, SIMD16<Double>>, _ b: SIMD16<Double>, _ m: Int) -> SIMD16<Double>? {
        guard m > 0 else { return .zero }
        var dense = [Double](repeating: 0, count: m * m)
        let rows = a.span
        for r in 0..<m {
            let row = rows[r]
            for c in 0...r { dense[c * m + r] = row[c] }
        }
        var x = (0..<m).map { b[$0] }
        guard SymmetricPositive.solve(&dense, &x) else { return nil }
        var result = SIMD16<Double>.zero
        for i in 0..<m { result[i] = x[i] }
        return result
    }
}

extension SchurNormalEquations.View {
    /// Subtracts `B C⁻¹ Bᵀ` and `B C⁻¹ g` from the shared equations.
    func eliminate(
        _ factor: Factor6, _ m: Int, _ matrix: inout InlineArray<16, SIMD16<Double>>, _ right: inout SIMD16<Double>
    ) {
        // Row i of C⁻¹ Bᵀ, for all columns at once. Spans, because an element of an inline array costs a copy of all of
        // it.
        let solved = factor.solve(cross)
        let (cross, solutions) = (self.cross, solved)
        let (rows, solvedRows) = (cross.span, solutions.span)
        var sums = matrix.mutableSpan
        for i in 0..<6 {
            let (row, solution) = (rows[i], solvedRows[i])
            right -= solution * poseGradient[i]
            for k in 0..<m { sums[k] -= solution * row[k] }
        }
    }

    fileprivate func crossColumn(_ c: Int) -> Twist {
        Twist(
            translation: Vector3(cross[0][c], cross[1][c], cross[2][c]),
            rotation: Vector3(cross[3][c], cross[4][c], cross[5][c]))
    }

    /// `Bᵀ v`.
    func crossTimes(_ v: SIMD16<Double>) -> Twist {
        var result = Twist.zero
        for i in 0..<6 { result[i] = (cross[i] * v).sum() }
        return result
    }

    /// `-C⁻¹ Bᵀ`: 6 x m, row by row.
    fileprivate func slopes(_ inverse: SymmetricMatrix6, _ m: Int) -> [Double] {
        var result = [Double](repeating: 0, count: 6 * m)
        for column in 0..<m {
            let x = inverse * crossColumn(column)
            for i in 0..<6 { result[i * m + column] = -x[i] }
        }
        return result
    }
}
