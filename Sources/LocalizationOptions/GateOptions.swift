/// The thresholds of the gates.
public struct GateOptions: Sendable, Equatable {
    /// Inliers that a pose found through retrieval needs.
    @Limited(to: 6...1000) public var minimumInliers = 20
    /// Inliers that a pose in the cached place needs: chance matches are rarer there.
    @Limited(to: 6...1000) public var minimumTrackedInliers = 15
    /// Share of the correspondences that are inliers.
    @Limited(to: 0...1) public var minimumInlierRatio = 0.15
    /// Share of the image that the inliers cover.
    @Limited(to: 0...1) public var minimumSpread = 0.15
    /// Share of the landmarks that the pose expects in the image that are inliers. On the sample's second drive right
    /// poses have 0.12 or more, wrong ones (from a car like one of the map's) 0.04 or less.
    @Limited(to: 0...1) public var minimumRecognition = 0.08
    /// Inliers of the best other pose over those of the pose: above it, the place is ambiguous. Right images have .31 at
    /// most, a place that the map has twice 1.
    @Limited(to: 0...1) public var maximumRivalShare = 0.5
    /// Root mean square of the inliers' reprojection errors, pixels.
    @Limited(to: 0.1...100) public var maximumReprojectionRMS = 4.0

    /// The defaults, which are also the configuration's.
    public init() {}
}

/// When a pose that passed every gate still counts as degraded: few inliers, or a covariance that is wide for a
/// vehicle.
///
/// A right pose of the sample's second drive has 60 inliers or more, and a standard deviation of centimetres.
public struct DegradationOptions: Sendable, Equatable {
    /// Fewer inliers than this degrade a pose.
    @Limited(to: 0...5000) public var minimumInliers = 30
    /// Largest standard deviation of the position, all three axes together, metres (or the unit of a map without
    /// scale).
    @Limited(to: 0...1e6) public var maximumPositionDeviation = 0.25
    /// Largest standard deviation of the rotation, all three axes together, radians: one degree.
    @Limited(to: 0...Double.pi) public var maximumRotationDeviation = Double.pi / 180

    /// The defaults, which are also the configuration's.
    public init() {}
}
