internal import CLinux
package import Features
internal import Geometry
internal import Integrity
package import Matching
internal import PoseEstimation
package import ReferenceMap
package import Retrieval

/// Looks for other poses that explain a frame: where the place is there twice, where windows repeat, where a moved
/// object carries landmarks away.
///
/// What the winner explains is taken out, landmarks and matches, and the search repeated: in each of the places that
/// look like the frame, and up to three times in each. Landmarks that look alike compete in the ratio test, so that the
/// winner's must be gone before those of its double are found. Every rival is then refined by all keypoints among the
/// landmarks round its own keyframe, and so is the winner: inliers of retrieved keyframes alone would favour the place
/// of which more of them were retrieved.
///
/// Owns its memory, and allocates nothing once warm. Cost: one matching of the retrieved places by the strongest
/// keypoints, and sampling that ends as soon as nothing of half the winner's support can have been missed.
package struct RivalSearch {
    private let map: ReferenceMap
    private let estimator: PoseEstimator
    private var place: PlaceLandmarks
    private var surroundings: PlaceCache
    private var explained: LandmarkSet
    private var matches: [Correspondence] = []
    private var remaining: [Correspondence] = []

    /// Share of the winner's support in the whole-place search that a rival must have to be looked at: less becomes no
    /// half of its inliers.
    private static let leastSupport = 0.3
    /// Searches in one place.
    private static let rounds = 3
    /// Places that are searched, the winner's own among them.
    private static let places = 4

    /// Allocates everything.
    package init(
        for map: ReferenceMap, keyframes: Int, rowCapacity: Int, maximumKeypoints: Int, inlierThreshold: Double
    ) {
        self.map = map
        estimator = PoseEstimator(capacity: maximumKeypoints)
        estimator.options.maximumReprojectionError = inlierThreshold
        estimator.options.maximumIterations = 1000
        estimator.options.confidence = 0.99
        place = PlaceLandmarks(for: map, rowCapacity: rowCapacity)
        surroundings = PlaceCache(for: map, keyframes: keyframes, rowCapacity: rowCapacity)
        explained = LandmarkSet(count: map.landmarkCount)
        matches.reserveCapacity(maximumKeypoints)
        remaining.reserveCapacity(maximumKeypoints)
    }

    /// Searches for rivals of a pose that was just found, and compares.
    ///
    /// - Parameters:
    ///   - hypothesis: whose inliers are the verifier's last ones.
    ///   - own: keyframes of the place that it was found in.
    ///   - places: in which the frame could be.
    ///   - features: of the frame.
    ///   - strongest: how many keypoints are matched.
    ///   - radii: of the guided matches, pixels.
    ///   - verifier: for matching and refinement.
    ///   - times: get what it took.
    /// - Returns: the pose that explains more, with its rival.
    package mutating func contest(
        _ hypothesis: Hypothesis, foundIn own: ArraySlice<Int>, places: PlaceClusters, features: LocalFeatures,
        strongest: Int, radii: [Double], verifier: inout PlaceVerifier, _ times: inout Latencies
    ) -> Hypothesis {
        explained.removeAll()
        verifier.forEachInlier { explained.insert($0.landmark) }
        estimator.options.minimumInliers = max(12, Int(Self.leastSupport * Double(hypothesis.support)))
        var best: Hypothesis?
        // Evidence may have led to a place that the frame alone does not remind of.
        if let first = own.first, !places.keyframes.contains(first) {
            best = rival(of: hypothesis, in: own, features, strongest, radii, &verifier, &times)
        }
        for range in places.ranges.prefix(Self.places) {
            let found = rival(
                of: hypothesis, in: places.keyframes[range], features, strongest, radii, &verifier, &times)
            if let found, found.evidence.inliers > best?.evidence.inliers ?? 0 { best = found }
        }
        guard let best else { return hypothesis }
        return compare(hypothesis, best, features, radii, &verifier, &times)
    }

    /// The best other pose among the landmarks of a place; nil if there is none.
    private mutating func rival(
        of hypothesis: Hypothesis, in keyframes: ArraySlice<Int>, _ features: LocalFeatures, _ strongest: Int,
        _ radii: [Double], _ verifier: inout PlaceVerifier, _ times: inout Latencies
    ) -> Hypothesis? {
        let start = hf_monotonic_ns()
        place.load(keyframes, from: map, except: explained)
        times.matching += hf_monotonic_ns() - start
        verifier.match(features, strongest: strongest, in: place, into: &matches, &times)
        drop(explainedBy: hypothesis.cameraFromMap, verifier.camera)
        var best: Hypothesis?
        for _ in 0..<Self.rounds {
            guard let coarse = estimate(verifier.camera, &times) else { break }
            let keyframe = verifier.keyframe(
                of: matches, isInlier: estimator.isInlier, cameraFromMap: coarse.cameraFromMap)
            drop(explainedBy: coarse.cameraFromMap, verifier.camera)
            guard coarse.cameraFromMap.isApart(from: hypothesis.cameraFromMap) else { continue }
            guard let keyframe else { continue }
            let found = refine(coarse.cameraFromMap, near: keyframe, features, radii, &verifier, &times)
            guard let found, found.cameraFromMap.isApart(from: hypothesis.cameraFromMap) else { continue }
            if found.evidence.inliers > best?.evidence.inliers ?? 0 { best = found }
        }
        return best
    }

    private mutating func estimate(_ camera: Camera, _ times: inout Latencies) -> PoseEstimate? {
        guard matches.count >= estimator.options.minimumInliers else { return nil }
        let start = hf_monotonic_ns()
        defer { times.poseEstimation += hf_monotonic_ns() - start }
        return estimator.estimate(matches, camera: camera)
    }

    /// Takes out the matches that a pose explains.
    private mutating func drop(explainedBy pose: RigidTransform, _ camera: Camera) {
        remaining.removeAll(keepingCapacity: true)
        for match in matches where !camera.explains(match, at: pose) { remaining.append(match) }
        swap(&matches, &remaining)
    }

    /// Refined among the landmarks round a keyframe, then round the one that its inliers name.
    private mutating func refine(
        _ pose: RigidTransform, near keyframe: Int, _ features: LocalFeatures, _ radii: [Double],
        _ verifier: inout PlaceVerifier, _ times: inout Latencies
    ) -> Hypothesis? {
        surroundings.load(around: keyframe, map: map)
        let first = verifier.refine(
            pose, features, in: surroundings.place, radii: radii[...], source: .retrieval, &times)
        guard let first, let own = first.keyframe, own != keyframe else { return first }
        return refine(first.cameraFromMap, at: own, features, radii, &verifier, &times)
    }

    private mutating func refine(
        _ pose: RigidTransform, at keyframe: Int, _ features: LocalFeatures, _ radii: [Double],
        _ verifier: inout PlaceVerifier, _ times: inout Latencies
    ) -> Hypothesis? {
        surroundings.load(around: keyframe, map: map)
        return verifier.refine(
            pose, features, in: surroundings.place, radii: radii.suffix(1), source: .retrieval, &times)
    }

    /// The landmarks round a keyframe; valid until the next call.
    package mutating func landmarks(around keyframe: Int) -> PlaceLandmarks {
        if surroundings.reference != keyframe { surroundings.load(around: keyframe, map: map) }
        return surroundings.place
    }

    /// Both among the landmarks round their own keyframes.
    private mutating func compare(
        _ found: Hypothesis, _ rival: Hypothesis, _ features: LocalFeatures, _ radii: [Double],
        _ verifier: inout PlaceVerifier, _ times: inout Latencies
    ) -> Hypothesis {
        let same = found.keyframe.flatMap {
            refine(found.cameraFromMap, at: $0, features, radii, &verifier, &times)
        }
        let (own, other) = (max(same?.evidence.inliers ?? 0, found.evidence.inliers), rival.evidence.inliers)
        let (better, loser) = other > own ? (rival, found) : (found, rival)
        var winner = better
        winner.support = found.support
        winner.isRefinedAtHome = other > own
        winner.rival = Rival(loser, ratio: Double(min(own, other)) / Double(max(own, other, 1)))
        return winner
    }
}
