/// A fisheye: a ray at the angle theta from the axis is imaged at the distance
/// `theta (1 + k1 theta² + k2 theta⁴ + k3 theta⁶ + k4 theta⁸)` from the centre, in focal lengths.
///
/// Source: Kannala and Brandt, A generic camera model and calibration method for conventional, wide-angle, and fish-eye
/// lenses (PAMI 2006), the symmetric part, with the axis's coefficient 1 as in OpenCV's fisheye module.
enum KannalaBrandt: LensFormula {
    static let title = "Kannala-Brandt fisheye"
    static let coefficientNames = ["k1", "k2", "k3", "k4"]
    static let seesBehind = true

    /// Angles, radians, up to straight behind.
    static func limits(_ k: SIMD8<Double>) -> (undistorted: Double, distorted: Double) {
        let turn = firstTurn({ .pi * Double($0) / Double(steps) }, slope: { slope($0, k) })
        let limit = turn ?? .pi
        return (limit, radius(limit, k))
    }

    // MARK: Projection

    static func project(_ camera: Camera, _ point: Vector3) -> Vector2? {
        let lens = camera.lens
        let r = Vector2(point.x, point.y).length
        let theta = arcTangent(r, point.z)
        guard theta <= lens.limit, r > 0 || point.z > 0 else { return nil }
        let scale = r > 1e-12 * point.z ? radius(theta, lens.k) / r : 1 / point.z
        return Vector2(point.x, point.y) * scale * camera.focalLength + camera.principalPoint
    }

    static func projectWithGradients(_ camera: Camera, _ point: Vector3) -> Projection? {
        project(camera, point).map { gradients(camera, point, $0) }
    }

    static func projectWithAllGradients(_ camera: Camera, _ point: Vector3) -> FullProjection? {
        guard let projection = projectWithGradients(camera, point) else { return nil }
        return FullProjection(projection: projection, parameters: camera.gradients(bend(camera, point)))
    }

    private static func gradients(_ camera: Camera, _ p: Vector3, _ pixel: Vector2) -> Projection {
        let focalLength = camera.focalLength
        let r = Vector2(p.x, p.y).length
        guard r > 1e-9 * p.z else {
            return Projection(
                pixel: pixel, gradientX: Vector3(focalLength.x / p.z, 0, 0),
                gradientY: Vector3(0, focalLength.y / p.z, 0))
        }
        let theta = arcTangent(r, p.z)
        let d = radius(theta, camera.lens.k)
        let slope = slope(theta, camera.lens.k) / p.lengthSquared
        // m = (x, y) d / r; d varies with theta: dtheta/d(x, y) = (x, y) z / (r |p|²), dtheta/dz = -r / |p|².
        let u = Vector2(p.x, p.y) / r
        let along = slope * p.z - d / r
        let x = Vector3(d / r + u.x * u.x * along, u.x * u.y * along, -u.x * slope * r) * focalLength.x
        let y = Vector3(u.x * u.y * along, d / r + u.y * u.y * along, -u.y * slope * r) * focalLength.y
        return Projection(pixel: pixel, gradientX: x, gradientY: y)
    }

    static func bend(_ camera: Camera, _ p: Vector3) -> Bend {
        let r = Vector2(p.x, p.y).length
        guard r > 1e-12 * p.z else { return Bend(point: Vector2(p.x, p.y) / p.z, x: .zero, y: .zero) }
        let theta = arcTangent(r, p.z)
        let outward = Vector2(p.x, p.y) / r
        let s = theta * theta
        let third = theta * s
        let powers = SIMD8(third, third * s, third * s * s, third * s * s * s, 0, 0, 0, 0)
        return Bend(point: outward * radius(theta, camera.lens.k), x: powers * outward.x, y: powers * outward.y)
    }

    // MARK: The way back

    static func bearing(_ lens: Lens, _ target: Vector2) -> Vector3? {
        let distorted = target.length
        guard distorted > 1e-12 else { return Vector3(target.x, target.y, 1).normalized }
        guard distorted <= lens.distortedLimit else { return nil }
        let theta = solve(
            distorted, upTo: lens.limit, start: distorted, value: { radius($0, lens.k) }, slope: { slope($0, lens.k) })
        let (s, c) = sineAndCosine(theta)
        return Vector3(target.x * s / distorted, target.y * s / distorted, c)
    }

    // MARK: The formula

    /// Distorted radius of the ray at angle `theta` from the axis.
    private static func radius(_ theta: Double, _ k: SIMD8<Double>) -> Double {
        let s = theta * theta
        return theta * (1 + s * (k[0] + s * (k[1] + s * (k[2] + s * k[3]))))
    }

    /// Derivative of the distorted radius by theta.
    private static func slope(_ theta: Double, _ k: SIMD8<Double>) -> Double {
        let s = theta * theta
        return 1 + s * (3 * k[0] + s * (5 * k[1] + s * (7 * k[2] + s * 9 * k[3])))
    }
}
