import Container
import Features
import Geometry
import Integrity
import LocalizationOptions
import Matching
import PoseEstimation
import ReferenceMap
import Retrieval

/// Localizes keyframes of a map as if they were queries: by the keypoints, descriptors and global descriptor that the
/// map holds of them, against what the map would be without them; retrieval, places, matches, pose, as a frame that is
/// not tracked.
struct KeyframeLocalizer {
    private let map: ReferenceMap
    private let options: LocalizerOptions
    private var retriever: Retriever
    private var matcher: Matcher
    private let estimator: PoseEstimator
    private var place: PlaceLandmarks
    private var covariance = PoseCovariance()
    private var free: FreeCameraFit
    private var features: LocalFeatures
    private var correspondences: [Correspondence] = []

    /// Pixels around a pose's projections in which the matches of a wrong camera are looked for, and then those of the
    /// camera that they suggest: as a frame's.
    private static let freeRadii = (wide: Purity.wide, narrow: 5.0)
    /// A rival explains at least so much of what the pose explains.
    private static let rivalShare = 0.5
    /// A pose that is nearer than this, metres and radians, is the same.
    private static let apart = (position: 0.3, rotation: 5 * Double.pi / 180)

    init(map: ReferenceMap, options: LocalizerOptions = LocalizerOptions()) {
        self.map = map
        self.options = options
        let largest = (0..<map.keyframeCount).map { map.observations(ofKeyframe: $0).count }.max() ?? 0
        let rows = largest * min(options.priors, map.keyframeCount)
        retriever = Retriever(map: map, priors: options.priors)
        matcher = Matcher(maximumKeypoints: max(1, largest), rowCapacity: rows, dimension: map.descriptorDimension)
        estimator = PoseEstimator(capacity: largest)
        estimator.options.maximumReprojectionError = options.inlierThreshold
        place = PlaceLandmarks(for: map, rowCapacity: rows)
        free = FreeCameraFit(capacity: largest)
        features = LocalFeatures(dimension: map.descriptorDimension, capacity: largest)
    }

    mutating func localize(_ keyframe: Int) -> LeftOutKeyframe {
        var result = LeftOutKeyframe(keyframe: keyframe)
        let exclusion = KeyframeExclusion(of: keyframe, in: map)
        let camera = map.camera(ofKeyframe: keyframe)
        loadFeatures(of: keyframe)
        retriever.retrieve(map.globalDescriptor(ofKeyframe: keyframe), without: keyframe)
        var winner: PoseEstimate?
        for rank in 0..<retriever.places.count {
            load(rank, exclusion)
            guard let found = search(camera) else { continue }
            if let winner {
                if isRival(found, of: winner) { result.isAmbiguous = true }
                continue
            }
            winner = found
            judge(found, keyframe, camera, &result)
            load(rank, exclusion)
            if let other = searchElsewhere(found, camera), isRival(other, of: found) { result.isAmbiguous = true }
        }
        return result
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

    private mutating func load(_ rank: Int, _ exclusion: KeyframeExclusion) {
        place.load(retriever.places.keyframes[retriever.places.ranges[rank]], from: map)
        place.move(exclusion.position)
    }

    /// A pose in the place that passes the gates of one from retrieval.
    private mutating func search(_ camera: Camera) -> PoseEstimate? {
        correspondences.removeAll(keepingCapacity: true)
        matcher.match(features, against: place, into: &correspondences)
        return estimator.estimate(correspondences, camera: camera).flatMap { refine($0.cameraFromMap, camera) }
    }

    /// The best pose of the matches that are no inliers of a winner.
    private mutating func searchElsewhere(_ winner: PoseEstimate, _ camera: Camera) -> PoseEstimate? {
        correspondences.removeAll(keepingCapacity: true)
        matcher.match(features, against: place, into: &correspondences)
        let near = options.inlierThreshold
        correspondences.removeAll { c in
            guard let pixel = camera.project(winner.cameraFromMap * c.point) else { return false }
            return (pixel - c.pixel).length <= near
        }
        return estimator.estimate(correspondences, camera: camera).flatMap { refine($0.cameraFromMap, camera) }
    }

    private mutating func refine(_ coarse: RigidTransform, _ camera: Camera) -> PoseEstimate? {
        var pose = coarse
        for radius in options.refinementRadii.dropLast() {
            match(from: pose, camera, radius: radius)
            guard let nearer = estimator.approach(from: pose, correspondences, camera: camera) else { return nil }
            pose = nearer.cameraFromMap
        }
        match(from: pose, camera, radius: options.refinementRadii.last ?? options.inlierThreshold)
        guard let estimate = estimator.refine(from: pose, correspondences, camera: camera) else { return nil }
        let gates = options.gates
        let inView = max(matcher.landmarksInView, 1)
        let passes =
            estimate.inlierCount >= gates.minimumInliers && estimate.spread.coverage >= gates.minimumSpread
            && Double(estimate.inlierCount) >= gates.minimumRecognition * Double(inView)
        return passes ? estimate : nil
    }

    private mutating func match(from pose: RigidTransform, _ camera: Camera, radius: Double) {
        correspondences.removeAll(keepingCapacity: true)
        matcher.match(
            features, against: place, seenFrom: pose, camera: camera, radius: radius, into: &correspondences)
    }

    /// Directly after the pose was found: its inliers are still marked.
    private mutating func judge(
        _ found: PoseEstimate, _ keyframe: Int, _ camera: Camera, _ result: inout LeftOutKeyframe
    ) {
        let pose = found.cameraFromMap
        let cells = covariance.estimate(at: pose, correspondences, isInlier: estimator.isInlier, camera: camera)
        let stated = cells ?? found.covariance
        let level = ProtectionLevel(covariance: stated, multiple: 1)
        result.inliers = found.inlierCount
        result.deviation = (level.position, level.rotation)
        result.error = NormalizedError(
            estimate: pose, truth: map.cameraFromMap(ofKeyframe: keyframe), covariance: stated)
        match(from: pose, camera, radius: Self.freeRadii.wide)
        result.purity = Purity(of: correspondences, at: pose, camera: camera).ratio
        guard let coarse = free.fit(from: pose, correspondences, camera: camera, radius: Self.freeRadii.wide) else {
            return
        }
        match(from: coarse.cameraFromMap, coarse.camera.applied(to: camera), radius: Self.freeRadii.narrow)
        let fine = free.fit(
            from: coarse.cameraFromMap, correspondences, camera: camera, radius: Self.freeRadii.narrow,
            start: coarse.camera)
        guard let fine, let inverse = fine.covariance.inverse else { return }
        result.camera = fine
        result.cameraDistance = fine.camera.vector.dot(inverse * fine.camera.vector)
    }

    private func isRival(_ other: PoseEstimate, of winner: PoseEstimate) -> Bool {
        let (a, b) = (other.cameraFromMap, winner.cameraFromMap)
        let isElsewhere =
            (a.originInSource - b.originInSource).length > Self.apart.position
            || (a.rotation * b.rotation.inverse).angle > Self.apart.rotation
        return isElsewhere && Double(other.inlierCount) >= Self.rivalShare * Double(winner.inlierCount)
    }
}
