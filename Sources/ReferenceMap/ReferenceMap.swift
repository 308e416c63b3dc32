public import Container
public import Features
public import Geometry

/// A map: keyframes of known pose, the landmarks that they observe, and which keyframes see the same landmarks.
///
/// `init` copies the file into memory, or maps it if it is large, and reads its indices once to check them (every
/// offset, index, pose and camera, so that nothing below can read out of range); descriptors and pixels of a mapped
/// file are touched only when used. Everything is immutable and may be read from any thread. The accessors by index do
/// not allocate, except those that say so.
///
/// Keyframes, landmarks and observations are numbered from 0. The observations of keyframe `k` are a contiguous range,
/// in the order of the keyframe's keypoints (best first). Pixels are those of the network's input image.
public final class ReferenceMap: Sendable {
    /// As it was given to ``init(opening:copyingUpTo:)``.
    public let path: String
    /// The hash of the whole file, metadata and all (of version 1 of the format: of the tensors), 64 hex digits: what
    /// published poses name as the map.
    public let identity: String
    /// The network that made the descriptors, 64 hex digits.
    public let modelID: String
    /// Long side to which images were reduced for the network, pixels.
    public let longSide: Int
    /// Values of an observation's descriptor, 8...512.
    public let descriptorDimension: Int
    /// Values of a keyframe's global descriptor, 8...65536.
    public let globalDimension: Int
    /// At least 1.
    public let keyframeCount: Int
    /// May be 0.
    public let landmarkCount: Int
    /// Over all keyframes: the number of rows of ``descriptors``.
    public let observationCount: Int
    /// Neighbours in the covisibility graph share at least this many landmarks.
    public let minimumShared: Int
    /// Smallest box with sides along the map's axes that holds all landmarks, metres; zeros without landmarks.
    public let boundingBox: (minimum: Vector3, maximum: Vector3)
    /// Where the map frame's origin is on the Earth, and its axes point east, north and up; nil where the map does not
    /// know.
    public let origin: GeodeticPosition?
    /// Everything the file says about itself, provenance and statistics too.
    public let metadata: [String: String]
    /// Of the network's input images.
    public let cameras: [Camera]
    /// What a check of the map found; its defaults where there was none.
    public let quality: MapQuality
    /// The same of each keyframe; nil where there was none.
    public let keyframeQualities: [KeyframeQuality]?

    /// Of the map's own images, by which its global descriptors were made, and a query's must be; nil: by the model's.
    public let clusters: VladClusters?
    /// Of all keyframes, one behind the other.
    public let globalDescriptors: GlobalDescriptorRows
    /// [keyframes]: what the product of a keyframe's row with a unit vector is multiplied with to be a similarity.
    public let globalScales: TensorView<Float>
    /// [observations]: the landmark that each observation is of.
    public let observationLandmarks: TensorView<UInt32>
    /// [observations, descriptorDimension]: unit vectors times 256.
    public let descriptors: TensorView<Int8>
    /// [observations, 2]: x, y in pixels of the network's input image.
    public let pixels: TensorView<Float>
    /// [landmarks, 3]: metres, map frame.
    public let positions: TensorView<Double>
    /// [landmarks, 3]: mean unit vector from the landmark to the keyframes that observe it, normalized.
    public let viewingDirections: TensorView<Float>
    /// [landmarks, 2]: least and greatest distance to the keyframes that observe it, metres.
    public let viewingDistances: TensorView<Float>
    /// Observations grouped by landmark, ascending in each group: see ``observations(ofLandmark:)``.
    public let landmarkObservations: TensorView<UInt32>
    /// Neighbouring keyframes, grouped by keyframe, the one with most shared landmarks first: see ``neighbours(of:)``.
    public let covisibleKeyframes: TensorView<UInt32>
    /// Landmarks shared with that neighbour.
    public let covisibleShared: TensorView<UInt32>

    let file: TensorFile
    let nameOffsets: TensorView<UInt32>
    let names: TensorView<UInt8>
    let keyframeCameras: TensorView<UInt32>
    let poses: TensorView<Double>
    let detected: TensorView<UInt32>
    let observationOffsets: TensorView<UInt32>
    let landmarkOffsets: TensorView<UInt32>
    let covisibilityOffsets: TensorView<UInt32>

    /// Bytes of the largest map that is copied unless the caller says otherwise: while one map replaces another, both
    /// are in memory, within the 1 GB that the daemon's unit has.
    public static let largestCopy = 256 << 20

    /// Opens and checks the map at `path`. Cost: its bytes are read, if they are copied, and one pass over the indices,
    /// about a millisecond per 100,000 observations; see ``verify(tolerance:)`` for the check of every byte.
    ///
    /// - Parameters:
    ///   - path: of the map file.
    ///   - limit: bytes. A map of at most so many is copied into memory: what another program does to the file does not
    ///     matter then. A larger one is mapped; see ``hasChanged``.
    public init(opening path: String, copyingUpTo limit: Int = largestCopy) throws(MapError) {
        do throws(ContainerError) {
            typealias Key = MapFormat.Key
            typealias Name = MapFormat.Tensor
            let file = try TensorFile(
                opening: path, kind: MapFormat.kind, versions: MapFormat.versions, copyingUpTo: limit)
            if file.version > 1 { try file.checkHeader(identity: Key.mapID) }
            self.path = path
            self.file = file
            metadata = file.metadata
            identity = try file.string(Key.mapID)
            modelID = try file.string(Key.modelID)
            longSide = try file.int(Key.longSide, in: 8...65_535)
            let dimension = try file.int(Key.descriptorDimension, in: 8...512)
            let globalDimension = try file.int(Key.globalDimension, in: 8...65_536)
            let keyframes = try file.int(Key.keyframes, in: 1...MapFormat.largestCount)
            let landmarks = try file.int(Key.landmarks, in: 0...MapFormat.largestCount)
            let observations = try file.int(Key.observations, in: 0...MapFormat.largestCount)
            (descriptorDimension, self.globalDimension) = (dimension, globalDimension)
            (keyframeCount, landmarkCount, observationCount) = (keyframes, landmarks, observations)
            minimumShared = try file.int(Key.minimumShared, in: 1...MapFormat.largestCount)
            _ = try file.int(Key.descriptorScale, in: MapFormat.descriptorScale...MapFormat.descriptorScale)

            cameras = try MapCameras.read(file, count: try file.int(Key.cameras, in: 1...MapFormat.largestCount))
            nameOffsets = try file.tensor(Name.nameOffsets, shape: [keyframes + 1])
            names = try file.tensor(Name.names, shape: [nil])
            keyframeCameras = try file.tensor(Name.keyframeCamera, shape: [keyframes])
            poses = try file.tensor(Name.pose, shape: [keyframes, 7])
            detected = try file.tensor(Name.detected, shape: [keyframes])
            clusters = try MapClusters.read(file, descriptorDimension: dimension)
            globalDescriptors = try GlobalDescriptorRows(
                file, keyframes: keyframes, dimension: globalDimension, clusters: clusters)
            globalScales = try file.tensor(Name.globalScale, shape: [keyframes])
            positions = try file.tensor(Name.position, shape: [landmarks, 3])
            viewingDirections = try file.tensor(Name.direction, shape: [landmarks, 3])
            viewingDistances = try file.tensor(Name.distance, shape: [landmarks, 2])
            landmarkOffsets = try file.tensor(Name.landmarkOffsets, shape: [landmarks + 1])
            landmarkObservations = try file.tensor(Name.landmarkObservations, shape: [observations])
            observationOffsets = try file.tensor(Name.observationOffsets, shape: [keyframes + 1])
            observationLandmarks = try file.tensor(Name.observationLandmark, shape: [observations])
            pixels = try file.tensor(Name.pixel, shape: [observations, 2])
            descriptors = try file.tensor(Name.descriptor, shape: [observations, dimension])
            covisibilityOffsets = try file.tensor(Name.covisibilityOffsets, shape: [keyframes + 1])
            covisibleKeyframes = try file.tensor(Name.neighbour, shape: [nil])
            covisibleShared = try file.tensor(Name.shared, shape: [covisibleKeyframes.count])
            quality = try MapQuality(file)
            keyframeQualities = try KeyframeQualities.read(file, count: keyframes)
            boundingBox = MapChecks.boundingBox(of: positions)
            origin = try MapChecks.origin(file)
        } catch {
            throw MapError(reading: error)
        }
        try MapChecks.check(self)
    }

    /// Brings the whole file into memory, so that no frame waits for the disk.
    public func preload() { file.preload() }

    /// Whether another program has written to the file of a mapped map since it was opened, in place: it must not be
    /// used any more. Never of a copy. Cheap: to be asked once a second.
    public var hasChanged: Bool { file.hasChanged }

    /// Whether the map was copied into memory.
    public var isCopy: Bool { file.isCopy }

    /// Refuses the network `modelID` unless it made the map's descriptors.
    ///
    /// - Parameters:
    ///   - modelID: of the network.
    ///   - weights: the hash of its tensors, which maps of version 1 may name instead. Asked only where that matters.
    public func require(modelID: String, orWeights weights: @autoclosure () -> String) throws(MapError) {
        if file.version == 1, self.modelID == weights() { return }
        guard modelID == self.modelID else {
            throw MapError(
                .model, file: path, field: "metadata 'model_id'",
                problem: "the map was made with model \(self.modelID.prefix(12)), not with \(modelID.prefix(12))",
                cure: "rebuild the map with this model, or use the model that made it")
        }
    }
}
