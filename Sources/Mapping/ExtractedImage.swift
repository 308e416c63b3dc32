public import Features
public import Geometry

/// An image of known pose with what the network found in it.
public struct ExtractedImage: Sendable {
    public var name: String
    /// Index into the cameras given to ``MapBuilder``.
    public var camera: Int
    public var cameraFromMap: RigidTransform
    /// Keypoints in pixels of the network's input image.
    public var features: LocalFeatures
    public var globalDescriptor: GlobalDescriptor

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
