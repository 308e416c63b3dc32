public import Geometry

/// Where the camera sits on the vehicle, and what follows from it: the vehicle's pose in the map, and with odometry the
/// odometry's.
public struct VehicleFrame: Sendable {
    public let baseFromCamera: RigidTransform
    private let cameraFromBase: RigidTransform

    public init(baseFromCamera: RigidTransform) {
        self.baseFromCamera = baseFromCamera
        cameraFromBase = baseFromCamera.inverse
    }

    /// The vehicle in the map.
    public func mapFromBase(mapFromCamera: RigidTransform) -> RigidTransform {
        mapFromCamera * cameraFromBase
    }

    /// The camera in the map.
    public func mapFromCamera(mapFromBase: RigidTransform) -> RigidTransform {
        mapFromBase * baseFromCamera
    }

    /// How the camera moves where the vehicle moves so.
    ///
    /// - Parameter motion: the vehicle then, in the vehicle now.
    /// - Returns: the camera then, in the camera now.
    public func cameraMotion(ofBase motion: RigidTransform) -> RigidTransform {
        cameraFromBase * motion * baseFromCamera
    }

    /// The covariance of the vehicle's pose from that of the camera's, both in the wire's order and axes (position and
    /// rotation in the axes of the map).
    ///
    /// A small turn `d` of the camera about its own centre moves the vehicle's origin, which is `l` away, by `d x l`:
    /// the adjoint of the translation by `-l`.
    public func baseCovariance(_ camera: SymmetricMatrix6, mapFromCamera: RigidTransform) -> SymmetricMatrix6 {
        let lever = mapFromCamera.rotation * cameraFromBase.translation
        return camera.transported(by: RigidTransform(rotation: .identity, translation: -lever))
    }

    /// The odometry's frame in the map (REP-105): where the map says the vehicle is, undone by where its odometry says
    /// it is.
    public static func mapFromOdom(mapFromBase: RigidTransform, odomFromBase: RigidTransform) -> RigidTransform {
        mapFromBase * odomFromBase.inverse
    }
}
