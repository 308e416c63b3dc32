internal import Geometry

/// Chooses the model, and whether the board is bent.
struct ModelChoice {
    var fit: RobustFit
    var tried: [HeldOutError]

    /// The simplest of the fits, given from the simplest on, that predicts held-out views as well as the best; then the same with a bent board if
    /// that predicts better.
    init?(_ fits: [RobustFit], options: CalibrationOptions) {
        // The corners that count must be the same for all: those of the fit with the smallest noise, the simplest of them.
        guard let smallest = fits.map(\.deviation).min(),
            let reference = fits.first(where: { $0.deviation <= 1.05 * smallest })
        else { return nil }
        let test = HeldOut(reference.observations)
        let errors = fits.count > 1 || options.warp == .auto ? fits.map { test.errors($0.fit) } : [nil]
        let best = errors.indices.min { test.rms(errors[$0]) < test.rms(errors[$1]) } ?? 0
        let chosen = errors.indices.first { !HeldOut.isWorse(errors[$0], than: errors[best]) } ?? best
        fit = fits[chosen]
        tried = zip(fits, errors).enumerated().map { slot, candidate in
            HeldOutError(
                model: candidate.0.fit.model, warp: false, pixels: test.rms(candidate.1), isChosen: slot == chosen)
        }
        guard options.warp != .flat, let bent = Self.bent(fit, rejects: options.rejectsOutliers) else { return }
        let bentErrors = test.errors(bent.fit)
        let isBetter = HeldOut.isWorse(errors[chosen], than: bentErrors)
        let takes = options.warp == .fit || isBetter
        tried.append(
            HeldOutError(model: fit.fit.model, warp: true, pixels: test.rms(bentErrors), isChosen: takes))
        if takes {
            tried[chosen].isChosen = false
            fit = bent
        }
    }

    private static func bent(_ flat: RobustFit, rejects: Bool) -> RobustFit? {
        var adjustment = BundleAdjustment(model: flat.fit.model)
        adjustment.fitsWarp = true
        return RobustFit.fit(
            adjustment, flat.observations, parameters: flat.fit.parameters, poses: flat.fit.poses, rejects: rejects)
    }
}
