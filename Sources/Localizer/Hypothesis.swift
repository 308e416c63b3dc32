package import Geometry
internal import PoseEstimation

/// What speaks for and against a pose in a frame: of one attempt, never of two.
package struct Evidence: Sendable {
    /// The first gate that the attempt failed.
    package var failedGate = Gate.none
    /// Correspondences of the last matching, right and wrong.
    package var matches = 0
    /// Those of them that the pose explains.
    package var inliers = 0
    /// Landmarks of the place that the pose expects in the image.
    package var landmarksInView = 0
    /// Share of the image that the inliers cover, 0...1.
    package var spread = 0.0
    /// Root mean square of the inliers' reprojection errors, pixels.
    package var reprojectionRMS = 0.0
    /// Of the guided matches within 24 px, the share within 3 px, 0...1: residuals before they are cut. 0 if it was not
    /// measured.
    package var purity = 0.0
    /// Share of the inliers that the camera sees from nearer, or from farther, than any keyframe did, 0...1.
    package var beyond = 0.0
    /// Share of the cells of the image with landmarks in view in which some agree, 0...1. 1 if it was not measured.
    package var seen = 1.0
    /// The largest share of those cells that lies on one side, and is unseen: `SeenCells`. 0 if it was not measured.
    package var unseenSide = 0.0
    /// Mean distance of the landmarks that agree, metres.
    package var distance = 0.0
    /// What is recognized ends at a seam of the picture, although the map and the picture go on behind it.
    package var endsAtSeam = false

    /// Nothing was found.
    package init() {}

    /// Share of the landmarks in view that are inliers; 1 where nothing is known to be in view.
    var recognition: Double { landmarksInView > 0 ? min(Double(inliers) / Double(landmarksInView), 1) : 1 }

    /// Nothing was looked for.
    init(failed gate: Gate) { failedGate = gate }

    /// Too little was matched for a pose.
    init(tooFewOf matches: Int) {
        self.matches = matches
        failedGate = matches < 4 ? .matches : .inliers
    }

    /// Whether another attempt came further.
    func isWeaker(than other: Evidence) -> Bool { (inliers, matches) < (other.inliers, other.matches) }
}

/// A pose that a frame could have, with all that is known of it: what is judged, compared with rivals, and published if
/// it stands.
package struct Hypothesis: Sendable {
    /// Takes points of the map frame to the camera frame, metres.
    package var cameraFromMap: RigidTransform
    /// Of the camera in the axes of the map, as ``Localization/covariance``.
    package var covariance: SymmetricMatrix6
    /// How the place was found.
    package var source: Localization.Source
    /// Of the keyframes that observe its inliers, the nearest of the best: what the place is called by.
    package var keyframe: Int?
    /// What it rests on.
    package var evidence: Evidence
    /// Matches that agreed with it in a search of the whole place; 0 if it followed a prediction.
    package var support = 0
    /// The best pose that explains the frame and is elsewhere; nil if there is none, or none was looked for.
    package var rival: Rival?
    /// Why it is degraded, though no gate withholds it.
    package var doubt = Gate.none

    /// Whether all of what should be in sight was asked for, and is there: not only an object, or one side of it.
    package var isWhole = false

    /// Whether it rests on the landmarks round its own keyframe, not on those of the place that was retrieved.
    package var isRefinedAtHome = false

    /// It rests on what may be an object that has moved, or a part that repeats: how far, no picture says. Its levels
    /// are the distance of what is recognized, at least the length of a car, and half a radian.
    mutating func mayBeAnObject(levelMultiple: Double) {
        if doubt == .none { doubt = .recognition }
        let (position, rotation) = (max(evidence.distance, Self.lengthOfCar) / levelMultiple, 0.5 / levelMultiple)
        covariance.translation = covariance.translation + Matrix3(diagonal: Vector3(repeating: position * position))
        covariance.rotation = covariance.rotation + Matrix3(diagonal: Vector3(repeating: rotation * rotation))
    }

    /// Metres.
    private static let lengthOfCar = 5.0

    /// Whether it was found without a prediction to follow.
    package var isIndependent: Bool { support > 0 }
}

/// Another pose that explains a frame.
package struct Rival: Sendable {
    /// Takes points of the map frame to the camera frame, metres.
    package var cameraFromMap: RigidTransform
    /// As a hypothesis's.
    package var covariance: SymmetricMatrix6
    /// What its place is called by.
    package var keyframe: Int?
    /// What it rests on.
    package var evidence: Evidence
    /// Its inliers over those of the pose that it rivals, each among the landmarks of its own surroundings, 0...1.
    package var ratio: Double

    init(_ hypothesis: Hypothesis, ratio: Double) {
        cameraFromMap = hypothesis.cameraFromMap
        covariance = hypothesis.covariance
        keyframe = hypothesis.keyframe
        evidence = hypothesis.evidence
        self.ratio = ratio
    }

    /// It instead of the pose that it rivals, which becomes the rival.
    func promoted(over winner: Hypothesis) -> Hypothesis {
        var promoted = winner
        promoted.rival = Rival(winner, ratio: 1 / max(ratio, 1e-9))
        (promoted.cameraFromMap, promoted.covariance) = (cameraFromMap, covariance)
        (promoted.keyframe, promoted.evidence) = (keyframe, evidence)
        promoted.isRefinedAtHome = true
        return promoted
    }
}

/// What came of trying to find a pose in one way: a hypothesis that passed every gate, or why there is none.
package struct SearchOutcome: Sendable {
    /// Present if no gate failed.
    package var hypothesis: Hypothesis?
    /// Of the hypothesis, or of what failed.
    package var evidence: Evidence
    /// The keyframe that the pose is at, also if a gate failed.
    package var keyframe: Int?
    /// The rival of the pose, also if a gate failed.
    package var rival: Rival?

    /// Nothing was tried.
    init() { evidence = Evidence() }

    /// No pose, and why.
    init(failed evidence: Evidence) { self.evidence = evidence }

    /// A pose, as the gates have judged it.
    init(_ judged: Hypothesis) {
        evidence = judged.evidence
        (keyframe, rival) = (judged.keyframe, judged.rival)
        hypothesis = evidence.failedGate == .none ? judged : nil
    }

    /// Takes the other outcome, unless it gave no pose and came less far than this one.
    mutating func improve(with other: SearchOutcome) {
        if other.hypothesis != nil || !other.evidence.isWeaker(than: evidence) { self = other }
    }
}
