internal import Geometry

/// Cross-validation: every second view against the others, each half calibrated alone.
struct HalvesComparison {
    private let result: RobustFit
    private let circle: ImageCircle?

    init(_ result: RobustFit, circle: ImageCircle?) { (self.result, self.circle) = (result, circle) }

    /// Nil with fewer than three views in a half, or when a half does not determine the camera.
    func difference() -> ProjectionDifference? {
        let views = result.observations.usedViews
        guard views.count >= 6 else { return nil }
        let halves = (0..<2).map { half in views.indices.filter { $0 % 2 == half }.map { views[$0] } }
        guard let a = fit(halves[0]), let b = fit(halves[1]) else { return nil }
        return ProjectionComparison(a.camera, b.camera, uncertaintyA: a, uncertaintyB: b).summary
    }

    private func fit(_ views: [Int]) -> ProjectionUncertainty? {
        var adjustment = BundleAdjustment(model: result.fit.model)
        adjustment.tolerance = 1e-9
        // A half cannot tell a bent board from a lens: the whole's is taken over.
        var observations = result.observations
        observations.bend(by: result.fit.warp ?? .none)
        return adjustment.fit(
            observations, parameters: result.fit.parameters, poses: result.fit.poses, subset: views
        )?.uncertainty(observations, circle: circle)
    }
}
