/// OpenCV's distortion: with `(x, y)` the point on the plane z = 1 and `r² = x² + y²`,
/// `x' = x (1 + k1 r² + k2 r⁴ + k3 r⁶) / (1 + k4 r² + k5 r⁴ + k6 r⁶) + 2 p1 x y + p2 (r² + 2 x²)`, and y alike with p1
/// and p2 exchanged. Without coefficients it is a pinhole's projection.
///
/// Sources: Brown 1966 (the tangential terms), Claus and Fitzgibbon 2005 (rational functions), the formula as in
/// OpenCV's `projectPoints`.
enum RadialTangential: LensFormula {
    static let title = "radial and tangential distortion"
    static let coefficientNames = ["k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6"]
    static let seesBehind = false

    /// Rays further than this from the axis, on the plane z = 1, are outside of every such model (89.4 degrees).
    private static let largestRadius = 100.0

    /// Radii of even steps of the ray's angle, so that they are dense where images are. A calibration makes thousands
    /// of cameras.
    private static let radii: [Double] = (0...steps).map {
        tangent(arcTangent(largestRadius, 1) * Double($0) / Double(steps))
    }

    /// Radii on the plane; the tangential terms are left out.
    static func limits(_ k: SIMD8<Double>) -> (undistorted: Double, distorted: Double) {
        let radii = radii
        let turn = k == .zero ? nil : firstTurn({ radii[$0] }, slope: { slope($0, k) })
        let limit = turn ?? largestRadius
        return (limit, limit * factor(limit * limit, k))
    }

    // MARK: Projection

    @inline(__always)
    static func project(_ camera: Camera, _ point: Vector3) -> Vector2? {
        guard point.z > 0 else { return nil }
        let n = Vector2(point.x, point.y) / point.z
        let lens = camera.lens
        if lens.isStraight { return n * camera.focalLength + camera.principalPoint }
        guard n.lengthSquared <= lens.limit * lens.limit else { return nil }
        return bend(n, lens.k) * camera.focalLength + camera.principalPoint
    }

    @inline(__always)
    static func projectWithGradients(_ camera: Camera, _ point: Vector3) -> Projection? {
        guard point.z > 0 else { return nil }
        let n = Vector2(point.x, point.y) / point.z
        let lens = camera.lens
        guard lens.isStraight || n.lengthSquared <= lens.limit * lens.limit else { return nil }
        return projection(camera, n, 1 / point.z, BentPoint(n, lens.k))
    }

    /// The models with two focal lengths and none, four or eight coefficients at once, for about half of the time that
    /// the parts take.
    @inline(__always)
    static func projectWithAllGradients(_ camera: Camera, _ point: Vector3) -> FullProjection? {
        guard !camera.model.hasSingleFocalLength, camera.model.coefficientCount % 4 == 0 else {
            guard let projection = camera.projectWithGradients(point) else { return nil }
            return FullProjection(projection: projection, parameters: camera.parameterGradients(point))
        }
        guard point.z > 0 else { return nil }
        let n = Vector2(point.x, point.y) / point.z
        let lens = camera.lens
        guard lens.isStraight || n.lengthSquared <= lens.limit * lens.limit else { return nil }
        let bent = BentPoint(n, lens.k)
        return FullProjection(
            projection: projection(camera, n, 1 / point.z, bent), parameters: parameters(camera, n, bent))
    }

    /// The pixel of a point of the plane z = 1 with its derivatives by the point in the camera frame.
    @inline(__always)
    private static func projection(
        _ camera: Camera, _ n: Vector2, _ inverseDepth: Double, _ bent: BentPoint
    ) -> Projection {
        // The pixel's derivative by n, then n's by the point.
        func row(_ g: Vector2, _ f: Double) -> Vector3 {
            let scale: Double = f * inverseDepth
            return Vector3(g.x, g.y, -g.dot(n)) * scale
        }
        return Projection(
            pixel: bent.point * camera.focalLength + camera.principalPoint,
            gradientX: row(bent.gradientX, camera.focalLength.x), gradientY: row(bent.gradientY, camera.focalLength.y))
    }

    /// Derivatives by the parameters of a model with two focal lengths and none, four or eight coefficients.
    @inline(__always)
    private static func parameters(_ camera: Camera, _ n: Vector2, _ bent: BentPoint) -> ParameterGradients {
        var result = ParameterGradients()
        result.x.lowHalf.lowHalf = SIMD4(bent.point.x, 0, 1, 0)
        result.y.lowHalf.lowHalf = SIMD4(0, bent.point.y, 0, 1)
        let count = camera.model.coefficientCount
        guard count > 0 else { return result }
        let focal = camera.focalLength
        let s = bent.squaredRadius
        let (x, y) = (n.x * focal.x, n.y * focal.y)
        let up = s * bent.inverseDenominator
        let mixed = 2 * n.x * n.y
        result.x.lowHalf.highHalf = SIMD4(up * x, up * s * x, mixed * focal.x, (s + 2 * n.x * n.x) * focal.x)
        result.y.lowHalf.highHalf = SIMD4(up * y, up * s * y, (s + 2 * n.y * n.y) * focal.y, mixed * focal.y)
        guard count > 4 else { return result }
        let down = -bent.factor * up
        let radial = SIMD4(up * s * s, down, down * s, down * s * s)
        result.x.highHalf.lowHalf = radial * x
        result.y.highHalf.lowHalf = radial * y
        return result
    }

    static func bend(_ camera: Camera, _ point: Vector3) -> Bend {
        let n = Vector2(point.x, point.y) / point.z
        let k = camera.lens.k
        let s = n.lengthSquared
        let denominator = 1 + s * (k[5] + s * (k[6] + s * k[7]))
        let factor = factor(s, k)
        let up = s / denominator
        let down = -factor * up
        let radial = SIMD8(up, up * s, 0, 0, up * s * s, down, down * s, down * s * s)
        var (x, y) = (radial * n.x, radial * n.y)
        let mixed = 2 * n.x * n.y
        (x[2], x[3]) = (mixed, s + 2 * n.x * n.x)
        (y[2], y[3]) = (s + 2 * n.y * n.y, mixed)
        return Bend(point: bend(n, k), x: x, y: y)
    }

    // MARK: The way back

    static func bearing(_ lens: Lens, _ target: Vector2) -> Vector3? {
        guard !lens.isStraight else { return Vector3(target.x, target.y, 1).normalized }
        guard let n = unbend(lens, target) else { return nil }
        return Vector3(n.x, n.y, 1).normalized
    }

    /// The point on the plane z = 1 whose bent point is `target`.
    private static func unbend(_ lens: Lens, _ target: Vector2) -> Vector2? {
        let k = lens.k
        let radius = target.length
        guard radius > 0 else { return target }
        // The radial part alone, bracketed, is a start from which the tangential terms converge.
        let start = solve(
            min(radius, lens.distortedLimit), upTo: lens.limit, start: radius, value: { $0 * factor($0 * $0, k) },
            slope: { slope($0, k) })
        var n = target * (start / radius)
        for _ in 0..<20 {
            let error = bend(n, k) - target
            let j = gradients(n, k)
            let determinant = j.x.x * j.y.y - j.x.y * j.y.x
            guard determinant > 1e-12 else { return nil }
            let step = Vector2(error.x * j.y.y - error.y * j.x.y, error.y * j.x.x - error.x * j.y.x) / determinant
            n -= step
            if !(step.lengthSquared > 1e-24 * (1 + n.lengthSquared)) { break }
        }
        let left = (bend(n, k) - target).lengthSquared
        guard left < 1e-20 * (1 + target.lengthSquared), n.lengthSquared <= lens.limit * lens.limit else { return nil }
        return n
    }

    // MARK: The formula

    /// The bent point of a point on the plane z = 1.
    static func bend(_ n: Vector2, _ k: SIMD8<Double>) -> Vector2 {
        let s = n.lengthSquared
        let tangential = Vector2(
            2 * k[2] * n.x * n.y + k[3] * (s + 2 * n.x * n.x), k[2] * (s + 2 * n.y * n.y) + 2 * k[3] * n.x * n.y)
        return n * factor(s, k) + tangential
    }

    /// Gradients of the bent x and y by the point on the plane.
    private static func gradients(_ n: Vector2, _ k: SIMD8<Double>) -> (x: Vector2, y: Vector2) {
        let s = n.lengthSquared
        let factor = factor(s, k)
        let slope = 2 * factorSlope(s, k)
        let mixed = slope * n.x * n.y + 2 * k[2] * n.x + 2 * k[3] * n.y
        return (
            Vector2(factor + slope * n.x * n.x + 2 * k[2] * n.y + 6 * k[3] * n.x, mixed),
            Vector2(mixed, factor + slope * n.y * n.y + 6 * k[2] * n.y + 2 * k[3] * n.x)
        )
    }

    /// `(1 + k1 s + k2 s² + k3 s³) / (1 + k4 s + k5 s² + k6 s³)`, s = r².
    fileprivate static func factor(_ s: Double, _ k: SIMD8<Double>) -> Double {
        (1 + s * (k[0] + s * (k[1] + s * k[4]))) / (1 + s * (k[5] + s * (k[6] + s * k[7])))
    }

    /// Derivative of the factor by s.
    private static func factorSlope(_ s: Double, _ k: SIMD8<Double>) -> Double {
        let denominator = 1 + s * (k[5] + s * (k[6] + s * k[7]))
        let upper = k[0] + s * (2 * k[1] + s * 3 * k[4])
        let lower = k[5] + s * (2 * k[6] + s * 3 * k[7])
        return (upper - factor(s, k) * lower) / denominator
    }

    /// Derivative of the distorted radius by the radius; not positive beyond a pole of the formula.
    private static func slope(_ r: Double, _ k: SIMD8<Double>) -> Double {
        let s = r * r
        guard 1 + s * (k[5] + s * (k[6] + s * k[7])) > 0 else { return -1 }
        return factor(s, k) + 2 * s * factorSlope(s, k)
    }
}

/// The bent point of a point on the plane z = 1, with what its derivatives need.
private struct BentPoint {
    let squaredRadius: Double
    /// One over the rational model's denominator.
    let inverseDenominator: Double
    /// The radial factor.
    let factor: Double
    let point: Vector2
    /// Of the bent x, and of the bent y, by the point on the plane.
    let gradientX: Vector2
    let gradientY: Vector2

    @inline(__always)
    init(_ n: Vector2, _ k: SIMD8<Double>) {
        let s = n.lengthSquared
        let factor = RadialTangential.factor(s, k)
        let inverse = 1 / (1 + s * (k[5] + s * (k[6] + s * k[7])))
        let upper = k[0] + s * (2 * k[1] + s * 3 * k[4])
        let lower = k[5] + s * (2 * k[6] + s * 3 * k[7])
        let slope = 2 * (upper - factor * lower) * inverse
        let (px, py) = (k[2] * n.x, k[2] * n.y)
        let (qx, qy) = (k[3] * n.x, k[3] * n.y)
        let tangential = Vector2(
            2 * k[2] * n.x * n.y + k[3] * (s + 2 * n.x * n.x), k[2] * (s + 2 * n.y * n.y) + 2 * k[3] * n.x * n.y)
        point = n * factor + tangential
        let mixed = slope * n.x * n.y + 2 * px + 2 * qy
        gradientX = Vector2(factor + slope * n.x * n.x + 2 * py + 6 * qx, mixed)
        gradientY = Vector2(mixed, factor + slope * n.y * n.y + 6 * py + 2 * qx)
        (squaredRadius, inverseDenominator, self.factor) = (s, inverse, factor)
    }
}
