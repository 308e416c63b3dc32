internal import CLinux
public import Features
internal import Following
public import Geometry
public import Inference
internal import Integrity
public import LocalizationOptions
internal import Matching
public import Parallelism
internal import PoseEstimation
public import ReferenceMap
internal import Retrieval

/// Hierarchical localization: from a frame to the camera's pose in the map. A frame's way, step by step, is in
/// Localizer+Frame.swift.
///
/// While a pose is known and enough frames have agreed on it, a frame is matched against the cached place around it and
/// only the local branch of the network runs, unless the track loses its hold or is not clean. Otherwise the global
/// descriptor retrieves priors, the priors are clustered into places, and the places are tried, largest first, until a
/// pose passes every gate (Sarlin et al. 2019, section 3).
///
/// Owns all memory; once warm, a frame allocates nothing. Not thread-safe: one thread owns it. A thread that it starts
/// itself (``NetworkRunner``) ends with it.
public final class Localizer {
    /// The limits and thresholds that it was made with; they stay as they are.
    public let options: LocalizerOptions
    /// The camera of the network's input image: what keypoints and reprojection errors are in.
    public let camera: Camera
    /// The frame's keypoints with their descriptors, in pixels of the network's input: for drawing and for tests.
    public internal(set) var features: LocalFeatures
    /// Of the frame's last matching: for drawing and for tests.
    public var correspondences: [Correspondence] { verifier.correspondences }

    /// Whether frames follow one another, so that their motion can agree; else each is believed, or not, by itself.
    public var isDrive = true

    let map: ReferenceMap
    var network: Network
    /// Nil where every frame waits for the network.
    let behind: NetworkBehind?
    var global: GlobalDescriptor
    var retriever: Retriever
    var verifier: PlaceVerifier
    var candidatePlace: PlaceLandmarks
    var cache: PlaceCache
    var motion = MotionModel()
    var search: PlaceSearch
    /// Of the frames since the camera was lost.
    var evidence: PlaceEvidence
    var rivals: RivalSearch
    var picture: PictureCheck
    var seams = PictureSeams()
    /// Those of the frame, in pixels of `camera`.
    var seamsOfFrame: [PictureSeam] = []
    var standing = Standing()
    var mirror: MirrorTest
    /// A picture was seen to be the right way round.
    var isUpright = false
    var frameCount: UInt32 = 0
    /// What the frames say of the camera, and pixels of the frames in one of `camera`'s.
    var watch: CalibrationWatch
    let frameScale: Double
    /// How often a pose did not continue the one before.
    public internal(set) var resetCounter: UInt32 = 0
    /// Where the cached place came from, until a frame has confirmed it.
    var hint: PoseHint?
    /// What cheap frames are made of; nil where there are none.
    var cheap: CheapFrames?

    /// - Parameters:
    ///   - model: the network; it must be the one that made the map.
    ///   - map: where the camera is looked for.
    ///   - camera: intrinsics of the frames as they will come; the network's input and its intrinsics follow from it.
    ///   - calibration: how sure the camera's focal length and principal point are: covariance of log f, cx, cy in
    ///     pixels of the frames; zero where nothing is known.
    ///   - options: thresholds and sizes.
    ///   - team: threads that share a frame's work; nil: the caller's alone.
    ///   - runner: who runs the network behind cheap frames, if the options want those.
    public init(
        model: Model, map: ReferenceMap, camera: Camera, calibration: Matrix3 = .zero,
        options: LocalizerOptions = LocalizerOptions(), team: WorkerTeam? = nil, runner: NetworkRunner = .none
    ) throws(LocalizerError) {
        do { try map.require(modelID: model.modelID, orWeights: model.weightsID) } catch { throw .map(error) }
        do {
            network = try Network(
                model: model, imageWidth: camera.width, imageHeight: camera.height, longSide: options.longSide,
                maximumKeypoints: options.maximumKeypoints, clusters: map.clusters, team: team)
        } catch { throw .model(error) }
        self.map = map
        self.options = options
        let size = network.input
        self.camera = camera.resized(toWidth: size.reducedWidth, height: size.reducedHeight)
            .cropped(x: 0, y: 0, width: size.width, height: size.height)
        let scale = self.camera.focalLength / camera.focalLength
        let toNetwork = Matrix3(diagonal: Vector3(1, scale.x, scale.y))
        watch = CalibrationWatch(camera: self.camera, given: toNetwork * calibration * toNetwork)
        frameScale = 1 / scale.x
        features = LocalFeatures(dimension: model.descriptorDimension, capacity: options.maximumKeypoints)
        global = GlobalDescriptor(dimension: map.globalDimension)
        let rows = map.mostObservations * min(max(options.priors, options.cachedKeyframes), map.keyframeCount)
        retriever = Retriever(map: map, priors: options.priors)
        evidence = PlaceEvidence(for: map)
        verifier = PlaceVerifier(
            map: map, camera: self.camera, maximumKeypoints: options.maximumKeypoints, rowCapacity: rows,
            inlierThreshold: options.inlierThreshold, team: team)
        candidatePlace = PlaceLandmarks(for: map, rowCapacity: rows)
        cache = PlaceCache(for: map, keyframes: options.cachedKeyframes, rowCapacity: rows)
        mirror = MirrorTest(width: camera.width, height: camera.height, beside: network)
        picture = PictureCheck(allowedRepetitions: options.gates.maximumRepetitions)
        seamsOfFrame.reserveCapacity(16)
        rivals = RivalSearch(
            for: map, keyframes: options.cachedKeyframes, rowCapacity: rows,
            maximumKeypoints: options.maximumKeypoints, inlierThreshold: options.inlierThreshold)
        cheap = options.cheapFrames > 0 ? CheapFrames(camera: self.camera, options: options) : nil
        behind = NetworkBehind(
            cheap == nil ? NetworkRunner.none : runner, beside: network, width: camera.width, height: camera.height)
        search = PlaceSearch(
            limit: PlaceSearch.Budget(
                verifications: options.lostVerifications, matching: options.priors * options.maximumKeypoints),
            strongest: options.firstKeypoints)
    }

    /// The image as the network sees it, reduced and cropped to `camera`'s size: for drawings. Allocates.
    public func reducedImage(of image: GreyImage) -> GreyImage { network.reducedImage(of: image) }

    /// Forgets the cached place and the motion, and that the camera was lost: the next frame goes through retrieval,
    /// and tries all of its places.
    public func forget() {
        forgetPlace()
        evidence.forget()
        search.conclude(hasPose: true)
    }

    func forgetPlace() {
        cache.forget()
        motion.forget()
        standing.forget()
        hint = nil
        learnNext()
    }

    /// Where the camera was last: what a localizer of the same map can begin with. nil while lost, and until a hinted
    /// place is confirmed.
    public var lastPose: LastPose? {
        guard hint == nil, let reference = cache.reference, let pose = motion.lastPose else { return nil }
        return LastPose(reference: reference, cameraFromMap: pose)
    }

    /// When the last pose was captured, CLOCK_MONOTONIC, nanoseconds; nil if none is known.
    public var lastPoseTime: UInt64? { motion.last?.time }

    /// Since when the motion to a frame counts, CLOCK_MONOTONIC, nanoseconds: when the last pose was captured, or,
    /// while none is known, the last frame that says where the camera may be. nil: no motion counts.
    public var motionTime: UInt64? { lastPoseTime ?? evidence.time }

    /// Tries this place in the next frames, before retrieval; see ``PoseHint`` for what makes it believed. A place that
    /// the map does not have is ignored: false.
    @discardableResult
    public func begin(at place: LastPose, hint: PoseHint) -> Bool {
        guard place.reference >= 0, place.reference < map.keyframeCount, place.cameraFromMap.translation.isFinite
        else { return false }
        forget()
        cache.load(around: place.reference, map: map)
        motion.observe(place.cameraFromMap, at: 0)
        self.hint = hint
        return true
    }

    /// Is there a hinted place that no frame has confirmed yet?
    public var hasUnconfirmedHint: Bool { hint != nil }

    /// Goes on counting where a localizer that is replaced has stopped.
    public func continueCounting(resets: UInt32) { resetCounter = max(resetCounter, resets) }
}
