internal import Geometry

/// From views of a board to a calibrated camera.
public struct Calibrator: Sendable {
    /// The one that all views show.
    public let board: Board
    /// For all calibrations from now on.
    public var options: CalibrationOptions

    /// A calibrator for views of one board.
    public init(board: Board, options: CalibrationOptions = CalibrationOptions()) {
        self.board = board
        self.options = options
    }

    /// Calibrates. Some ten milliseconds for a dozen views, linear in their number.
    /// - Parameters:
    ///   - views: the boards found.
    ///   - imageCount: how many images were looked at; by default one for each view.
    ///   - circle: outside of which the lens shows nothing; nil: it fills the image.
    public func calibrate(
        _ views: [BoardView], imageCount: Int? = nil, circle: ImageCircle? = nil
    ) throws(CalibrationError) -> Calibration {
        try calibrate(views, imageCount: imageCount, circle: circle, from: nil)
    }

    /// The same from known parameters of `options.model`; nil: from nothing.
    func calibrate(
        _ views: [BoardView], imageCount: Int?, circle: ImageCircle? = nil, from known: [Double]?
    ) throws(CalibrationError) -> Calibration {
        let images = imageCount ?? views.count
        let (usable, dropped) = try ViewChecks.usable(views, board: board, imageCount: images)
        let observations = Observations(usable, board: board, width: usable[0].width, height: usable[0].height)
        let models = options.model.map { [$0] } ?? LensModel.allCases
        let candidates = Candidates(observations: observations, rejects: options.rejectsOutliers)
        let near = known.flatMap { candidates.fit(models[0], from: $0) }
        let fits = near.map { [$0] } ?? candidates.fits(models)
        guard var choice = ModelChoice(fits, options: options) else {
            throw .noFit(rms: .infinity, board: board.description)
        }
        choice.fit = choice.fit.polished()
        let report = CalibrationReport(
            board: board, choice: choice, imageCount: images, circle: circle, options: options)
        var calibration = try report.calibration()
        calibration.dropped = dropped
        return calibration
    }
}

/// What a calibration may do by itself.
public struct CalibrationOptions: Sendable {
    /// Whether the board may be bent.
    public enum Warp: String, CaseIterable, Sendable {
        /// As the error on held-out views says.
        case auto
        /// It is taken as flat.
        case flat
        /// Its two deflections are fitted in any case.
        case fit
    }

    /// The model; nil: the simplest that predicts held-out views as well as any.
    public var model: LensModel?
    /// Whether the board is taken as bent.
    public var warp = Warp.auto
    /// Leave out corners whose residual is more than four standard deviations, and views that fit no pose.
    public var rejectsOutliers = true
    /// Calibrate the halves of the views against each other.
    public var crossValidates = true
    /// Fit even what is refused for want of views, tilt or precision, to look at it.
    public var acceptsWeakData = false

    /// The defaults.
    public init() {}

    /// As quick as possible, for a result that is updated while views come in: a given model, a flat board, no
    /// cross-validation.
    public static func quick(_ model: LensModel) -> CalibrationOptions {
        var options = CalibrationOptions()
        (options.model, options.warp, options.crossValidates) = (model, .flat, false)
        return options
    }
}
