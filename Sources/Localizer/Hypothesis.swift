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

    /// Nothing was found.
    package init() {}

    /// Share of the correspondences that are inliers, 0...1; 0 if there are none.
    var inlierRatio: Double { matches > 0 ? Double(inliers) / Double(matches) : 0 }

    /// Share of the landmarks in view that are inliers; 1 where nothing is known to be in view.
    var recognition: Double { landmarksInView > 0 ? min(Double(inliers) / Double(landmarksInView), 1) : 1 }

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
}

/// What came of trying to find a pose in one way: a hypothesis that passed every gate, or why there is none.
package struct Attempt: Sendable {
    /// Present if no gate failed.
    package var hypothesis: Hypothesis?
    /// Of the hypothesis, or of what failed.
    package var evidence: Evidence

    /// Nothing was tried.
    init() { evidence = Evidence() }

    /// No pose, and why.
    init(failed evidence: Evidence) { self.evidence = evidence }

    /// A pose, as the gates have judged it.
    init(_ judged: Hypothesis) {
        evidence = judged.evidence
        hypothesis = evidence.failedGate == .none ? judged : nil
    }

    /// Takes the other attempt, unless it gave no pose and came less far than this one.
    mutating func improve(with other: Attempt) {
        if other.hypothesis != nil || !other.evidence.isWeaker(than: evidence) { self = other }
    }
}
