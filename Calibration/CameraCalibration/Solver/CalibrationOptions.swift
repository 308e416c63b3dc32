/// What a calibration may do by itself.
public struct CalibrationOptions: Sendable {
    /// Whether the board may be bent.
    public enum Warp: String, CaseIterable, Sendable {
        /// As the error on held-out views says.
        case auto
        case flat
        case fit
    }

    /// The model; nil: the simplest that predicts held-out views as well as any.
    public var model: LensModel?
    public var warp = Warp.auto
    /// Leave out corners whose residual is more than four standard deviations, and views that fit no pose.
    public var rejectsOutliers = true
    /// Calibrate the halves of the views against each other.
    public var crossValidates = true
    /// Fit even what is refused for want of views, tilt or precision, to look at it.
    public var acceptsWeakData = false

    /// The defaults.
    public init() {}

    /// As quick as possible, for a result that is updated while views come in: a given model, a flat board, no cross-validation.
    public static func quick(_ model: LensModel) -> CalibrationOptions {
        var options = CalibrationOptions()
        (options.model, options.warp, options.crossValidates) = (model, .flat, false)
        return options
    }
}
