internal import Geometry

/// Chooses the model, and whether the board is bent.
struct ModelChoice {
    var fit: RobustFit
    var tried: [HeldOutError]

    /// The simplest of the fits, given from the simplest on, that predicts held-out views as well as the best; then the
    /// same with a bent board if that predicts better.
    init?(_ fits: [RobustFit], options: CalibrationOptions) {
        // The corners that count must be the same for all: those of the fit with the smallest noise, the simplest of
        // them.
        guard let smallest = fits.map(\.deviation).min(),
            let reference = fits.first(where: { $0.deviation <= 1.05 * smallest })
        else { return nil }
        let test = HeldOut(reference.observations)
        let errors = fits.count > 1 || options.warp == .auto ? Self.errors(fits, test) : [nil]
        // From the simplest on, each must be beaten by a more general one.
        var chosen = errors.firstIndex { $0 != nil } ?? 0
        for slot in errors.indices where slot > chosen && errors[slot] != nil {
            let share = Self.worthwhile(fits[slot].fit.model)
            if HeldOut.isWorse(errors[chosen], than: errors[slot], byShare: share) { chosen = slot }
        }
        fit = fits[chosen]
        tried = fits.indices.filter { errors[$0] != nil }.map { slot in
            HeldOutError(
                model: fits[slot].fit.model, warp: false, pixels: test.rms(errors[slot]), isChosen: slot == chosen)
        }
        guard options.warp != .flat, let bent = Self.bent(fit, rejects: options.rejectsOutliers) else { return }
        let bentErrors = test.errors(bent.fit)
        let isBetter = HeldOut.isWorse(errors[chosen], than: bentErrors, byShare: 0.02)
        let takes = options.warp == .fit || isBetter
        tried.append(
            HeldOutError(model: fit.fit.model, warp: true, pixels: test.rms(bentErrors), isChosen: takes))
        if takes {
            for slot in tried.indices.dropLast() { tried[slot].isChosen = false }
            fit = bent
        }
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

    /// How much smaller a model's squared error must be to be preferred to simpler ones. Weak parameters go astray
    /// outside of the corners seen: their model must earn that.
    private static func worthwhile(_ model: LensModel) -> Double { model.weakParameters.isEmpty ? 0.02 : 0.2 }

    private static func bent(_ flat: RobustFit, rejects: Bool) -> RobustFit? {
        var adjustment = BundleAdjustment(model: flat.fit.model)
        adjustment.fitsWarp = true
        adjustment.tolerance = 1e-8
        return RobustFit.fit(
            adjustment, flat.observations, parameters: flat.fit.parameters, poses: flat.fit.poses, rejects: rejects,
            known: flat.deviation)
    }
}
