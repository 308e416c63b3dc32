internal import Features
internal import Geometry
internal import Inference
internal import Integrity
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import ReferenceMap
internal import Retrieval

/// The cached place: tracking, and what is tried there once that has lost its hold.
extension Localizer {
    /// What came of tracking.
    struct Track {
        /// Where guided matches around the prediction draw the pose; nil if nowhere.
        var coarse: PoseApproach?
        /// Landmarks that the prediction expects in the image.
        var landmarksInView = 0
        /// From there.
        var outcome: SearchOutcome
        /// It has a pose that keeps most of the inliers of the frame before.
        var keepsHold = false
    }

    /// Matches against the cached place around the predicted pose.
    ///
    /// Guided matches agree with the pose that guides them: from a prediction that is far off (the camera has turned,
    /// stopped, or jumped) they can converge on a wrong one, with a third of the inliers. Matches against the whole
    /// place know nothing of the prediction.
    func track(from predicted: RigidTransform, in frame: inout Frame) -> Track {
        let coarse = approach(predicted, in: &frame)
        let inView = verifier.landmarksInView
        guard let coarse, standing.keepsHold(inliers: coarse.inlierCount, of: inView, share: options.leastKept) else {
            var shortage = verifier.shortage
            if coarse != nil { shortage.failedGate = .inliers }
            return Track(coarse: coarse, landmarksInView: inView, outcome: SearchOutcome(failed: shortage))
        }
        let outcome = refineTracked(coarse.cameraFromMap, leastInliers: options.gates.minimumTrackedInliers, in: &frame)
        let evidence = outcome.hypothesis?.evidence
        return Track(
            coarse: coarse, landmarksInView: inView, outcome: outcome,
            keepsHold: evidence.map { keepsHold($0, options.leastKept) } ?? false)
    }

    /// Whether a pose shows such a share of what the place has shown before.
    func keepsHold(_ evidence: Evidence, _ share: Double) -> Bool {
        standing.keepsHold(inliers: evidence.inliers, of: evidence.landmarksInView, share: share)
    }

    /// Half of the hold: a pose with less is looked for elsewhere, and not taken for want of a better one.
    var weakHold: Double { 0.5 * options.leastKept }

    /// Matches against the whole of the cached place, where tracking has lost its hold of it. A place of which next to
    /// nothing is seen is left to retrieval, which would ask for it again if it were the right one.
    func tryCachedPlace(behind track: Track, in frame: inout Frame) -> SearchOutcome {
        guard let coarse = track.coarse,
            standing.keepsHold(inliers: coarse.inlierCount, of: track.landmarksInView, share: options.leastSeen)
        else { return SearchOutcome() }
        return verify(cache.place, strongest: options.firstKeypoints, source: .cachedPlace, in: &frame)
    }

    /// The pose of a track that lost its hold, for want of a better one: degraded, and only with half of the hold.
    func weakTrack(_ track: Track, in frame: inout Frame) -> SearchOutcome {
        guard let coarse = track.coarse else { return SearchOutcome() }
        var loose = refineTracked(
            coarse.cameraFromMap, leastInliers: options.gates.minimumTrackedInliers, in: &frame)
        guard let found = loose.hypothesis, !keepsHold(found.evidence, weakHold) else {
            loose.hypothesis?.doubt = .recognition
            return loose
        }
        loose.evidence.failedGate = .recognition
        return SearchOutcome(failed: loose.evidence)
    }

    /// Where guided matches with the cached place draw a predicted pose.
    func approach(_ predicted: RigidTransform, in frame: inout Frame) -> PoseApproach? {
        verifier.approach(predicted, features, in: cache.place, radius: options.searchRadius, &frame.times)
    }

    /// Refines a pose that guided matches in the cached place have drawn near, and applies the gates to it.
    func refineTracked(_ coarse: RigidTransform, leastInliers: Int, in frame: inout Frame) -> SearchOutcome {
        let found = verifier.refine(
            coarse, features, in: cache.place, radii: options.refinementRadii.dropFirst(), source: .cachedPlace,
            &frame.times)
        return applyGates(to: found, leastInliers: leastInliers)
    }
}
