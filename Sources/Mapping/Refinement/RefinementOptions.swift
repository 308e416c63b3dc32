import Geometry
public import ReferenceMap

/// How poses are refined.
public struct RefinementOptions: Sendable, Equatable {
    /// Of the images for which nothing else is stated.
    public var uncertainty: PoseUncertainty
    /// Whether the cameras are corrected as well, within a few pixels.
    public var adjustsCameras = false
    /// Of the rotation of the camera against the given poses' frame that all images share, radians about each axis:
    /// poses of a vehicle's navigation hold the mounting of the camera.
    public var boresightSigma = 0.5 * Double.pi / 180
    /// How far the odometry of images that have one may be off.
    public var drift = OdometryDrift()
    /// Rotations are not taken as more exact than this, radians: what navigation and images disagree by anyway.
    public var leastRotationSigma = 0.05 * Double.pi / 180
    /// Positions are not taken as more exact than this, metres.
    public var leastPositionSigma = 1e-3
    /// Reprojection tolerance of the last build before the map's own, pixels of the input image; those before it have
    /// the double of the next one, up to the first, which the rotations' uncertainty asks for.
    public var lastTolerance = 2.5
    /// Observations of an image that take part.
    public var observationsPerImage = 700
    /// An adjustment ends where its cost falls by less than this share in a step.
    public var costTolerance = 1e-5
    /// It ends after so many steps, whatever they gain.
    public var evaluations = 25
    /// Standard deviation of a keypoint in the adjustment, pixels of the input image.
    public var pixelSigma = 1.8
    /// It is raised up to here where the priors are contradicted.
    public var largestPixelSigma = 2.5
    /// The refined poses are taken if they lower the matches' mean distance from their epipolar lines by this share.
    public var leastGain = 0.02
    /// Chi square per degree of freedom of the priors beyond which they are contradicted.
    public var largestChiSquare = 1.3

    /// The defaults, for poses of that uncertainty.
    public init(uncertainty: PoseUncertainty) { self.uncertainty = uncertainty }

    /// The tolerance of the first build: twice what a rotation of one standard deviation moves a pixel by, and not
    /// less than 10.
    func firstTolerance(_ images: [ExtractedImage], _ cameras: [Camera]) -> Double {
        let largest = images.map { image in
            2 * (uncertainty(of: image).rotation ?? 0) * cameras[image.camera].focalLength.x
        }.max()
        return min(40, max(10, largest ?? 0))
    }

    /// From wide to narrow.
    func tolerances(_ images: [ExtractedImage], _ cameras: [Camera]) -> [Double] {
        let first = firstTolerance(images, cameras)
        var tolerances = [lastTolerance]
        while let next = tolerances.last, next < first { tolerances.append(2 * next) }
        return tolerances.reversed()
    }

    /// What is known of an image's pose.
    func uncertainty(of image: ExtractedImage) -> PoseUncertainty { image.uncertainty ?? uncertainty }

    /// How far a camera's focal lengths, principal point and first coefficient may be corrected.
    func cameraSigmas(_ camera: Camera) -> [Double] {
        let focals = camera.model.hasSingleFocalLength ? 1 : 2
        let pixels = 0.002 * Double(max(camera.width, camera.height))
        return [Double](repeating: pixels, count: focals + 2) + (camera.model.coefficientCount > 0 ? [0.008] : [])
    }
}
