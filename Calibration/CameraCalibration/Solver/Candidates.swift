internal import Geometry

/// Fits of the models that are asked for, each from the start that suits it.
struct Candidates {
    let observations: Observations
    let rejects: Bool
    /// Of a lens that a straight model fits, in the image's long side: the noise of corners, not the lens's bend.
    private static let straightDeviation = 0.0005

    /// In the order of `models`; nil where a model could not be fitted.
    func fits(_ models: [LensModel]) -> [RobustFit] {
        var results: [LensModel: RobustFit] = [:]
        if models.contains(where: { $0 != .fisheye }) { fitStraight(models, &results) }
        if models.contains(.fisheye) || models.contains(.radtan8) { results[.fisheye] = fisheye(results[.radtan4]) }
        if models.contains(.radtan8) { fitRational(isOneOfMany: models.count > 1, &results) }
        return models.compactMap { results[$0] }
    }

    /// A fit from known parameters; nil when they explain hardly any view.
    func fit(_ model: LensModel, from parameters: [Double]) -> RobustFit? {
        var sorted = observations
        guard
            let camera = try? model.camera(parameters, width: observations.width, height: observations.height),
            let guess = InitialGuess.poses(camera, &sorted),
            sorted.usedViews.count * 2 > sorted.views.count
        else { return nil }
        return fit(model, sorted, parameters, guess.poses)
    }

    /// Where a straight model takes in (nearly) all corners, and well, the lens is no wide one and the poses are the
    /// same; else from a search of its own.
    private func fisheye(_ straight: RobustFit?) -> RobustFit? {
        if let straight, isSimple(straight) {
            return fit(
                .fisheye, Self.unmarked(straight.observations), FisheyeStart.parameters(like: straight.fit),
                straight.fit.poses, near: straight)
        }
        var sorted = observations
        guard let guess = InitialGuess.search(.fisheye, &sorted) else { return nil }
        let start = Array(guess.camera.parameters.prefix(4)) + [0, 0, 0, 0]
        return fit(.fisheye, sorted, start, guess.poses)
    }

    /// A fit that takes in (nearly) all corners, and well.
    private func isSimple(_ fit: RobustFit) -> Bool {
        fit.deviation < Self.straightDeviation * Double(max(observations.width, observations.height))
            && Double(fit.observations.usedCorners) >= 0.95 * Double(observations.cornerCount)
    }

    /// Four coefficients first: from there the others are near.
    private func fitStraight(_ models: [LensModel], _ results: inout [LensModel: RobustFit]) {
        var sorted = observations
        guard let guess = InitialGuess.search(.pinhole, &sorted) else { return }
        let plain = Array(guess.camera.parameters.prefix(4))
        if models == [.pinhole] {
            results[.pinhole] = fit(.pinhole, sorted, plain, guess.poses)
            return
        }
        guard let four = fit(.radtan4, sorted, plain + [0, 0, 0, 0], guess.poses) else { return }
        results[.radtan4] = four
        if models.contains(.pinhole), !ModelShortcuts.isFarFromPinhole(four) {
            results[.pinhole] = fit(.pinhole, four.observations, Array(four.fit.parameters.prefix(4)), four.fit.poses)
        }
        guard models.contains(.radtan5) || models.contains(.radtan8) else { return }
        results[.radtan5] = extended(.radtan5, four)
    }

    /// From the polynomial model or from the fisheye, whichever leads to the better fit.
    private func fitRational(isOneOfMany: Bool, _ results: inout [LensModel: RobustFit]) {
        if isOneOfMany, let five = results[.radtan5], isSimple(five), !ModelShortcuts.gains(five) { return }
        let fromFive = results[.radtan5].flatMap { extended(.radtan8, $0) }
        let isWhole = fromFive.map { $0.observations.usedCorners == observations.cornerCount } ?? false
        guard !isWhole, let wide = results[.fisheye],
            let start = RationalStart.parameters(like: wide.fit, wide.observations)
        else {
            results[.radtan8] = fromFive
            return
        }
        let fromWide = fit(.radtan8, wide.observations, start, wide.fit.poses)
        results[.radtan8] = [fromFive, fromWide].compactMap { $0 }.min { $0.loss < $1.loss }
    }

    /// From a simpler model on. Corners that it left out may be just those that it could not bend to.
    private func extended(_ model: LensModel, _ simpler: RobustFit) -> RobustFit? {
        let zeros = [Double](repeating: 0, count: model.parameterCount - simpler.fit.parameters.count)
        let parameters = simpler.fit.parameters + zeros
        // The rational model's valley is no place for short cuts.
        let near = isSimple(simpler) && model != .radtan8 ? simpler : nil
        return fit(model, Self.unmarked(simpler.observations), parameters, simpler.fit.poses, near: near)
            ?? fit(model, simpler.observations, parameters, simpler.fit.poses)
    }

    /// With all corners of the views that count.
    private static func unmarked(_ observations: Observations) -> Observations {
        var all = observations
        for view in all.usedViews { all.views[view].isUsed = all.views[view].isUsed.map { _ in true } }
        return all
    }

    /// - Parameters:
    ///   - model: what is fitted.
    ///   - observations: the corners of all views.
    ///   - parameters: where the intrinsics start.
    ///   - poses: where the poses start.
    ///   - near: a fit from which this one starts: its noise is known, and which way its boards lean.
    private func fit(
        _ model: LensModel, _ observations: Observations, _ parameters: [Double], _ poses: [RigidTransform],
        near: RobustFit? = nil
    ) -> RobustFit? {
        var adjustment = BundleAdjustment(model: model)
        // Good enough to choose by: an error of a thousandth of a standard deviation.
        adjustment.tolerance = 1e-8
        guard
            let first = RobustFit.fit(
                adjustment, observations, parameters: parameters, poses: poses, rejects: rejects,
                known: near?.deviation)
        else { return nil }
        guard near == nil, let turned = turnedPoses(first) else { return first }
        return RobustFit.fit(
            adjustment, first.observations, parameters: first.fit.parameters, poses: turned, rejects: rejects) ?? first
    }

    /// The poses, those replaced whose board fits better when it leans the other way; nil when none does.
    private func turnedPoses(_ result: RobustFit) -> [RigidTransform]? {
        var poses = result.fit.poses
        var changed = false
        for view in result.observations.usedViews {
            let mirrored = PlanePose.mirrored(poses[view], middle: observations.middle)
            let now = PoseFit.refine(
                result.fit.camera, result.observations, view: view, from: poses[view], evaluations: 1)
            let other = PoseFit.refine(result.fit.camera, result.observations, view: view, from: mirrored)
            guard other.cost < 0.98 * now.cost else { continue }
            poses[view] = other.pose
            changed = true
        }
        return changed ? poses : nil
    }
}
