public import Geometry

/// What a pose estimation may cost and what it demands.
public struct PoseEstimationOptions: Equatable, Sendable {
    /// Largest reprojection error of an inlier, pixels of the image that the correspondences' pixels are in.
    public var maximumReprojectionError = 4.0
    /// Wanted probability that no better pose was missed, which ends the search.
    public var confidence = 0.9999
    /// Samples of three correspondences drawn at least, even when the first pose explains all.
    public var minimumIterations = 20
    /// Samples drawn at most, whatever the confidence: bounds the time where there is no pose.
    public var maximumIterations = 5000
    /// Fewer inliers than this are no pose.
    public var minimumInliers = 12
    /// Upper bound of the expected number of poses, over all triples of correspondences, with that much support from
    /// correspondences that are all wrong and spread evenly over the image: the test against chance
    /// (a contrario; Moisan and Stival 2004).
    public var maximumFalseAlarms = 1e-6
    /// Draws samples from the correspondences of highest quality first (PROSAC). Without, evenly.
    public var isProgressive = true
    /// Lower bound of the standard deviation of a pixel coordinate that the covariance is computed with, pixels.
    public var minimumNoise = 0.5
    /// Seed of the sampling: the same input and seed give the same pose.
    public var seed: UInt64 = 1

    /// Fit for a network input of 640 pixels; the thresholds are in its pixels.
    public init() {}
}

/// A camera pose with its covariance and the evidence for it, as the gates look at.
public struct PoseEstimate: Sendable {
    /// Takes points of the map frame to the camera frame, metres.
    public var cameraFromMap: RigidTransform
    /// Covariance of the camera in the map: position (metres) and rotation (radians) about the map's axes, so that
    /// `position = estimate + dp` and `mapFromCamera.rotation = exp(dr) * estimate`.
    ///
    /// It is the covariance of the left tangent of `cameraFromMap` (`Twist`) turned into the map's axes: `dp = -Rᵀ v`,
    /// `dr = -Rᵀ w`. Computed as `noise² (Jᵀ J)⁻¹` over the inliers, with the standard deviation of a pixel coordinate
    /// estimated from them (median absolute deviation) and bounded from below by
    /// ``PoseEstimationOptions/minimumNoise``: it knows pixel noise, not wrong landmarks or a wrong calibration.
    public var covariance: SymmetricMatrix6
    /// Correspondences within the largest reprojection error.
    public var inlierCount: Int
    /// How the inliers fill the image: a pose from one corner of it is weak.
    public var spread: InlierSpread
    /// What the search cost: for diagnosis and benchmarks.
    public var statistics: PoseEstimationStatistics
}

/// A pose that is near enough to match again more narrowly, but not yet an estimate: no covariance, no test against
/// chance.
public struct PoseApproach: Sendable {
    /// Takes points of the map frame to the camera frame, metres; refined, but not tested against chance.
    public var cameraFromMap: RigidTransform
    /// Correspondences within the largest reprojection error.
    public var inlierCount: Int
}

/// What a pose estimation tried, and how sure the result is: for diagnosis and benchmarks.
public struct PoseEstimationStatistics: Equatable, Sendable {
    /// Samples drawn; 0 for a refinement.
    public var iterations = 0
    /// Poses that samples gave and that were scored, up to four for each sample.
    public var hypotheses = 0
    /// Of those, given up before all correspondences were scored.
    public var rejectedEarly = 0
    /// How often a new best pose was refined over its inliers before the search went on (LO-RANSAC).
    public var localOptimizations = 0
    /// Natural logarithm of the expected number of such poses by chance.
    public var logFalseAlarms = 0.0

    /// All zero: before an estimation.
    public init() {}
}
