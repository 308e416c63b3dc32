internal import Geometry

/// Four correspondences, made ready for scoring many poses.
///
/// With X the point in the camera frame, `u · X / n · X` and `v · X / n · X` are its reprojection error in pixels:
/// exact for a camera without distortion; with distortion to first order about the observed pixel, so that an error of
/// a threshold's size is right to second order. `u` and `v` are the gradients of the projection at the observed ray
/// (the projection does not depend on distance, so they are orthogonal to that ray) and n is the optical axis, or the
/// ray itself for a fisheye (`CameraModel`, what its formula sees behind); `n · X > 0` is in front of the camera.
struct ReprojectionBlock {
    typealias Lanes = SIMD4<Double>

    var x = Lanes.zero
    var y = Lanes.zero
    var z = Lanes.zero
    var ux = Lanes.zero
    var uy = Lanes.zero
    var uz = Lanes.zero
    var vx = Lanes.zero
    var vy = Lanes.zero
    var vz = Lanes.zero
    var nx = Lanes.zero
    var ny = Lanes.zero
    var nz = Lanes.zero

    /// Four lanes that no pose sees: they count as outliers.
    init() {}

    mutating func set(_ lane: Int, point: Vector3, u: Vector3, v: Vector3, n: Vector3) {
        (x[lane], y[lane], z[lane]) = (point.x, point.y, point.z)
        (ux[lane], uy[lane], uz[lane]) = (u.x, u.y, u.z)
        (vx[lane], vy[lane], vz[lane]) = (v.x, v.y, v.z)
        (nx[lane], ny[lane], nz[lane]) = (n.x, n.y, n.z)
    }

    /// Squared reprojection errors; `outside` for points behind the camera, or further off than its root.
    @inline(__always)
    func truncatedErrors(_ p: PoseMatrix, _ outside: Double) -> Lanes {
        let cx = x * p.r.column0.x + y * p.r.column1.x + z * p.r.column2.x + p.t.x
        let cy = x * p.r.column0.y + y * p.r.column1.y + z * p.r.column2.y + p.t.y
        let cz = x * p.r.column0.z + y * p.r.column1.z + z * p.r.column2.z + p.t.z
        let a = cx * ux + cy * uy + cz * uz
        let b = cx * vx + cy * vy + cz * vz
        let d = cx * nx + cy * ny + cz * nz
        let errors = (a * a + b * b) / (d * d)
        let isIn = (errors .< outside) .& (d .> 0)
        return Lanes(repeating: outside).replacing(with: errors, where: isIn)
    }
}

/// `cameraFromMap` as a matrix, for the inner loops.
struct PoseMatrix {
    let r: Matrix3
    let t: Vector3

    init(_ pose: RigidTransform) {
        r = pose.rotation.matrix
        t = pose.translation
    }
}

extension Camera {
    /// The `u`, `v` and `n` of ``ReprojectionBlock`` for an observation, with its bearing. Nil when the pixel has no
    /// ray.
    func reprojectionRows(_ pixel: Vector2) -> (bearing: Vector3, u: Vector3, v: Vector3, n: Vector3)? {
        guard let bearing = bearing(of: pixel) else { return nil }
        let n = seesBehind ? bearing : Vector3(0, 0, 1)
        let depth = bearing.dot(n)
        guard depth > 1e-6, let p = projectWithGradients(bearing / depth) else { return nil }
        return (bearing, p.gradientX, p.gradientY, n)
    }
}
