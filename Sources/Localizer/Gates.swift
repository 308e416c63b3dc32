internal import Geometry

/// What a pose must pass, in the order of the cases. A pose that fails one is not published; which one, is: raw values
/// are those of `hfloc.v1.Gate`.
public enum Gate: UInt8, Sendable, CaseIterable {
    /// No gate failed.
    case none = 0
    /// Too few correspondences for any pose.
    case matches = 3
    /// Too few of them agree on one pose.
    case inliers = 4
    /// Too small a share of the correspondences agree.
    case inlierRatio = 5
    /// The inliers lie too close together in the image.
    case spread = 6
    /// Too few of the landmarks that the pose expects in the image are inliers: one object of the place may be there,
    /// the place is not.
    case recognition = 12
    /// The inliers fit their pose badly.
    case reprojection = 7
}

/// What each gate demands; the defaults hold for a network input of 640 pixels.
public struct GateOptions: Sendable {
    /// Inliers that a pose found through retrieval needs.
    public var minimumInliers = 20
    /// Inliers that a pose in the cached place needs: chance matches are rarer there.
    public var minimumTrackedInliers = 15
    /// Share of the best attempt's correspondences that must be inliers, 0...1.
    public var minimumInlierRatio = 0.15
    /// Share of the image that the inliers cover, 0...1.
    public var minimumSpread = 0.15
    /// Share of the landmarks that the pose expects in the image that are inliers, 0...1. On the sample's second drive
    /// right poses have 0.12 or more, wrong ones (from a car like one of the map's) 0.04 or less.
    public var minimumRecognition = 0.08
    /// Root mean square of the inliers' reprojection errors, pixels.
    public var maximumReprojectionRMS = 4.0

    /// The defaults, which are also the configuration's.
    public init() {}

    /// The first gate that the evidence in `result` fails, or `.none`.
    package func firstFailed(by result: Localization, minimumInliers: Int) -> Gate {
        if result.inliers < minimumInliers { return .inliers }
        if result.inlierRatio < minimumInlierRatio { return .inlierRatio }
        if result.spread < minimumSpread { return .spread }
        if result.recognition < minimumRecognition { return .recognition }
        if result.reprojectionRMS > maximumReprojectionRMS { return .reprojection }
        return .none
    }
}

/// When a pose that passed every gate still counts as degraded: few inliers, or a covariance that is wide for a
/// vehicle.
///
/// A right pose of the sample's second drive has 60 inliers or more, and a standard deviation of centimetres.
public struct DegradationOptions: Sendable {
    /// Fewer inliers than this degrade a pose.
    public var minimumInliers = 30
    /// Largest standard deviation of the position, all three axes together, metres (or the unit of a map without
    /// scale).
    public var maximumPositionDeviation = 0.25
    /// Largest standard deviation of the rotation, all three axes together, radians: one degree.
    public var maximumRotationDeviation = 0.0174533

    /// The defaults, which are also the configuration's.
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
