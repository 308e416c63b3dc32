public import Features
public import Geometry
public import ReferenceMap

/// An image of known pose with what the network found in it.
public struct ExtractedImage: Sendable {
    /// As the pose file has it; the keyframe gets it.
    public var name: String
    /// Index into the cameras given to ``MapBuilder``.
    public var camera: Int
    /// From the map frame into the camera's (x right, y down, z forward), metres.
    public var cameraFromMap: RigidTransform
    /// How far the pose may be off; nil where only the build's options say.
    public var uncertainty: PoseUncertainty?
    /// Where the camera was measured to be in the map frame, apart from its pose; nil where it was not.
    public var measurement: PositionMeasurement?
    /// Where odometry had the camera; nil without odometry.
    public var deadReckoning: DeadReckoning?
    /// By which the cache has the features; nil without a cache.
    var key: CacheKey?
    /// Keypoints in pixels of the network's input image.
    public var features: LocalFeatures
    /// Of the whole image, by which pairs of distant images are found and priors are retrieved.
    public var globalDescriptor: GlobalDescriptor
    /// Of layer 14, for clusters of the map's own; nil where the cache has them, or nobody will ask.
    var cells: [Int8]?

    /// An image with its pose and features; nothing is checked.
    public init(
        name: String, camera: Int, cameraFromMap: RigidTransform, features: LocalFeatures,
        globalDescriptor: GlobalDescriptor
    ) {
        self.name = name
        self.camera = camera
        self.cameraFromMap = cameraFromMap
        self.features = features
        self.globalDescriptor = globalDescriptor
    }
}
