internal import Features
internal import Geometry
internal import Inference
internal import Integrity
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import ReferenceMap
internal import Retrieval

/// A place that is claimed: by a hint, or by the few frames before that nothing has confirmed yet.
extension Localizer {
    /// Looks for the camera as if nothing were known, and then asks who claims to know: a hint, or the few frames
    /// before that nothing has confirmed yet. A claim decides between rivals, and stands in where retrieval finds
    /// nothing.
    func findClaimed(near claimed: RigidTransform, in frame: inout Frame) -> SearchOutcome {
        let contest = tryRetrievedPlaces(in: &frame)
        if let winner = contest.hypothesis, isNear(winner, claimed) { return decide(contest, prior: prior(claimed)) }
        var claim = SearchOutcome()
        if hint != .remembered || retrievalAgreesWithCache { claim = tryClaim(near: claimed, in: &frame) }
        return arbitrate(claim, against: contest, prior: prior(claimed))
    }

    /// What a claim and retrieval come to: where they disagree, each is the other's rival.
    func arbitrate(_ claim: SearchOutcome, against contest: SearchOutcome, prior: RigidTransform?)
        -> SearchOutcome
    {
        guard let own = claim.hypothesis else { return decide(contest, prior: prior) }
        guard let winner = contest.hypothesis else { return claim }
        guard own.cameraFromMap.isApart(from: winner.cameraFromMap) else {
            return decide(contest, prior: prior)
        }
        let isClaimed = own.evidence.inliers > winner.evidence.inliers
        let (first, other) = isClaimed ? (own, winner) : (winner, own)
        var better = first
        let ratio = Double(other.evidence.inliers) / Double(max(better.evidence.inliers, 1))
        if ratio > better.rival?.ratio ?? 0 { better.rival = Rival(other, ratio: ratio) }
        return decide(SearchOutcome(better), prior: prior)
    }

    /// What may decide between rivals: what somebody states, or the motion since the whole of the place was seen. Not
    /// what is remembered from before a restart, and not a frame that has seen a part or little of it: wrong, it would
    /// decide for all that follow.
    private func prior(_ claimed: RigidTransform) -> RigidTransform? {
        hint == .stated || (hint == nil && standing.hasSeenWhole) ? claimed : nil
    }

    /// Whether a pose is where a claim says, as far as a claim is to be taken: within two metres and half a radian.
    func isNear(_ hypothesis: Hypothesis, _ claimed: RigidTransform) -> Bool {
        let pose = hypothesis.cameraFromMap
        return (pose.originInSource - claimed.originInSource).length <= 2
            && (pose.rotation * claimed.rotation.inverse).angle <= 0.5
    }

    /// Looks for the camera in the cached place: near the claimed pose, then anywhere in the place.
    private func tryClaim(near pose: RigidTransform, in frame: inout Frame) -> SearchOutcome {
        let least = options.gates.minimumInliers
        var best =
            approach(pose, in: &frame).map { refineTracked($0.cameraFromMap, leastInliers: least, in: &frame) }
            ?? SearchOutcome(failed: verifier.shortage)
        guard best.hypothesis == nil else { return best }
        best.improve(with: verify(cache.place, strongest: nil, source: .cachedPlace, in: &frame))
        return best
    }

    /// Is the cached place a part of the place that retrieval would try first?
    private var retrievalAgreesWithCache: Bool {
        guard let first = retriever.places.ranges.first else { return false }
        return retriever.places.keyframes[first].contains { cache.place.keyframes.contains($0) }
    }
}
