internal import Geometry
package import LocalizationOptions

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

extension GateOptions {
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

extension DegradationOptions {
    /// Whether the evidence for the pose in `result` is weak. A covariance that is not a number is no evidence.
    package func applies(to result: Localization) -> Bool {
        let covariance = result.covariance
        let position = (covariance[0, 0] + covariance[1, 1] + covariance[2, 2]).squareRoot()
        let rotation = (covariance[3, 3] + covariance[4, 4] + covariance[5, 5]).squareRoot()
        return result.inliers < minimumInliers || !(position <= maximumPositionDeviation)
            || !(rotation <= maximumRotationDeviation)
    }
}
