internal import Geometry

/// How well fits predict views that they have not seen: k-fold over the views.
struct HeldOut {
    /// The views, and the corners that count, for all models alike.
    let observations: Observations
    let folds: Int

    init(_ observations: Observations) {
        self.observations = observations
        folds = min(5, observations.usedViews.count)
    }

    /// A fold whose step promises more than this share of the cost is fitted anew.
    private static let linearShare = 0.02

    /// For every view that counts the sum of squared residuals of a camera fitted without it; nil when a fold cannot be
    /// fitted.
    func errors(_ fit: BundleFit) -> [Double]? {
        let views = observations.usedViews
        if let errors = linearErrors(fit, views) { return errors }
        let folds = concurrently(folds, goesOn: { $0 != nil }) { fold in
            self.errors(fit, views, fold)
        }
        var result = [Double](repeating: 0, count: views.count)
        for (fold, errors) in folds.enumerated() {
            guard let errors, let errors else { return nil }
            for (slot, error) in zip(Self.left(out: fold, of: views, self.folds), errors) { result[slot] = error }
        }
        return result
    }

    /// The same by one step from the fit for each fold: the folds' equations are made once, and those of the others add
    /// up. Nil when a step is so long that one is not enough, and for a model with weak parameters, whose valley is
    /// curved.
    private func linearErrors(_ fit: BundleFit, _ views: [Int]) -> [Double]? {
        guard fit.model.weakParameters.isEmpty else { return nil }
        let slots = (0..<folds).map { Self.left(out: $0, of: views, folds) }
        var adjustment = BundleAdjustment(model: fit.model)
        adjustment.fitsWarp = fit.warp != nil
        let equations = slots.compactMap { slots in
            adjustment.equations(
                observations, views: slots.map { views[$0] }, parameters: fit.parameters, warp: fit.warp ?? .none,
                poses: fit.poses)
        }
        let parts = equations.compactMap { $0.reduced() }
        guard parts.count == folds, folds > 1 else { return nil }
        var result = [Double](repeating: 0, count: views.count)
        for fold in 0..<folds {
            let rest = parts.indices.filter { $0 != fold }.map { parts[$0] }
            let sum = rest.dropFirst().reduce(rest[0], +)
            guard let step = sum.step(), step.decrease <= Self.linearShare * sum.cost else { return nil }
            let start = fit.parameters + (fit.warp.map { [$0.x, $0.y] } ?? [])
            let state = SchurMinimizer.State(shared: zip(start, step.shared).map { $0 + $1 }, poses: [])
            guard let camera = adjustment.camera(state, observations) else { return nil }
            for (i, slot) in slots[fold].enumerated() {
                guard let motion = equations[fold].poseStep(view: i, shared: step.shared) else { return nil }
                result[slot] =
                    PoseFit.refine(
                        camera, observations, view: views[slot], warp: adjustment.warp(state),
                        from: RigidTransform(exp: motion) * fit.poses[views[slot]], tolerance: 1e-7
                    ).cost
            }
        }
        return result.allSatisfy(\.isFinite) ? result : nil
    }

    /// Slots of the views that a fold leaves out.
    private static func left(out fold: Int, of views: [Int], _ folds: Int) -> [Int] {
        views.indices.filter { $0 % folds == fold }
    }

    private func errors(_ fit: BundleFit, _ views: [Int], _ fold: Int) -> [Double]? {
        var adjustment = BundleAdjustment(model: fit.model)
        adjustment.fitsWarp = fit.warp != nil
        (adjustment.tolerance, adjustment.maximumEvaluations) = (1e-5, 20)
        let rest = views.indices.filter { $0 % folds != fold }.map { views[$0] }
        guard
            let other = adjustment.fit(
                observations, parameters: fit.parameters, warp: fit.warp ?? .none, poses: fit.poses, subset: rest)
        else { return nil }
        let errors = Self.left(out: fold, of: views, folds).map { slot in
            PoseFit.refine(
                other.camera, observations, view: views[slot], warp: other.warp ?? .none, from: fit.poses[views[slot]]
            ).cost
        }
        return errors.allSatisfy(\.isFinite) ? errors : nil
    }

    /// For every view that counts the sum of squared residuals of the fit itself: hardly ever more than of one without
    /// the view.
    func fittedErrors(_ fit: BundleFit) -> [Double]? {
        let errors = observations.usedViews.map { index in
            let residuals = RobustFit.residuals(fit, observations, index)
            return zip(residuals, observations.views[index].isUsed).reduce(0) { sum, corner in
                corner.1 ? sum + (corner.0?.lengthSquared ?? .infinity) : sum
            }
        }
        return errors.allSatisfy(\.isFinite) ? errors : nil
    }

    /// Root of the mean squared residual.
    func rms(_ errors: [Double]?) -> Double {
        guard let errors else { return .infinity }
        return (errors.reduce(0, +) / Double(max(observations.usedCorners, 1))).squareRoot()
    }

    /// Whether the errors `a` of the views are larger than `b` by more than chance: the mean difference over the views
    /// against so many of its standard errors.
    static func isWorse(_ a: [Double], than b: [Double], byDeviations deviations: Double) -> Bool {
        let differences = zip(a, b).map { $0 - $1 }
        let n = Double(differences.count)
        let mean = differences.reduce(0, +) / n
        let variance = differences.reduce(0) { $0 + square($1 - mean) } / max(n - 1, 1)
        return mean > deviations * (variance / n).squareRoot()
    }
}
