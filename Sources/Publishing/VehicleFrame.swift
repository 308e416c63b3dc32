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

extension LocalizationMessage.Pose {
    /// - Parameters:
    ///   - transform: the camera or the vehicle in the map.
    ///   - covariance: position, then rotation, in the axes of the map.
    public init(_ transform: RigidTransform, covariance: SymmetricMatrix6) {
        let (t, q) = (transform.translation, transform.rotation)
        var values = InlineArray<36, Double>(repeating: 0)
        // Symmetric to the last bit, which the inverse of an information matrix is not.
        for row in 0..<6 {
            for column in row..<6 {
                values[6 * row + column] = covariance[row, column]
                values[6 * column + row] = covariance[row, column]
            }
        }
        self.init(
            position: SIMD3(t.x, t.y, t.z), orientation: (q.w, q.imaginary.x, q.imaginary.y, q.imaginary.z),
            covariance: values)
    }
}

extension LocalizationMessage.Transform {
    public init(_ transform: RigidTransform) {
        let (t, q) = (transform.translation, transform.rotation)
        self.init(
            translation: SIMD3(t.x, t.y, t.z), rotation: SIMD4(q.w, q.imaginary.x, q.imaginary.y, q.imaginary.z))
    }
}
