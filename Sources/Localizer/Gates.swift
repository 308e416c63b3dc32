package import Geometry
package import Integrity
package import LocalizationOptions

/// What a pose must pass. A pose that fails one is not published, or is degraded where the case says so; which one, is:
/// raw values are those of `hfloc.v1.Gate`. They are asked in the order of `GateOptions.firstFailed` of every pose that
/// could be, and of `Localizer.decide`, `assess` and `carryOver` of the one that was found.
public enum Gate: UInt8, Sendable, CaseIterable {
    /// No gate failed.
    case none = 0
    /// The picture cannot be one that the camera takes now: nothing is in it, or it is the one before again.
    case input = 1
    /// Too few correspondences for any pose.
    case matches = 3
    /// Too few of them agree on one pose.
    case inliers = 4
    /// The inliers lie too close together in the image.
    case spread = 6
    /// Too few of the landmarks that the pose expects in the image are inliers: one object of the place may be there,
    /// the place is not.
    case recognition = 12
    /// The pose is too uncertain: it is degraded, not withheld.
    case covariance = 8
    /// Another pose, elsewhere, explains the frame nearly as well.
    case ambiguity = 9
    /// The pose does not continue a motion that frames have agreed on: it is withheld until others bear it out.
    case prediction = 10
    /// Too few frames agree yet: the pose is degraded, not withheld.
    case agreement = 11
    /// Matches within a wide search agree with the pose less cleanly than the place gives: it is degraded.
    case purity = 13
    /// The frame contradicts the camera file, or the map: with another lens the pose would be elsewhere.
    case calibration = 14
    /// The camera is beyond what the map has seen: only far landmarks are left.
    case extrapolation = 15
}

extension GateOptions {
    /// The first gate that the evidence fails, or `.none`.
    package func firstFailed(by evidence: Evidence, minimumInliers: Int) -> Gate {
        if evidence.inliers < minimumInliers { return .inliers }
        if evidence.spread < minimumSpread { return .spread }
        if evidence.recognition < minimumRecognition { return .recognition }
        return .none
    }
}

extension DegradationOptions {
    /// A level that is so many times the largest deviation degrades too, half a metre and five degrees by default: a
    /// map that is weak says so by its levels.
    private static let alert = (position: 2.0, rotation: 5.0)

    /// Whether a pose with such a covariance, and the protection level that the map makes of it, and so many inliers is
    /// weak. A covariance that is not a number is no evidence.
    package func applies(to covariance: SymmetricMatrix6, level: ProtectionLevel, inliers: Int) -> Bool {
        let position = (covariance[0, 0] + covariance[1, 1] + covariance[2, 2]).squareRoot()
        let rotation = (covariance[3, 3] + covariance[4, 4] + covariance[5, 5]).squareRoot()
        let isBeyondAlert =
            level.position > Self.alert.position * maximumPositionDeviation
            || level.rotation > Self.alert.rotation * maximumRotationDeviation
        return inliers < minimumInliers || !(position <= maximumPositionDeviation)
            || !(rotation <= maximumRotationDeviation) || isBeyondAlert
    }
}
