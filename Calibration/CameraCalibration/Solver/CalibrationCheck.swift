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
    /// Above this it is a change in any case: what the uncertainties explain once in 4300 times, and at least what
    /// matters (0.8 thousandths of the long side).
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
    /// What a turned focus ring or a knock would have changed, if it changed nothing else: that tells far more than
    /// each parameter by itself. Nil where the covariances tell nothing.
    public var usualChange: UsualChange?
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
    ///   - circle: outside of which the lens shows nothing; nil: it fills the image.
    ///   - fileViews: how many views the file's covariance rests on; nil when that is not known.
    public init(
        _ camera: Camera, covariance: [[Double]]?, board: Board, views: [BoardView], imageCount: Int? = nil,
        circle: ImageCircle? = nil, fileViews: Int? = nil
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
        let anew = try calibrator.calibrate(views, imageCount: imageCount, circle: circle, from: parameters)

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
        let freedom = Self.freedom(anew, joint, fileViews: fileViews)
        let relevant = 0.8e-3 * Double(max(camera.width, camera.height))
        limit = max(CameraChange.deviations(freedom: freedom) * expected, relevant)

        let difference = zip(anew.parameters, parameters).map { $0 - $1 }
        let deviations = (0..<n).map { joint[$0 * n + $0].squareRoot() }
        let change = CameraChange(
            difference, covariance: joint, parameters: parameters, freedom: freedom)
        chiSquare = change?.chiSquare ?? .infinity
        degreesOfFreedom = n
        focalChange = (difference[0] / parameters[0] * 100, deviations[0] / parameters[0] * 100)
        principalPointChange = (Vector2(difference[2], difference[3]), Vector2(deviations[2], deviations[3]))
        rmsAnew = anew.rmsPixels
        rmsOfFile = Self.rms(camera, anew)
        usualChange = change?.usual
        verdict = .unclear
        verdict = self.verdict(change, relevant: relevant, side: Double(max(camera.width, camera.height)))
    }

    /// Of the joint covariance: each part has one less than views (Satterthwaite 1946).
    private static func freedom(_ anew: Calibration, _ joint: [Double], fileViews: Int?) -> Double {
        let n = anew.model.parameterCount
        var own = 0.0
        for i in 0..<n { own += anew.covariance[i * n + i] / joint[i * n + i] / Double(n) }
        let views = (anew: Double(max(anew.usedImages, 2)), file: Double(max(fileViews ?? usualViews, 2)))
        return 1 / (own * own / (views.anew - 1) + (1 - own) * (1 - own) / (views.file - 1))
    }

    /// Views of a file that does not say how many it was made of.
    private static let usualViews = 15

    private func verdict(_ change: CameraChange?, relevant: Double, side: Double) -> Verdict {
        guard let change, let usual = change.usual else { return .unclear }
        let matters = abs(usual.focal) > Self.focalThatMatters || usual.shift.length > Self.shiftThatMatters * side
        // Where one of the two sees nothing, the parameters still tell.
        let isFar = difference.isFinite && (difference > limit || (change.isAny && difference > relevant))
        let isChanged = isFar || (change.isUsual && matters)
        guard isChanged else {
            let shows = change.wouldShow(focal: 2 * Self.focalThatMatters, shift: 2 * Self.shiftThatMatters * side)
            let isKnown = difference.isFinite && calibration.usedImages >= Self.fewestViews
            return shows && isKnown ? .unchanged : .unclear
        }
        if abs(focalChange.percent) > 8 || difference.isFinite && difference > 0.02 * side { return .swapped }
        // A turn of the focus scales both focal lengths alike and leaves the principal point where it was.
        let hasShift = (0..<2).contains {
            abs(usual.shift[$0]) > max(4 * usual.shiftDeviation[$0], 3 * relevant)
        }
        return change.isFocal && !hasShift ? .refocused : .moved
    }

    /// Of fewer views the covariance itself is too little known to clear a camera.
    private static let fewestViews = 6
    /// A change of the focal length by this share, and of the principal point by this share of the long side, is worth
    /// an alarm when it is no chance; twice as much must be found for a camera to be called unchanged.
    private static let (focalThatMatters, shiftThatMatters) = (0.005, 0.0031)

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
        let known = general.parameters.prefix(model.parameterCount)
        let rest = [Double](repeating: 0, count: model.parameterCount - known.count)
        return (model, known + rest, sources)
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
}
