internal import Geometry

/// What the equations of one model's fit say of another model without fitting it.
enum ModelShortcuts {
    /// A model without distortion would have at least this many times the squared error: one with twice is not even
    /// tried on held-out views.
    private static let farShare = 25.0
    /// The rational model must lower the squared error of held-out views by a fifth; one that promises less than a
    /// twentieth of the error of the views that it sees will not.
    private static let leastGain = 0.05

    /// Whether taking the distortion away from a fit raises its squared error so much that no pinhole camera can be
    /// meant (Wald's test: the coefficients in their own covariance).
    static func isFarFromPinhole(_ fit: RobustFit) -> Bool {
        let (n, equations) = (fit.fit.parameters.count, fit.fit.equations)
        guard n > 4, let covariance = equations.covariance() else { return false }
        let (m, stride) = (n - 4, covariance.sharedCount + 6)
        var dense = (0..<m * m).map { index -> Double in
            let (row, column) = (4 + index / m, 4 + index % m)
            return covariance.matrix[row * stride + column]
        }
        let coefficients = Array(fit.fit.parameters[4...])
        var solved = coefficients
        guard SymmetricPositive.solve(&dense, &solved) else { return false }
        return zip(coefficients, solved).reduce(0) { $0 + $1.0 * $1.1 } > farShare * equations.cost
    }

    /// Whether the rational model's first step from a polynomial fit promises a gain that could be worth its
    /// coefficients.
    static func gains(_ five: RobustFit) -> Bool {
        let more = LensModel.radtan8.parameterCount - five.fit.parameters.count
        let parameters = five.fit.parameters + [Double](repeating: 0, count: more)
        guard
            let equations = BundleAdjustment(model: .radtan8).equations(
                five.observations, views: five.observations.usedViews, parameters: parameters, warp: .none,
                poses: five.fit.poses),
            let step = equations.reduced()?.step()
        else { return true }
        return step.decrease > leastGain * five.fit.equations.cost
    }
}
