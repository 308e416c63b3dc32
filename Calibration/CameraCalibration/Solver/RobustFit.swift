internal import Geometry

/// A bundle adjustment that finds its own outliers.
struct RobustFit: Sendable {
    var fit: BundleFit
    /// With the corners and views marked that count.
    var observations: Observations
    /// Robust standard deviation of one coordinate, pixels.
    var deviation: Double

    /// What fits of the same views can be compared by: the squared residuals, a corner left out counting as much as one
    /// that just is not.
    var loss: Double {
        let all = observations.views.reduce(0) { $0 + $1.ids.count }
        let limit = square(Self.rejection * deviation)
        return fit.equations.cost + limit * Double(all - observations.usedCorners)
    }

    /// Corners further off than this many standard deviations are left out: one in three thousand that is none.
    static let rejection = 4.0
    /// Residuals longer than this many standard deviations count by their length, not by its square, until the outliers
    /// are known.
    private static let huber = 2.5
    /// Corners of sharp views are better than those of others: none is an outlier for being no better than this,
    /// pixels.
    static let finestDeviation = 0.05
    /// A view needs this many corners, and this share of them, to count.
    static let (fewestCorners, smallestShare) = (8, 0.5)

    /// Fits, first with a loss that outliers hardly move (Huber 1964), then with the outliers left out and all others
    /// equal, until none changes.
    /// - Parameters:
    ///   - adjustment: of the model that is fitted.
    ///   - observations: the corners of all views.
    ///   - parameters: where the intrinsics start.
    ///   - warp: where the bend of the board starts.
    ///   - poses: where the poses start.
    ///   - rejects: whether outliers are left out.
    ///   - known: a deviation that a fit near by has; the start is taken to be as good.
    static func fit(
        _ adjustment: BundleAdjustment, _ observations: Observations, parameters: [Double], warp: BoardWarp = .none,
        poses: [RigidTransform], rejects: Bool, known: Double? = nil
    ) -> RobustFit? {
        guard
            var fit = soft(adjustment, observations, parameters, warp, poses, rejects ? known : nil, rejects),
            var deviation = deviation(fit, observations)
        else { return nil }
        var observations = observations
        var coarse = adjustment
        coarse.tolerance = max(1e-6, adjustment.tolerance)
        for _ in 0..<(rejects ? 8 : 0) {
            var changed = mark(fit, deviation, &observations)
            if retry(&fit, deviation, &observations) { changed = true }
            if observations.usedViews.isEmpty { return nil }
            guard changed, let next = hard(coarse, observations, fit) else { break }
            fit = next
            deviation = self.deviation(fit, observations) ?? deviation
        }
        guard let last = hard(adjustment, observations, fit) else { return nil }
        fit = last
        deviation = self.deviation(fit, observations) ?? deviation
        for index in observations.views.indices where observations.views[index].isRejected {
            fit.poses[index] = robustPose(fit, deviation, observations, index)
        }
        return RobustFit(fit: fit, observations: observations, deviation: deviation)
    }

    /// The same to the last digit.
    func polished() -> RobustFit {
        var adjustment = BundleAdjustment(model: fit.model)
        adjustment.fitsWarp = fit.warp != nil
        adjustment.maximumEvaluations = 200
        guard let best = Self.hard(adjustment, observations, fit) else { return self }
        return RobustFit(
            fit: best, observations: observations, deviation: Self.deviation(best, observations) ?? deviation)
    }

    private static func hard(
        _ adjustment: BundleAdjustment, _ observations: Observations, _ fit: BundleFit
    ) -> BundleFit? {
        adjustment.fit(observations, parameters: fit.parameters, warp: fit.warp ?? .none, poses: fit.poses)
    }

    private static func soft(
        _ adjustment: BundleAdjustment, _ observations: Observations, _ parameters: [Double], _ warp: BoardWarp,
        _ poses: [RigidTransform], _ known: Double?, _ rejects: Bool
    ) -> BundleFit? {
        var loose = adjustment
        loose.tolerance = 1e-5
        if let known { loose.loss = .huber(scale: huber * known) }
        guard var fit = loose.fit(observations, parameters: parameters, warp: warp, poses: poses) else { return nil }
        guard rejects, var deviation = deviation(fit, observations) else { return fit }
        if let known, deviation > 0.9 * known { return fit }
        for _ in 0..<5 {
            loose.loss = .huber(scale: huber * deviation)
            guard
                let next = loose.fit(
                    observations, parameters: fit.parameters, warp: fit.warp ?? .none, poses: fit.poses),
                let smaller = self.deviation(next, observations)
            else { break }
            let gain = smaller / deviation
            (fit, deviation) = (next, smaller)
            if gain > 0.97 { break }
        }
        return fit
    }

    /// From the median length of the residuals (of normal noise 1.1774 standard deviations), for the redundancy there
    /// is.
    static func deviation(_ fit: BundleFit, _ observations: Observations) -> Double? {
        var lengths: [Double] = []
        for index in observations.usedViews {
            let residuals = residuals(fit, observations, index)
            for (residual, isUsed) in zip(residuals, observations.views[index].isUsed) where isUsed {
                lengths.append(residual?.length ?? .infinity)
            }
        }
        let redundancy = 2 * lengths.count - fit.parameterCount
        guard redundancy > 0 else { return nil }
        let median = quantile(lengths, 0.5)
        guard median.isFinite else { return nil }
        return max(median / 1.17741 * (Double(2 * lengths.count) / Double(redundancy)).squareRoot(), 1e-3)
    }

    static func residuals(_ fit: BundleFit, _ observations: Observations, _ index: Int) -> [Vector2?] {
        PoseFit.residuals(
            fit.camera, observations, view: index, warp: fit.warp ?? .none, pose: fit.poses[index])
    }

    /// Marks the corners that count in the views that do, and drops views with too few. True when anything changed.
    private static func mark(_ fit: BundleFit, _ deviation: Double, _ observations: inout Observations) -> Bool {
        var changed = false
        for index in observations.usedViews {
            let isUsed = residuals(fit, observations, index).map { isInlier($0, deviation) }
            if isUsed != observations.views[index].isUsed { changed = true }
            observations.views[index].isUsed = isUsed
            if !isEnough(isUsed) {
                observations.views[index].isRejected = true
                changed = true
            }
        }
        return changed
    }

    /// Takes views back that fit after all. True when there are any.
    private static func retry(_ fit: inout BundleFit, _ deviation: Double, _ observations: inout Observations) -> Bool {
        var changed = false
        for index in observations.views.indices where observations.views[index].isRejected {
            fit.poses[index] = robustPose(fit, deviation, observations, index)
            let isUsed = residuals(fit, observations, index).map { isInlier($0, deviation) }
            // A little more than is needed to stay, so that a view does not swing.
            guard isEnough(isUsed), Double(isUsed.count { $0 }) >= 0.6 * Double(isUsed.count) else { continue }
            observations.views[index].isUsed = isUsed
            observations.views[index].isRejected = false
            changed = true
        }
        return changed
    }

    private static func isInlier(_ residual: Vector2?, _ deviation: Double) -> Bool {
        (residual?.length ?? .infinity) <= rejection * max(deviation, finestDeviation)
    }

    private static func isEnough(_ isUsed: [Bool]) -> Bool {
        let count = isUsed.count { $0 }
        return count >= fewestCorners && Double(count) >= smallestShare * Double(isUsed.count)
    }

    private static func robustPose(
        _ fit: BundleFit, _ deviation: Double, _ observations: Observations, _ index: Int
    ) -> RigidTransform {
        let loss = RobustLoss.cauchy(scale: 2 * deviation)
        var everything = observations
        everything.views[index].isUsed = everything.views[index].isUsed.map { _ in true }
        let starts = [
            fit.poses[index], PoseFit.initial(fit.camera, everything, view: index, evaluations: 30)?.pose,
        ].compactMap { $0 }
        let refined = starts.map {
            PoseFit.refine(
                fit.camera, everything, view: index, warp: fit.warp ?? .none, from: $0, loss: loss)
        }
        return refined.min { $0.cost < $1.cost }?.pose ?? fit.poses[index]
    }
}
