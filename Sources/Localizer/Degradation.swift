internal import Geometry

/// When a pose that passed every gate still counts as degraded: few inliers, or a covariance that is wide for a vehicle.
///
/// A right pose of the sample's second drive has 60 inliers or more, and a standard deviation of centimetres.
public struct DegradationOptions: Sendable {
    /// Fewer inliers than this degrade a pose.
    public var minimumInliers = 30
    /// Largest standard deviation of the position, all three axes together, metres (or the unit of a map without scale).
    public var maximumPositionDeviation = 0.25
    /// Largest standard deviation of the rotation, all three axes together, radians: one degree.
    public var maximumRotationDeviation = 0.0174533

    public init() {}

    /// Whether the evidence for the pose in `result` is weak. A covariance that is not a number is no evidence.
    package func applies(to result: Localization) -> Bool {
        let covariance = result.covariance
        let position = (covariance[0, 0] + covariance[1, 1] + covariance[2, 2]).squareRoot()
        let rotation = (covariance[3, 3] + covariance[4, 4] + covariance[5, 5]).squareRoot()
        return result.inliers < minimumInliers || !(position <= maximumPositionDeviation)
            || !(rotation <= maximumRotationDeviation)
    }
}
