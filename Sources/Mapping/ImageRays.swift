import Features
import Geometry

/// Where an image's keypoints look: the geometry of matching, worked out once per image.
struct ImageRays {
    let camera: Camera
    let cameraFromMap: RigidTransform
    /// The camera's position, metres, map frame.
    let centre: Vector3
    /// Where the camera looks, map frame.
    let axis: Vector3
    /// Keypoints as they are, pixels.
    let pixels: [Vector2]
    /// Without distortion; NaN where the camera has no such pixel.
    let undistorted: [Vector2]
    /// Unit vectors in the map frame; NaN where the camera has no such ray.
    let directions: [Vector3]

    init(_ image: ExtractedImage, camera: Camera) {
        self.camera = camera
        cameraFromMap = image.cameraFromMap
        centre = image.cameraFromMap.originInSource
        let mapFromCamera = image.cameraFromMap.rotation.inverse
        axis = mapFromCamera * Vector3(0, 0, 1)
        pixels = image.features.keypoints.map { Vector2(Double($0.x), Double($0.y)) }
        undistorted = pixels.map { camera.undistorted($0) ?? Vector2(.nan, .nan) }
        directions = pixels.map { camera.bearing(of: $0).map { mapFromCamera * $0 } ?? Vector3(.nan, .nan, .nan) }
    }
}
