internal import CLinux
internal import Features
internal import Geometry
internal import Inference
internal import Matching
internal import PoseEstimation
internal import Retrieval

/// Where the camera could be: the places of its priors.
extension Localizer {
    /// Finds the frame's priors, and their places.
    func retrieve(_ result: inout Localization) {
        guard !isRetrieved else { return }
        var start = hf_monotonic_ns()
        network.extractGlobal(into: &global)
        result.latencies.globalDescriptor = hf_monotonic_ns() - start
        start = hf_monotonic_ns()
        retriever.retrieve(global)
        result.latencies.retrieval = hf_monotonic_ns() - start
        isRetrieved = true
    }

    /// Tries the places of the priors, largest first: each with the strongest keypoints, which is enough for most, then each with all of them.
    func tryRetrievedPlaces(_ result: inout Localization) {
        retrieve(&result)
        tryRetrievedPlaces(strongest: options.firstKeypoints, &result)
        if features.count > options.firstKeypoints { tryRetrievedPlaces(strongest: nil, &result) }
    }

    private func tryRetrievedPlaces(strongest: Int?, _ result: inout Localization) {
        for index in 0..<retriever.places.count where result.cameraFromMap == nil {
            let start = hf_monotonic_ns()
            candidatePlace.load(retriever.places.keyframes[retriever.places.ranges[index]], from: map)
            result.latencies.matching += hf_monotonic_ns() - start
            let least = options.gates.minimumInliers
            tryPlace(candidatePlace, strongest: strongest, source: .retrieval, leastInliers: least, &result)
        }
    }

    /// Matches a whole place, finds a pose by RANSAC, and refines and checks it with guided matches of all keypoints.
    ///
    /// - Parameter strongest: how many keypoints the first matches are made of; nil: all.
    func tryPlace(
        _ place: LocalPlace, strongest: Int?, source: Localization.Source, leastInliers: Int,
        _ result: inout Localization
    ) {
        guard let coarse = estimate(against: place, strongest: strongest, &result),
            let fine = refine(coarse.cameraFromMap, radii: options.refinementRadii[...], place: place, &result)
        else { return }
        judge(fine, source: source, leastInliers: leastInliers, &result)
    }
}
