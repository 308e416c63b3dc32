/// A pixel with its derivatives by the point and by the camera's parameters.
public struct FullProjection: Equatable, Sendable {
    /// The pixel, and its derivatives by the point in the camera frame.
    public var projection: Projection
    /// Its derivatives by the parameters.
    public var parameters: ParameterGradients
}

extension Camera {
    /// ``projectWithGradients(_:)`` and ``parameterGradients(_:)`` at once, for about half of their time: what a
    /// calibration does most. No allocation.
    public func projectWithAllGradients(_ point: Vector3) -> FullProjection? { fullProjection(point) }

    @inline(__always)
    func fullProjection(_ point: Vector3) -> FullProjection? {
        guard distortion.kind != .fisheye, !model.hasSingleFocalLength else {
            guard let projection = projectWithGradients(point) else { return nil }
            return FullProjection(projection: projection, parameters: parameterGradients(point))
        }
        guard point.z > 0 else { return nil }
        let n = Vector2(point.x, point.y) / point.z
        guard distortion.kind == .none || n.lengthSquared <= distortion.limit * distortion.limit else { return nil }
        let bend = PerspectiveBend(n, distortion.k)
        return FullProjection(
            projection: projection(n, 1 / point.z, bend), parameters: parameters(n, bend, distortion.k))
    }

    /// The pixel of a point of the normalized plane with its derivatives.
    @inline(__always)
    func projection(_ n: Vector2, _ inverseDepth: Double, _ bend: PerspectiveBend) -> Projection {
        // The pixel's derivative by n, then n's by the point.
        func row(_ g: Vector2, _ f: Double) -> Vector3 {
            let scale: Double = f * inverseDepth
            return Vector3(g.x, g.y, -g.dot(n)) * scale
        }
        return Projection(
            pixel: bend.bent * focalLength + principalPoint, gradientX: row(bend.gradientX, focalLength.x),
            gradientY: row(bend.gradientY, focalLength.y))
    }

    @inline(__always)
    private func parameters(_ n: Vector2, _ bend: PerspectiveBend, _ k: SIMD8<Double>) -> ParameterGradients {
        var result = ParameterGradients()
        result.x.lowHalf.lowHalf = SIMD4(bend.bent.x, 0, 1, 0)
        result.y.lowHalf.lowHalf = SIMD4(0, bend.bent.y, 0, 1)
        let count = model.parameterCount
        guard count > 4 else { return result }
        let s = bend.squaredRadius
        let (x, y) = (n.x * focalLength.x, n.y * focalLength.y)
        let up = s * bend.inverseDenominator
        let mixed = 2 * n.x * n.y
        result.x.lowHalf.highHalf = SIMD4(
            up * x, up * s * x, mixed * focalLength.x, (s + 2 * n.x * n.x) * focalLength.x)
        result.y.lowHalf.highHalf = SIMD4(
            up * y, up * s * y, (s + 2 * n.y * n.y) * focalLength.y, mixed * focalLength.y)
        guard count > 8 else { return result }
        let down = -bend.factor * up
        let radial = SIMD4(up * s * s, down, down * s, down * s * s)
        result.x.highHalf.lowHalf = radial * x
        result.y.highHalf.lowHalf = radial * y
        return result
    }
}

/// The distortion of a point on the normalized plane, with what its derivatives need (perspective kinds).
struct PerspectiveBend {
    let squaredRadius: Double
    /// One over the rational model's denominator.
    let inverseDenominator: Double
    /// The radial factor.
    let factor: Double
    /// The distorted point, and the gradients of its x and y.
    let bent: Vector2
    let gradientX: Vector2
    let gradientY: Vector2

    @inline(__always)
    init(_ n: Vector2, _ k: SIMD8<Double>) {
        let s = n.lengthSquared
        let factor = Distortion.radialFactor(s, k)
        let inverse = 1 / (1 + s * (k[5] + s * (k[6] + s * k[7])))
        let upper = k[0] + s * (2 * k[1] + s * 3 * k[4])
        let lower = k[5] + s * (2 * k[6] + s * 3 * k[7])
        let slope = 2 * (upper - factor * lower) * inverse
        let (px, py) = (k[2] * n.x, k[2] * n.y)
        let (qx, qy) = (k[3] * n.x, k[3] * n.y)
        let tangential = Vector2(
            2 * k[2] * n.x * n.y + k[3] * (s + 2 * n.x * n.x), k[2] * (s + 2 * n.y * n.y) + 2 * k[3] * n.x * n.y)
        bent = n * factor + tangential
        let mixed = slope * n.x * n.y + 2 * px + 2 * qy
        gradientX = Vector2(factor + slope * n.x * n.x + 2 * py + 6 * qx, mixed)
        gradientY = Vector2(mixed, factor + slope * n.y * n.y + 6 * py + 2 * qx)
        (squaredRadius, inverseDenominator, self.factor) = (s, inverse, factor)
    }
}
