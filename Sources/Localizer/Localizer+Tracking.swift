internal import Features
internal import Geometry
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import Retrieval

/// Where the camera was a frame ago, or is said to be: the cached place is tried before any other.
extension Localizer {
    /// Matches against the cached place around the predicted pose. Where that loses its hold, it is kept as a weak
    /// track.
    ///
    /// Guided matches agree with the pose that guides them: from a prediction that is far off (the camera has turned,
    /// stopped, or jumped) they can converge on a wrong one, with a third of the inliers. Matches against the whole
    /// place know nothing of the prediction.
    func track(from predicted: RigidTransform, _ result: inout Localization) {
        let coarse = guidedApproach(from: predicted, place: cache.place, radius: options.searchRadius, &result)
        guard let coarse else { return }
        if keepsHold(coarse.inlierCount) {
            trackOn(from: coarse.cameraFromMap, &result)
            guard result.cameraFromMap == nil || !keepsHold(result.inliers) else { return }
            result.withdrawPose()
        }
        weakTrack = coarse
    }

    /// Matches against the whole of the cached place, where tracking has lost its hold of it.
    func tryCachedPlace(_ result: inout Localization) {
        // A place of which next to nothing is seen is left to retrieval, which would ask for it again if it were the
        // right one.
        guard let weakTrack, Double(weakTrack.inlierCount) >= options.leastInliersSeen * Double(lastInliers) else {
            return
        }
        tryPlace(
            cache.place, strongest: options.firstKeypoints, source: .cachedPlace,
            leastInliers: options.gates.minimumInliers, &result)
    }

    /// Refines a pose that guided matches in the cached place have drawn near, and judges it as tracked.
    func trackOn(from coarse: RigidTransform, _ result: inout Localization) {
        let radii = options.refinementRadii.dropFirst()
        guard let fine = refine(coarse, radii: radii, place: cache.place, &result) else { return }
        let gates = options.gates
        applyGates(
            fine, source: .cachedPlace, leastInliers: hint == nil ? gates.minimumTrackedInliers : gates.minimumInliers,
            &result)
    }

    /// Whether a tracked pose keeps most of the inliers that the frame before had.
    private func keepsHold(_ inliers: Int) -> Bool { Double(inliers) >= options.leastInliersKept * Double(lastInliers) }

    /// Looks for the camera in a place that this localizer did not find itself: near the pose of the hint, then
    /// anywhere in the place.
    func tryHinted(from pose: RigidTransform, _ hint: PoseHint, _ result: inout Localization) {
        if hint == .remembered {
            retrieve(&result)
            guard retrievalAgreesWithCache else { return }
        }
        attempt(&result) { result in
            guard let coarse = guidedApproach(from: pose, place: cache.place, radius: options.searchRadius, &result)
            else { return }
            trackOn(from: coarse.cameraFromMap, &result)
        }
        guard result.cameraFromMap == nil else { return }
        tryPlace(cache.place, strongest: nil, source: .cachedPlace, leastInliers: options.gates.minimumInliers, &result)
    }

    /// Is the cached place a part of the place that retrieval would try first?
    private var retrievalAgreesWithCache: Bool {
        guard let first = retriever.places.ranges.first else { return false }
        return retriever.places.keyframes[first].contains { cache.place.keyframes.contains($0) }
    }
}
