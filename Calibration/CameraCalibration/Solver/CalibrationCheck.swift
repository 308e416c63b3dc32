public import Geometry

/// Whether a camera is still the one that its file describes: later views of a board against the file.
///
/// The views are calibrated anew, from the file's values; the two cameras are then compared where both are known best,
/// for far points, against what the uncertainties of both let expect.
public struct CalibrationCheck: Sendable {
    /// What the comparison comes to; programs get the raw values.
    public enum Verdict: String, Sendable {
        /// The file holds.
        case unchanged
        /// The image has become larger or smaller about its middle: focus or zoom was turned.
        case refocused
        /// Something in the camera has moved: a knock at the lens or the sensor, another crop.
        case moved
        /// Nothing like the file: another lens, camera or mode.
        case swapped
        /// The views are too few or too much alike to tell.
        case unclear
    }

    /// What ``difference``, ``limit`` and the changes below come to.
    public var verdict: Verdict
    /// By how much the two cameras differ in the better known half of the image, at 95 % of its pixels; pixels.
    public var difference: Double
    /// Above this it is a change: three times what the uncertainties let expect, and at least what matters (0.8
    /// thousandths of the long side).
    public var limit: Double
    /// The differences over the whole image.
    public var wholeImage: ProjectionDifference
    /// RMS error of the views with the file's camera and their own best poses, pixels.
    public var rmsOfFile: Double
    /// RMS error of the views with the camera calibrated anew, pixels.
    public var rmsAnew: Double
    /// Squared Mahalanobis length of the parameters' change under both covariances: about ``degreesOfFreedom`` when
    /// nothing changed and noise is all there is. Infinite where a covariance tells nothing.
    public var chiSquare: Double
    /// Number of the parameters that are compared.
    public var degreesOfFreedom: Int
    /// Change of the focal length, percent, and its standard deviation.
    public var focalChange: (percent: Double, deviation: Double)
    /// Change of the principal point, pixels, and its standard deviations.
    public var principalPointChange: (pixels: Vector2, deviation: Vector2)
    /// The camera calibrated anew.
    public var calibration: Calibration

    /// Compares.
    /// - Parameters:
    ///   - camera: of the file.
    ///   - covariance: of its parameters (at least of the fitted ones), row by row; nil when the file has none: it is
    ///     then taken as exact.
    ///   - board: which both sets of views show.
    ///   - views: of the board, later ones.
    ///   - imageCount: of the images that were looked at; nil: as many as there are views.
    public init(
        _ camera: Camera, covariance: [[Double]]?, board: Board, views: [BoardView], imageCount: Int? = nil
    ) throws(CalibrationError) {
        if let view = views.first, view.width != camera.width || view.height != camera.height {
            throw .mixedSizes([
                .init(width: camera.width, height: camera.height, count: 1, example: "the camera file"),
                .init(width: view.width, height: view.height, count: views.count, example: view.name),
            ])
        }
        let (model, parameters, sources) = try Self.fitted(camera)
        var options = CalibrationOptions()
        (options.model, options.crossValidates, options.acceptsWeakData) = (model, false, true)
        let calibrator = Calibrator(board: board, options: options)
        let anew = try calibrator.calibrate(views, imageCount: imageCount, from: parameters)

        calibration = anew
        let n = model.parameterCount
        let joint = (0..<n * n).map { index in
            guard let covariance, let i = sources[index / n], let j = sources[index % n] else {
                return anew.covariance[index]
            }
            return anew.covariance[index] + covariance[i][j]
        }
        let comparison = ProjectionComparison(
            camera, anew.camera, known: anew.uncertainty, jointCovariance: joint)
        wholeImage = comparison.summary
        let (near, expected) = comparison.betterHalf
        difference = near
        let relevant = 0.8e-3 * Double(max(camera.width, camera.height))
        limit = max(3 * expected, relevant)

        let change = zip(anew.parameters, parameters).map { $0 - $1 }
        let deviations = (0..<n).map { joint[$0 * n + $0].squareRoot() }
        chiSquare = Self.mahalanobisSquared(change, joint) ?? .infinity
        degreesOfFreedom = n
        focalChange = (change[0] / parameters[0] * 100, deviations[0] / parameters[0] * 100)
        principalPointChange = (Vector2(change[2], change[3]), Vector2(deviations[2], deviations[3]))
        rmsAnew = anew.rmsPixels
        rmsOfFile = Self.rms(camera, anew)
        verdict = Self.verdict(
            near, limit: limit, expected: expected, relevant: relevant, focal: focalChange, shift: principalPointChange,
            side: Double(max(camera.width, camera.height)))
    }

    private static func verdict(
        _ difference: Double, limit: Double, expected: Double, relevant: Double,
        focal: (percent: Double, deviation: Double), shift: (pixels: Vector2, deviation: Vector2), side: Double
    ) -> Verdict {
        guard difference.isFinite, difference > limit else {
            return expected.isFinite && expected <= 2 * relevant ? .unchanged : .unclear
        }
        if abs(focal.percent) > 8 || difference > 0.02 * side { return .swapped }
        // A turn of the focus scales both focal lengths alike and leaves the principal point where it was.
        let hasShift = (0..<2).contains { abs(shift.pixels[$0]) > max(4 * shift.deviation[$0], 3 * relevant) }
        let isScaled = abs(focal.percent) > 3 * focal.deviation
        return isScaled && !hasShift ? .refocused : .moved
    }

    /// The lens model of a camera with its fitted parameters, and where each of them stands among the camera's own
    /// (nil: nowhere, it is zero): a camera with one focal length is fitted as its sibling with two.
    private static func fitted(
        _ camera: Camera
    ) throws(CalibrationError) -> (model: LensModel, parameters: [Double], sources: [Int?]) {
        let general = camera.withTwoFocalLengths
        guard let model = LensModel(of: general) else { throw .notFitted(model: camera.model) }
        let own = camera.model.parameterCount
        let sources = (0..<model.parameterCount).map { index -> Int? in
            let source = camera.model.hasSingleFocalLength ? max(index - 1, 0) : index
            return source < own ? source : nil
        }
        return (model, Array(general.parameters.prefix(model.parameterCount)), sources)
    }

    private static func rms(_ camera: Camera, _ calibration: Calibration) -> Double {
        let used = calibration.views.filter { !$0.isRejected }
        let views = used.map { view in
            BoardView(
                name: view.name, width: camera.width, height: camera.height,
                corners: view.used.map { .init(id: $0.id, pixel: $0.pixel) })
        }
        let observations = Observations(
            views, board: calibration.board, width: camera.width, height: camera.height)
        var (sum, count) = (0.0, 0)
        for (index, view) in used.enumerated() {
            let cost = PoseFit.refine(
                camera, observations, view: index, warp: calibration.warp ?? .none, from: view.cameraFromBoard
            ).cost
            let other = PoseFit.initial(camera, observations, view: index, evaluations: 30)?.cost ?? .infinity
            sum += min(cost, other)
            count += views[index].corners.count
        }
        return (sum / Double(max(count, 1))).squareRoot()
    }

    private static func mahalanobisSquared(_ v: [Double], _ covariance: [Double]) -> Double? {
        // In units of the deviations, so that coefficients and pixels are of one size.
        let n = v.count
        let scale = (0..<n).map { covariance[$0 * n + $0].squareRoot() }
        guard scale.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        var matrix = (0..<n * n).map { covariance[$0] / (scale[$0 / n] * scale[$0 % n]) }
        let unit = (0..<n).map { v[$0] / scale[$0] }
        var solved = unit
        guard SymmetricPositive.solve(&matrix, &solved) else { return nil }
        return zip(unit, solved).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
