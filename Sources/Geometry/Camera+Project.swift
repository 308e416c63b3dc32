/// A pixel and its derivatives by the point in the camera frame.
public struct Projection: Equatable, Sendable {
    /// The pixel.
    public var pixel: Vector2
    /// Derivative of the pixel's x by the point (pixels per metre).
    public var gradientX: Vector3
    /// Derivative of the pixel's y by the point.
    public var gradientY: Vector3
}

extension Camera {
    /// The pixel of a point in the camera frame (any positive unit).
    ///
    /// Nil when the point is behind the camera (for a fisheye: beyond its angle), or beyond the ray where the
    /// distortion formula stops being one to one. The pixel may lie outside of the image.
    public func project(_ point: Vector3) -> Vector2? {
        switch distortion.kind {
        case .none:
            guard point.z > 0 else { return nil }
            return Vector2(point.x, point.y) / point.z * focalLength + principalPoint
        case .perspective:
            guard point.z > 0 else { return nil }
            let n = Vector2(point.x, point.y) / point.z
            guard n.lengthSquared <= distortion.limit * distortion.limit else { return nil }
            return distortion.distort(n) * focalLength + principalPoint
        case .fisheye:
            let r = Vector2(point.x, point.y).length
            let theta = arcTangent(r, point.z)
            guard theta <= distortion.limit, r > 0 || point.z > 0 else { return nil }
            let scale = r > 1e-12 * point.z ? Distortion.fisheyeRadius(theta, distortion.k) / r : 1 / point.z
            return Vector2(point.x, point.y) * scale * focalLength + principalPoint
        }
    }

    /// ``project(_:)`` with its derivatives by the point.
    public func projectWithGradients(_ point: Vector3) -> Projection? { projectionWithGradients(point) }

    @inline(__always)
    func projectionWithGradients(_ point: Vector3) -> Projection? {
        if distortion.kind == .fisheye { return project(point).map { fisheyeGradients(point, $0) } }
        guard point.z > 0 else { return nil }
        let n = Vector2(point.x, point.y) / point.z
        guard distortion.kind == .none || n.lengthSquared <= distortion.limit * distortion.limit else { return nil }
        return projection(n, 1 / point.z, PerspectiveBend(n, distortion.k))
    }

    private func fisheyeGradients(_ p: Vector3, _ pixel: Vector2) -> Projection {
        let r = Vector2(p.x, p.y).length
        guard r > 1e-9 * p.z else {
            return Projection(
                pixel: pixel, gradientX: Vector3(focalLength.x / p.z, 0, 0),
                gradientY: Vector3(0, focalLength.y / p.z, 0))
        }
        let theta = arcTangent(r, p.z)
        let d = Distortion.fisheyeRadius(theta, distortion.k)
        let slope = Distortion.fisheyeSlope(theta, distortion.k) / p.lengthSquared
        // m = (x, y) d / r; d varies with theta: dtheta/d(x, y) = (x, y) z / (r |p|²), dtheta/dz = -r / |p|².
        let u = Vector2(p.x, p.y) / r
        let along = slope * p.z - d / r
        let x = Vector3(d / r + u.x * u.x * along, u.x * u.y * along, -u.x * slope * r) * focalLength.x
        let y = Vector3(u.x * u.y * along, d / r + u.y * u.y * along, -u.y * slope * r) * focalLength.y
        return Projection(pixel: pixel, gradientX: x, gradientY: y)
    }
}

extension Distortion {
    /// The distorted point of a point on the normalized plane (perspective kinds).
    func distort(_ n: Vector2) -> Vector2 {
        let s = n.lengthSquared
        let tangential = Vector2(
            2 * k[2] * n.x * n.y + k[3] * (s + 2 * n.x * n.x), k[2] * (s + 2 * n.y * n.y) + 2 * k[3] * n.x * n.y)
        return n * Self.radialFactor(s, k) + tangential
    }

    /// Gradients of the distorted x and y by the point on the normalized plane (perspective kinds).
    func distortionGradients(_ n: Vector2) -> (x: Vector2, y: Vector2) {
        if kind == .none { return (Vector2(1, 0), Vector2(0, 1)) }
        let s = n.lengthSquared
        let factor = Self.radialFactor(s, k)
        let slope = 2 * Self.radialFactorSlope(s, k)
        let mixed = slope * n.x * n.y + 2 * k[2] * n.x + 2 * k[3] * n.y
        return (
            Vector2(factor + slope * n.x * n.x + 2 * k[2] * n.y + 6 * k[3] * n.x, mixed),
            Vector2(mixed, factor + slope * n.y * n.y + 6 * k[2] * n.y + 2 * k[3] * n.x)
        )
    }
}
