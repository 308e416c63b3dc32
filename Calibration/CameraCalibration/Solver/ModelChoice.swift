internal import Geometry

/// Chooses the model, and whether the board is bent: all at once, for a bent board looks like another lens.
///
/// One rule for all: the squared error on held-out views counts more by a share for each parameter (``price(_:)``), and
/// the cheapest model wins whose error then is above the least by no more than chance explains.
struct ModelChoice {
    var fit: RobustFit
    var tried: [HeldOutError]

    /// A parameter must lower the squared error of held-out views by this share.
    private static let share = 0.01
    /// The same, on top, for those that views hardly ever determine: their model goes astray outside of the corners
    /// seen.
    private static let weakShare = 0.06
    /// What a fisheye must gain over a straight model of as many parameters: lenses that both explain are straight.
    private static let fisheyeShare = 0.04
    /// A bend that promises less than this share of the squared error of the views that it sees is not tried.
    private static let leastGain = 0.01
    /// So many standard errors of the difference between two models count as chance.
    private static let chance = 1.0

    /// - Parameters:
    ///   - fits: with flat boards, of models from the simplest on.
    ///   - options: of the calibration: what bends are tried with.
    init?(_ fits: [RobustFit], options: CalibrationOptions) {
        let candidates = Self.withBends(Self.determined(fits), options)
        // The corners that count must be the same for all: those of the fit with the smallest noise, the simplest of
        // them.
        guard let smallest = candidates.map(\.deviation).min(),
            let reference = candidates.first(where: { $0.deviation <= 1.05 * smallest })
        else { return nil }
        guard candidates.count > 1 || options.warp != .flat else {
            (fit, tried) = (candidates[0], [])
            return
        }
        let test = HeldOut(reference.observations)
        let errors = Self.errors(candidates, test)
        let chosen = Self.simplest(candidates, errors)
        fit = candidates[chosen]
        tried = candidates.indices.filter { errors[$0] != nil }.map { slot in
            let fit = candidates[slot].fit
            return HeldOutError(
                model: fit.model, warp: fit.warp != nil, pixels: test.rms(errors[slot]), isChosen: slot == chosen)
        }
    }

    /// The fits that determine their parameters; all of them if none does.
    private static func determined(_ fits: [RobustFit]) -> [RobustFit] {
        let determined = fits.filter { $0.fit.equations.covariance() != nil }
        return determined.isEmpty ? fits : determined
    }

    /// The fits with those of bent boards that may be better, the cheapest first.
    private static func withBends(_ flat: [RobustFit], _ options: CalibrationOptions) -> [RobustFit] {
        guard options.warp != .flat else { return flat }
        let bends = flat.filter { options.warp == .fit || promises($0) }
            .compactMap { bent($0, rejects: options.rejectsOutliers) }
        let all = options.warp == .fit ? bends : flat + bends
        return all.enumerated().sorted { a, b in
            let (cheap, dear) = (price(a.element), price(b.element))
            return cheap == dear ? a.offset < b.offset : cheap < dear
        }.map(\.element)
    }

    /// Whether the first step of a bend promises a gain.
    private static func promises(_ flat: RobustFit) -> Bool {
        var adjustment = BundleAdjustment(model: flat.fit.model)
        adjustment.fitsWarp = true
        let equations = adjustment.equations(
            flat.observations, views: flat.observations.usedViews, parameters: flat.fit.parameters, warp: .none,
            poses: flat.fit.poses)
        guard let step = equations?.reduced()?.step() else { return true }
        return step.decrease > leastGain * flat.fit.equations.cost
    }

    private static func bent(_ flat: RobustFit, rejects: Bool) -> RobustFit? {
        var adjustment = BundleAdjustment(model: flat.fit.model)
        adjustment.fitsWarp = true
        adjustment.tolerance = 1e-8
        return RobustFit.fit(
            adjustment, flat.observations, parameters: flat.fit.parameters, poses: flat.fit.poses, rejects: rejects,
            known: flat.deviation)
    }

    /// Held-out errors, from the model on that fits best; nil for one that fits what it has seen half as badly again as
    /// another predicts what it has not.
    private static func errors(_ fits: [RobustFit], _ test: HeldOut) -> [[Double]?] {
        var errors = [[Double]?](repeating: nil, count: fits.count)
        var best = Double.infinity
        for slot in fits.indices.sorted(by: { fits[$0].deviation < fits[$1].deviation }) {
            guard test.rms(test.fittedErrors(fits[slot].fit)) <= 1.5 * best else { continue }
            errors[slot] = test.errors(fits[slot].fit)
            best = min(best, test.rms(errors[slot]))
        }
        return errors
    }

    /// By how much a model's squared error is raised for the comparison.
    private static func price(_ fit: RobustFit) -> Double {
        let (model, parameters) = (fit.fit.model, fit.fit.parameters.count + (fit.fit.warp == nil ? 0 : 2))
        return 1 + share * Double(parameters) + weakShare * Double(model.weakParameters.count)
            + (model == .fisheye ? fisheyeShare : 0)
    }

    /// The first that is as good as the best but for chance.
    private static func simplest(_ fits: [RobustFit], _ errors: [[Double]?]) -> Int {
        let raised = fits.indices.map { slot in
            errors[slot].map { all in all.map { $0 * price(fits[slot]) } }
        }
        func total(_ slot: Int) -> Double { raised[slot]?.reduce(0, +) ?? .infinity }
        let best = fits.indices.min { total($0) < total($1) } ?? 0
        return fits.indices.first { slot in
            guard let errors = raised[slot], let least = raised[best] else { return false }
            return slot == best || !HeldOut.isWorse(errors, than: least, byDeviations: chance)
        } ?? best
    }
}
