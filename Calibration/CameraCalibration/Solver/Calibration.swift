public import Geometry

/// A calibrated camera, and how well it is known.
public struct Calibration: Sendable {
    /// With the parameters that were fitted, of the images' size.
    public var camera: Camera
    /// Which of its parameters were fitted.
    public var model: LensModel
    /// As it was given: flat, whatever ``warp`` says.
    public var board: Board
    /// How the board turned out to be bent; nil when it was taken as flat.
    public var warp: BoardWarp?
    /// The images with a board, in the order given.
    public var views: [ViewResult]
    /// Views that were not even tried.
    public var dropped: [DroppedView] = []
    /// Images that were looked at, with and without a board.
    public var imageCount: Int

    /// Names of the fitted parameters: fx, fy, cx, cy, then the distortion.
    public var parameterNames: [String] { model.parameterNames }
    /// Their values.
    public var parameters: [Double] { Array(camera.parameters.prefix(model.parameterCount)) }
    /// Their covariance, n x n, row by row, symmetric.
    public var covariance: [Double]
    /// Their standard deviations.
    public var deviations: [Double] {
        let n = model.parameterCount
        return (0..<n).map { covariance[$0 * n + $0].squareRoot() }
    }

    /// Standard deviations of the warp's two deflections, metres.
    public var warpDeviations: BoardWarp?
    /// Root of the mean squared length of the used corners' residuals, pixels (OpenCV's definition).
    public var rmsPixels: Double
    /// Estimated standard deviation of one coordinate of a corner, pixels.
    public var noise: Double

    /// Standard deviation of the projection over the image, in the worst direction, for points at infinity: the
    /// headline.
    public var projectionUncertainty: UncertaintyMap
    /// The same for points at the boards' median distance.
    public var nearProjectionUncertainty: UncertaintyMap
    /// What a user should reckon with in 95 % of the image, pixels, one standard deviation: what the residuals say, or
    /// half of what the two halves of the views differ by, if that is more. (The halves have half of the views each,
    /// and both err.) Halves that differ no more than either knows say nothing against the whole: one may hold all
    /// views of the image's middle, the other all of its edge.
    public var statedUncertainty: Double {
        let claimed = projectionUncertainty.percentile95
        guard let halves = crossValidation, !(halves.percentile95 <= halves.expected95) else { return claimed }
        return claimed.isNaN || halves.percentile95.isNaN ? .nan : max(claimed, halves.percentile95 / 2)
    }
    /// Whether ``statedUncertainty`` is what the halves show, more than the residuals say.
    public var isStatedByHalves: Bool { statedUncertainty > projectionUncertainty.percentile95 }
    /// Projection uncertainty of any pixel at any distance.
    public var uncertainty: ProjectionUncertainty

    /// Where in the image the corners lay, and how the board stood.
    public var coverage: Coverage
    /// What would make the calibration better, most important first.
    public var advice: [Advice]
    /// Error on views left out of the fit, for each model that was near; the chosen one among them.
    public var heldOutErrors: [HeldOutError]
    /// By how much the projections differ when each half of the views is calibrated alone; nil with too few views.
    public var crossValidation: ProjectionDifference?

    /// Images with a board that the calibration used.
    public var usedImages: Int { views.count { !$0.isRejected } }
    /// Those that the parameters rest on: without outliers and rejected views.
    public var usedCorners: Int { views.reduce(0) { $0 + $1.used.count } }
    /// Corners of all views that were used or rejected.
    public var cornerCount: Int { views.reduce(0) { $0 + $1.corners.count } }
}

/// How well a model predicts views that it was not fitted to.
public struct HeldOutError: Sendable {
    /// The one that was fitted to the other views.
    public var model: LensModel
    /// With a warped board.
    public var warp: Bool
    /// Root of the mean squared residual over the views left out in turn, each with its own best pose; pixels. Infinite
    /// when it could not be fitted.
    public var pixels: Double
    /// This is the model of the calibration.
    public var isChosen: Bool
}
