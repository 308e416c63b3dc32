internal import Geometry

/// Covariance of the shared parameters from how much the views contradict each other.
///
/// The errors of a view's corners are not independent: blur, the board, a shutter that reads out row by row move many
/// of them together, and a lens that is not quite the model's does the same. The inverse of the normal matrix knows
/// nothing of that, and is too small. The gradients of the views, each a sum over its own corners, do know: their outer
/// products are the middle of a sandwich estimator that asks for independence of the views alone (Liang and Zeger
/// 1986), with the leverage of each view taken out (CR2; Bell and McCaffrey 2002).
///
/// A dozen parameters from twenty views make a noisy matrix. Three quarters of it are drawn to a multiple of the
/// classical covariance, the one with the same trace, and in no direction is less uncertainty claimed than that of
/// independent corners (the figures are in the article CalibrationFigures).
struct ClusteredCovariance {
    /// m x m, row by row.
    let matrix: [Double]
    /// By how much the variances exceed those of independent corners, in the mean over all directions.
    let inflation: Double

    /// How far the estimate is drawn to the classical one.
    private static let shrinkage = 0.75
    /// What a view must leave to the others to be judged by them.
    private static let leastRest = 1e-3

    /// - Parameters:
    ///   - whole: the equations of all views, at the optimum.
    ///   - views: those of each of them.
    ///   - variance: of a coordinate, if all were independent.
    /// - Returns: nil when the views leave a direction free.
    init?(_ whole: ReducedEquations, views: [ReducedEquations], variance: Double) {
        let m = whole.sharedCount
        guard let whitening = Self.whitening(whole.information, m) else { return nil }
        var middle = [Double](repeating: 0, count: m * m)
        for view in views {
            let share = product(product(whitening, view.information, m), transposed(whitening, m), m)
            let rest = SymmetricEigen(share, order: m).mapped { 1 / max(1 - $0, Self.leastRest).squareRoot() }
            let gradient = product(rest, vector: product(whitening, vector: view.gradientOfShared))
            for i in 0..<m {
                for j in 0..<m { middle[i * m + j] += gradient[i] * gradient[j] / variance }
            }
        }
        var trace = 0.0
        for i in 0..<m { trace += middle[i * m + i] }
        let mean = trace / Double(max(m, 1))
        let drawn = middle.indices.map { index -> Double in
            let isDiagonal = index / m == index % m
            return (1 - Self.shrinkage) * middle[index] + (isDiagonal ? Self.shrinkage * mean : 0)
        }
        let bounded = SymmetricEigen(drawn, order: m).mapped { max($0, 1) * variance }
        matrix = product(product(transposed(whitening, m), bounded, m), whitening, m)
        inflation = max(mean, 1)
    }

    /// W with `W H Wᵀ = 1`; nil when H is not positive definite.
    private static func whitening(_ h: [Double], _ m: Int) -> [Double]? {
        let scales = (0..<m).map { 1 / h[$0 * m + $0].squareRoot() }
        guard scales.allSatisfy({ $0.isFinite && $0 > 0 }) else { return nil }
        let eigen = SymmetricEigen((0..<m * m).map { h[$0] * scales[$0 / m] * scales[$0 % m] }, order: m)
        guard eigen.values.allSatisfy({ $0 > 1e-15 }) else { return nil }
        return (0..<m * m).map { eigen.vectors[$0] * scales[$0 % m] / eigen.values[$0 / m].squareRoot() }
    }
}

extension BundleFit {
    /// Of the intrinsics, the warp and the boards' mean motion, pixels' noise included; nil when the views leave a
    /// direction free.
    /// - Parameter observations: those of the fit.
    func covariance(_ observations: Observations) -> SchurCovariance? {
        var adjustment = BundleAdjustment(model: model)
        adjustment.fitsWarp = warp != nil
        let parts = views.compactMap { view in
            adjustment.equations(
                observations, views: [view], parameters: parameters, warp: warp ?? .none, poses: poses, hasPrior: false
            )?.reduced()
        }
        guard let variance, parts.count == views.count, let whole = equations.reduced(),
            let clustered = ClusteredCovariance(whole, views: parts, variance: variance)
        else { return nil }
        return equations.covariance(ofShared: clustered.matrix, poseVariance: variance * clustered.inflation)
    }

    /// How well the camera's projection is known; nil when it is not determined.
    /// - Parameters:
    ///   - observations: those of the fit.
    ///   - circle: outside of which the lens shows nothing.
    func uncertainty(_ observations: Observations, circle: ImageCircle?) -> ProjectionUncertainty? {
        covariance(observations).map { ProjectionUncertainty(self, $0, circle: circle) }
    }
}

extension ProjectionUncertainty {
    /// Of a fit with the covariance of all that it found.
    init(_ fit: BundleFit, _ joint: SchurCovariance, circle: ImageCircle?) {
        let (n, m) = (fit.model.parameterCount, joint.sharedCount)
        // The intrinsics and the mean motion; the warp is neither.
        let kept = Array(0..<n) + Array(m..<m + 6)
        self.init(
            camera: fit.camera, covariance: kept.flatMap { i in kept.map { joint.matrix[i * (m + 6) + $0] } },
            intrinsicCount: n, circle: circle)
    }
}
