package import Geometry
package import Integrity
package import LocalizationOptions

/// What a pose must pass. A pose that fails one is not published, or is degraded where the case says so; which one, is:
/// raw values are those of `hfloc.v1.Gate`.
///
/// Asked of every pose that could be are those of `GateOptions.firstFailed`; of the one that was found those of
/// `GateOptions.failed` and `doubt`, after what `Localizer.assess` finds out; beside other places and frames those of
/// `Localizer.decide` and `carryOver`; and beside the vehicle's odometry, by who has it, ``odometry``.
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
    /// The pose contradicts what the odometry makes of those before it: it is degraded.
    case odometry = 16

    /// Why a pose is withheld or degraded, in one sentence for people: what it means, and what may cure it. Of a
    /// picture that cannot be one, its ``PictureDefect/explanation`` says more.
    public var explanation: String {
        switch self {
        case .none: ""
        case .input: "the picture cannot be one that the camera takes now"
        case .matches: "hardly anything of the map is recognized"
        case .inliers: "too little of the map is recognized to fix a pose"
        case .spread: "what is recognized lies in too small a part of the picture"
        case .recognition: "something of the place is recognized, the place is not"
        case .covariance: "the pose is uncertain: use it with its covariance"
        case .ambiguity: "two poses explain the picture alike: see keyframe and rival_keyframe"
        case .prediction: "the pose does not continue the motion: the next frames bear it out, or not"
        case .agreement: "too few frames agree yet"
        case .purity: "the matches fit the pose less cleanly than this place usually gives"
        case .calibration: "the picture contradicts the camera file, or the map: another lens, focus or size?"
        case .extrapolation: "only far landmarks are left: the camera is beyond the map"
        case .odometry: "the pose contradicts the odometry: one of the two is wrong"
        }
    }
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

extension GateOptions {
    /// A pose is withheld below the least purity over this: false places beyond a street's end have .1 to .18, right
    /// poses there .35 and more.
    private static let leastPurityShare = 2.5
    /// Of impure matches a rival with this share of the largest is one too many: two pictures in one.
    private static let rivalOfImpure = 0.6
    /// A pose is degraded above this share of what withholds it.
    private static let beyondInDoubt = 0.6

    /// The gate that withholds a pose that was found, once its residuals have been looked at before they are cut; of
    /// several the last.
    /// - Parameter usualPurity: the least that right poses of the map have.
    package func failed(by found: Hypothesis, usualPurity: Double) -> Gate? {
        var failed: Gate?
        if found.evidence.beyond > maximumBeyond { failed = .extrapolation }
        if isImpure(found, usual: usualPurity, share: Self.leastPurityShare) { failed = .purity }
        if isImpure(found, usual: usualPurity), let rival = found.rival,
            rival.ratio > Self.rivalOfImpure * maximumRivalShare
        {
            failed = .ambiguity
        }
        return failed
    }

    /// The gate for which a pose that no gate withholds is degraded.
    package func doubt(of found: Hypothesis, usualPurity: Double) -> Gate? {
        if isImpure(found, usual: usualPurity) { return .purity }
        return found.evidence.beyond > Self.beyondInDoubt * maximumBeyond ? .extrapolation : nil
    }

    /// Whether matches of a wide search agree less cleanly than right poses of the map have it; with a share, whether
    /// even so many times their purity is too little.
    package func isImpure(_ found: Hypothesis, usual: Double, share: Double = 1) -> Bool {
        found.evidence.purity * share < minimumPurity * usual
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
