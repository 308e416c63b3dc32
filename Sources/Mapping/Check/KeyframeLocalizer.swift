import Container
import Features
import Geometry
import Integrity
import LocalizationOptions
import Localizer
import Matching
import PoseEstimation
import ReferenceMap
import Retrieval

/// Localizes keyframes of a map as if they were queries: by the keypoints, descriptors and global descriptor that the
/// map holds of them, against what the map would be without them; retrieval, places, matches, pose, as a frame that is
/// not tracked, and by the same verifier.
struct KeyframeLocalizer {
    private let map: ReferenceMap
    private let options: LocalizerOptions
    private var retriever: Retriever
    private var verifier: PlaceVerifier
    private var place: PlaceLandmarks
    private var features: LocalFeatures
    /// Nobody asks.
    private var times = Latencies()

    init(map: ReferenceMap, options: LocalizerOptions = LocalizerOptions()) {
        self.map = map
        self.options = options
        let rows = map.mostObservations * min(options.priors, map.keyframeCount)
        retriever = Retriever(map: map, priors: options.priors)
        verifier = PlaceVerifier(
            map: map, camera: map.camera(ofKeyframe: 0), maximumKeypoints: max(1, map.mostObservations),
            rowCapacity: rows, inlierThreshold: options.inlierThreshold)
        // What the factors are found by has none.
        verifier.covarianceFactors = (1, 1)
        place = PlaceLandmarks(for: map, rowCapacity: rows)
        features = LocalFeatures(dimension: map.descriptorDimension, capacity: map.mostObservations)
    }

    mutating func localize(_ keyframe: Int) -> LeftOutKeyframe {
        var result = LeftOutKeyframe(keyframe: keyframe)
        let exclusion = KeyframeExclusion(of: keyframe, in: map)
        verifier.camera = map.camera(ofKeyframe: keyframe)
        loadFeatures(of: keyframe)
        retriever.retrieve(map.globalDescriptor(ofKeyframe: keyframe), without: keyframe)
        var winner: Hypothesis?
        for range in retriever.places.ranges {
            place.load(retriever.places.keyframes[range], from: map)
            place.move(exclusion.position)
            guard let found = search() else { continue }
            if let winner {
                takeRival(found, of: winner, &result)
                continue
            }
            winner = found
            compareWithGiven(found, &result)
            if let other = search(besides: found.cameraFromMap) { takeRival(other, of: found, &result) }
        }
        if let winner { takeOwnPlace(exclusion, beside: winner, &result) }
        return result
    }

    /// Where modules repeat, the search ends with a few of many poses that explain a keyframe alike. Whether its own is
    /// one of them its neighbours say.
    private mutating func takeOwnPlace(
        _ exclusion: KeyframeExclusion, beside winner: Hypothesis, _ result: inout LeftOutKeyframe
    ) {
        let given = map.cameraFromMap(ofKeyframe: result.keyframe)
        guard result.error?.positionError.length ?? 0 > Self.elsewhere else { return }
        let neighbours = map.neighbours(of: result.keyframe).prefix(options.cachedKeyframes)
        place.load(neighbours.map { Int(map.covisibleKeyframes[$0]) }, from: map)
        place.move(exclusion.position)
        let found = verifier.refine(
            given, features, in: place, radii: options.refinementRadii[...], source: .cachedPlace, &times)
        guard let found, passes(found) else { return }
        takeRival(found, of: winner, &result)
    }

    /// A pose that is further off is another place's: metres.
    private static let elsewhere = 0.5

    /// Of poses that explain a keyframe alike the one nearest to its own tells of the map's errors: another storey says
    /// nothing of them, only that the place is ambiguous.
    private mutating func takeRival(_ rival: Hypothesis, of winner: Hypothesis, _ result: inout LeftOutKeyframe) {
        let least = options.gates.maximumRivalShare * Double(winner.evidence.inliers)
        guard rival.cameraFromMap.isApart(from: winner.cameraFromMap), Double(rival.evidence.inliers) >= least
        else { return }
        result.isAmbiguous = true
        let given = map.cameraFromMap(ofKeyframe: result.keyframe).originInSource
        let distance = (rival.cameraFromMap.originInSource - given).length
        if distance < result.error?.positionError.length ?? .infinity { compareWithGiven(rival, &result) }
    }

    private mutating func loadFeatures(of keyframe: Int) {
        let observations = map.observations(ofKeyframe: keyframe)
        features.keypoints.removeAll(keepingCapacity: true)
        features.descriptors.removeAll(keepingCapacity: true)
        for observation in observations {
            let pixel = map.pixel(ofObservation: observation)
            features.keypoints.append(Keypoint(x: Float(pixel.x), y: Float(pixel.y), score: 1))
        }
        let dimension = features.dimension
        let bytes = observations.lowerBound * dimension..<observations.upperBound * dimension
        features.descriptors.append(contentsOf: map.descriptors[bytes])
    }

    /// A pose in the place that passes the gates of one from retrieval; besides a winner, of the matches that it does
    /// not explain.
    private mutating func search(besides winner: RigidTransform? = nil) -> Hypothesis? {
        let coarse = verifier.search(features, in: place, strongest: nil, besides: winner, &times)
        let found = coarse.flatMap {
            verifier.refine(
                $0.cameraFromMap, features, in: place, radii: options.refinementRadii[...], source: .retrieval, &times)
        }
        guard let found, passes(found) else { return nil }
        return found
    }

    private func passes(_ found: Hypothesis) -> Bool {
        options.gates.firstFailed(by: found.evidence, minimumInliers: options.gates.minimumInliers) == .none
    }

    private mutating func compareWithGiven(_ found: Hypothesis, _ result: inout LeftOutKeyframe) {
        let pose = found.cameraFromMap
        let level = ProtectionLevel(covariance: found.covariance, multiple: 1)
        result.inliers = found.evidence.inliers
        result.deviation = (level.position, level.rotation)
        result.error = NormalizedError(
            estimate: pose, truth: map.cameraFromMap(ofKeyframe: result.keyframe), covariance: found.covariance)
        var weighed = found
        verifier.assess(&weighed, features, in: place, &times)
        result.purity = weighed.evidence.purity
        let camera = verifier.freeCamera(around: pose, features, in: place, &times)
        guard let camera, let inverse = camera.covariance.inverse else { return }
        result.camera = camera
        result.cameraDistance = camera.camera.vector.dot(inverse * camera.camera.vector)
    }
}
