public import Features
public import Geometry

/// What a map is made of, before it is written: plain values, checked by ``write(to:)``.
public struct MapContents: Sendable {
    /// A prior frame: an image of known pose, with the keypoints that observe landmarks.
    public struct Keyframe: Sendable {
        /// The image's name in the pose file, by which people know the keyframe.
        public var name: String
        /// Index into ``MapContents/cameras``.
        public var camera: Int
        /// From the map frame into the camera's (x right, y down, z forward), metres.
        public var cameraFromMap: RigidTransform
        /// Of the whole image: ``MapContents/globalDimension`` values and their scale, by which priors are retrieved.
        public var globalDescriptor: GlobalDescriptor
        /// How many keypoints the image had, with and without landmarks.
        public var detectedKeypoints: Int
        /// The landmarks that the keyframe observes, each once, in the order of its keypoints (best first).
        public var landmarks: [UInt32]
        /// Where, in pixels of the network's input image; parallel to ``landmarks``.
        public var pixels: [SIMD2<Float>]
        /// ``MapContents/descriptorDimension`` values for each of ``landmarks`` (Model.md).
        public var descriptors: [Int8]

        /// A keyframe; the last three arrays are parallel, and checked only by ``MapContents/write(to:)``.
        public init(
            name: String, camera: Int, cameraFromMap: RigidTransform, globalDescriptor: GlobalDescriptor,
            detectedKeypoints: Int, landmarks: [UInt32] = [], pixels: [SIMD2<Float>] = [], descriptors: [Int8] = []
        ) {
            self.name = name
            self.camera = camera
            self.cameraFromMap = cameraFromMap
            self.globalDescriptor = globalDescriptor
            self.detectedKeypoints = detectedKeypoints
            self.landmarks = landmarks
            self.pixels = pixels
            self.descriptors = descriptors
        }
    }

    /// Hex identity of the network that made the descriptors.
    public var modelID: String
    /// Long side to which images were reduced for the network, pixels.
    public var longSide: Int
    /// Values of an observation's descriptor.
    public var descriptorDimension: Int
    /// Values of a keyframe's global descriptor.
    public var globalDimension: Int
    /// By which the keyframes' global descriptors were made, if not by the model's: of these the map keeps the signs.
    public var clusters: VladClusters?
    /// Of the network's input images.
    public var cameras: [Camera]
    /// In the order of their numbers in the file.
    public var keyframes: [Keyframe]
    /// Positions in the map frame, metres.
    public var landmarks: [Vector3]
    /// Two keyframes are neighbours in the covisibility graph if they share at least this many landmarks.
    public var minimumShared: Int
    /// Where the map frame's origin is on the Earth; its axes then point east, north and up there. Nil where that is
    /// not known.
    public var origin: GeodeticPosition?
    /// Free-form facts that are kept in the file's metadata under these names, as `provenance.source` or
    /// `statistics.pairs`.
    public var notes: [String: String]

    /// Contents as they are given; they are checked only by ``write(to:)``.
    public init(
        modelID: String, longSide: Int, descriptorDimension: Int, globalDimension: Int, cameras: [Camera] = [],
        keyframes: [Keyframe] = [], landmarks: [Vector3] = [], minimumShared: Int = 15, notes: [String: String] = [:]
    ) {
        self.modelID = modelID
        self.longSide = longSide
        self.descriptorDimension = descriptorDimension
        self.globalDimension = globalDimension
        self.cameras = cameras
        self.keyframes = keyframes
        self.landmarks = landmarks
        self.minimumShared = minimumShared
        self.notes = notes
    }
}
