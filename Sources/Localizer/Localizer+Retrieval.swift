internal import CLinux
internal import Features
internal import Geometry
internal import Inference
internal import Integrity
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import ReferenceMap
internal import Retrieval

/// Places that look like the frame, and which of two poses in them is believed.
extension Localizer {
    /// Finds the frame's priors, and their places; once.
    private func retrieve(in frame: inout Frame) {
        guard !frame.isRetrieved else { return }
        var start = hf_monotonic_ns()
        network.extractGlobal(of: features, into: &global)
        frame.times.globalDescriptor = hf_monotonic_ns() - start
        start = hf_monotonic_ns()
        retriever.retrieve(global)
        if isDrive, cache.isEmpty { retriever.order(by: &evidence, moved: frame.moved, at: frame.time) }
        frame.times.retrieval = hf_monotonic_ns() - start
        frame.isRetrieved = true
    }

    /// Verifies places of the priors, as many as the search allows, until one gives a pose; then looks for its rivals.
    func tryRetrievedPlaces(in frame: inout Frame) -> SearchOutcome {
        retrieve(in: &frame)
        var best = SearchOutcome()
        while let step = nextStep() {
            let start = hf_monotonic_ns()
            let place = retriever.places.keyframes[retriever.places.ranges[step.place]]
            candidatePlace.load(place, from: map)
            frame.times.matching += hf_monotonic_ns() - start
            let strongest = step.takesAllKeypoints ? nil : options.firstKeypoints
            best.improve(with: verify(candidatePlace, strongest: strongest, source: .retrieval, in: &frame))
            guard let found = best.hypothesis else { continue }
            return SearchOutcome(
                rivals.contest(
                    found, foundIn: place, places: retriever.alike, features: features,
                    strongest: options.firstKeypoints, radii: options.refinementRadii, verifier: &verifier,
                    &frame.times))
        }
        return best
    }

    /// Two poses that explain a frame nearly alike are none, unless it is known where the camera is: then the one that
    /// is there, no further from it than `reach`, metres.
    func decide(
        _ outcome: SearchOutcome, prior: RigidTransform?, reach: Double = .infinity
    ) -> SearchOutcome {
        guard let winner = outcome.hypothesis, let rival = winner.rival, rival.ratio > largestRivalShare(of: winner)
        else { return outcome }
        if let prior {
            func distance(_ pose: RigidTransform) -> Double { (pose.originInSource - prior.originInSource).length }
            let (own, other) = (distance(winner.cameraFromMap), distance(rival.cameraFromMap))
            if own < Self.clearlyNearer * other, own <= reach { return outcome }
            if other < Self.clearlyNearer * own, other <= reach { return applyGates(to: rival.promoted(over: winner)) }
        }
        var withheld = winner
        withheld.evidence.failedGate = .ambiguity
        return SearchOutcome(withheld)
    }

    /// Less where leave-one-out has found that the map has other places like it.
    private func largestRivalShare(of winner: Hypothesis) -> Double {
        options.gates.maximumRivalShare * (isKnownAmbiguous(winner) ? Self.shareOfAmbiguous : 1)
    }

    /// Whether leave-one-out has found that the map has other places like that of a pose.
    func isKnownAmbiguous(_ found: Hypothesis) -> Bool {
        found.keyframe.map { map.keyframeQualities?[$0].isAmbiguous ?? false } ?? false
    }

    /// Of the largest share of a rival, at a keyframe that leave-one-out calls ambiguous.
    private static let shareOfAmbiguous = 0.6

    /// A prior decides for a pose whose distance is less than this share of its rival's.
    private static let clearlyNearer = 0.3

    private func nextStep() -> PlaceSearch.Step? {
        search.nextStep(places: retriever.places.count, keypoints: features.count) { [places = retriever.places] rank in
            places.ranges[rank].count
        }
    }
}
