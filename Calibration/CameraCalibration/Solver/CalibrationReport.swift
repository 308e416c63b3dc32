internal import Geometry

/// Makes the public result of the chosen fit, or refuses it.
struct CalibrationReport {
    let board: Board
    let choice: ModelChoice
    let imageCount: Int
    let circle: ImageCircle?
    let options: CalibrationOptions

    /// Boards less apart in tilt than this, degrees, do not tell focal length from distance.
    static let smallestSpread = 6.0
    /// A focal length less certain than this, percent, is none.
    static let largestFocalDeviation = 5.0

    private var result: RobustFit { choice.fit }
    private var fit: BundleFit { choice.fit.fit }

    func calibration() throws(CalibrationError) -> Calibration {
        let views = viewResults()
        let coverage = Coverage(
            views, board: board, width: fit.camera.width, height: fit.camera.height, circle: circle)
        try checkFit(coverage)
        guard let variance = fit.variance, let joint = fit.covariance(result.observations) else {
            throw .underdetermined(model: fit.model)
        }
        let n = fit.model.parameterCount
        func element(_ i: Int, _ j: Int) -> Double { joint.matrix[i * (joint.sharedCount + 6) + j] }
        let covariance = (0..<n * n).map { element($0 / n, $0 % n) }
        try checkFocal(covariance)
        let uncertainty = ProjectionUncertainty(fit, joint, circle: circle)
        var calibration = Calibration(
            camera: fit.camera, model: fit.model, board: board, warp: fit.warp, views: views, imageCount: imageCount,
            covariance: covariance,
            warpDeviations: fit.warp.map { _ in
                BoardWarp(x: element(n, n).squareRoot(), y: element(n + 1, n + 1).squareRoot())
            },
            rmsPixels: rms(views), noise: variance.squareRoot(), projectionUncertainty: uncertainty.map(),
            nearProjectionUncertainty: uncertainty.map(distance: quantile(coverage.distances, 0.5)),
            uncertainty: uncertainty, coverage: coverage, advice: [], heldOutErrors: choice.tried,
            crossValidation: options.crossValidates ? HalvesComparison(result, circle: circle).difference() : nil)
        calibration.advice = Advice.all(of: calibration)
        return calibration
    }

    private func viewResults() -> [ViewResult] {
        result.observations.views.indices.map { index in
            let view = result.observations.views[index]
            let residuals = RobustFit.residuals(fit, result.observations, index)
            var found = ViewResult(
                name: view.name, cameraFromBoard: fit.poses[index],
                corners: view.ids.indices.map { i in
                    .init(id: view.ids[i], pixel: view.pixels[i], residual: residuals[i], isRejected: !view.isUsed[i])
                },
                isRejected: view.isRejected)
            if view.isRejected { found.shear = BoardShear(found, camera: fit.camera, board: board) }
            return found
        }
    }

    private func rms(_ views: [ViewResult]) -> Double {
        let used = views.flatMap(\.used).compactMap { $0.residual?.lengthSquared }
        return (used.reduce(0, +) / Double(max(used.count, 1))).squareRoot()
    }

    private func checkFit(_ coverage: Coverage) throws(CalibrationError) {
        let used = result.observations.usedViews.count
        let degrees = coverage.normalSpread * 180 / .pi
        let isTooLarge = result.deviation > 0.01 * Double(max(fit.camera.width, fit.camera.height))
        if isTooLarge || 2 * used < result.observations.views.count {
            throw .noFit(rms: result.deviation * 2.0.squareRoot(), board: board.description)
        }
        guard !options.acceptsWeakData else { return }
        if used < ViewChecks.fewestViews {
            throw .tooFewViews(found: used, needed: ViewChecks.fewestViews, images: imageCount)
        }
        if degrees < Self.smallestSpread { throw .parallel(degrees: degrees, views: used) }
    }

    private func checkFocal(_ covariance: [Double]) throws(CalibrationError) {
        let n = fit.model.parameterCount
        let shares = (0..<2).map { covariance[$0 * n + $0].squareRoot() / fit.parameters[$0] * 100 }
        guard shares.allSatisfy(\.isFinite) else { throw .underdetermined(model: fit.model) }
        if let largest = shares.max(), largest > Self.largestFocalDeviation, !options.acceptsWeakData {
            throw .uncertainFocalLength(percent: largest)
        }
    }
}
