internal import Geometry

/// A landmark as the learned picture shows it: the one whose pose the network gave.
struct FollowedLandmark {
    /// Its index in the map.
    var landmark: UInt32
    /// In the map frame, metres.
    var point: Vector3
    /// In the camera of the learned picture, metres.
    var pointInCamera: Vector3
    /// Where the learned pose puts it there, pixels. Not where its keypoint is: then what is found again is off by the
    /// learned pose's error, and no more.
    var pixel: Vector2
    /// Steps on a plane through it, parallel to the learned picture, that are one pixel there: across and down, metres
    /// along the camera's x and y.
    var step: (across: Vector2, down: Vector2)
    /// Derivatives of its pixel's x and y by a motion of the point (a `Twist`: translation, then rotation); two lanes
    /// are spare.
    var gradientX: SIMD8<Double>
    var gradientY: SIMD8<Double>

    /// Nil where the camera does not see it, or too obliquely.
    init?(_ landmark: UInt32, _ point: Vector3, cameraFromMap: RigidTransform, camera: Camera) {
        let pointInCamera = cameraFromMap * point
        guard let p = camera.projectWithGradients(pointInCamera) else { return nil }
        let (x, y) = (p.gradientX, p.gradientY)
        let determinant = x.x * y.y - x.y * y.x
        guard determinant > 1e-9, determinant.isFinite else { return nil }
        (self.landmark, self.point, self.pointInCamera, pixel) = (landmark, point, pointInCamera, p.pixel)
        step = (Vector2(y.y, -y.x) / determinant, Vector2(-x.y, x.x) / determinant)
        gradientX = Self.gradient(x, pointInCamera)
        gradientY = Self.gradient(y, pointInCamera)
    }

    private static func gradient(_ g: Vector3, _ point: Vector3) -> SIMD8<Double> {
        let turn = point.cross(g)
        return SIMD8(g.x, g.y, g.z, turn.x, turn.y, turn.z, 0, 0)
    }

    /// Where it is in another picture, and how the picture around it lies there: the steps in the learned picture for
    /// one pixel of the other. Nil where it is out of sight, or much larger or smaller.
    func seen(
        by camera: Camera, from cameraFromReference: RigidTransform, _ rotation: Matrix3
    ) -> (pixel: Vector2, warp: PatchWarp)? {
        guard let p = camera.projectWithGradients(cameraFromReference * pointInCamera) else { return nil }
        let a = rotation.column0 * step.across.x + rotation.column1 * step.across.y
        let b = rotation.column0 * step.down.x + rotation.column1 * step.down.y
        let (xa, xb) = (p.gradientX.dot(a), p.gradientX.dot(b))
        let (ya, yb) = (p.gradientY.dot(a), p.gradientY.dot(b))
        let determinant = xa * yb - xb * ya
        guard Self.growth.contains(determinant) else { return nil }
        return (
            p.pixel,
            PatchWarp(across: Vector2(yb, -ya) / determinant, down: Vector2(-xb, xa) / determinant)
        )
    }

    /// By how much an area may have grown.
    private static let growth = 0.2...5.0
}
