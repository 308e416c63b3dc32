internal import CLinux
internal import Features
internal import Geometry
internal import Inference
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import Retrieval

/// Where the camera could be: the places of its priors.
extension Localizer {
    /// Finds the frame's priors, and their places.
    func retrieve(_ result: inout Localization) {
        guard !isRetrieved else { return }
        var start = hf_monotonic_ns()
        network.extractGlobal(of: features, into: &global)
        result.latencies.globalDescriptor = hf_monotonic_ns() - start
        start = hf_monotonic_ns()
        retriever.retrieve(global)
        result.latencies.retrieval = hf_monotonic_ns() - start
        isRetrieved = true
    }

    /// Verifies places of the priors, as many as the search allows.
    func tryRetrievedPlaces(_ result: inout Localization) {
        retrieve(&result)
        while result.cameraFromMap == nil, let step = nextStep() {
            let start = hf_monotonic_ns()
            candidatePlace.load(retriever.places.keyframes[retriever.places.ranges[step.place]], from: map)
            result.latencies.matching += hf_monotonic_ns() - start
            tryPlace(
                candidatePlace, strongest: step.takesAllKeypoints ? nil : options.firstKeypoints, source: .retrieval,
                leastInliers: options.gates.minimumInliers, &result)
        }
    }

    private func nextStep() -> PlaceSearch.Step? {
        search.nextStep(places: retriever.places.count, keypoints: features.count) { [places = retriever.places] rank in
            places.ranges[rank].count
        }
    }

    /// Matches a whole place, finds a pose by RANSAC, and refines and checks it with guided matches of all keypoints.
    ///
    /// - Parameters:
    ///   - place: what the frame is matched against.
    ///   - strongest: how many keypoints the first matches are made of; nil: all.
    ///   - source: where the place came from, for the result.
    ///   - leastInliers: that the pose needs.
    ///   - result: of the frame so far; gets the pose, if there is one, and the evidence.
    func tryPlace(
        _ place: PlaceLandmarks, strongest: Int?, source: Localization.Source, leastInliers: Int,
        _ result: inout Localization
    ) {
        search.spend(keypoints: min(features.count, strongest ?? features.count), keyframes: place.keyframes.count)
        attempt(&result) { result in
            guard let coarse = estimate(against: place, strongest: strongest, &result),
                let fine = refine(coarse.cameraFromMap, radii: options.refinementRadii[...], place: place, &result)
            else { return }
            applyGates(fine, source: source, leastInliers: leastInliers, &result)
        }
    }
}
