public import Geometry

/// How well a calibrated camera knows where it sees things.
///
/// A camera's frame is known only by the boards it has seen: a shift of the principal point together with a turn of all
/// boards changes no prediction that matters. So the point is taken fixed to the boards, all together, and carried back
/// through their fitted poses, whose mean motion moves with the intrinsics; what remains is the uncertainty of the
/// projection itself. This is mrcal 2's method ("mean of the frames", Kogan, mrcal documentation, "Projection
/// uncertainty"); with left perturbations of the poses it needs their mean alone.
public struct ProjectionUncertainty: Sendable {
    /// The one whose fitted parameters ``covariance`` is of.
    public let camera: Camera
    /// The fitted intrinsic parameters, then the boards' mean motion in the camera (`Twist`): n + 6, row by row.
    public let covariance: [Double]
    let intrinsicCount: Int
    /// Outside of which the lens shows nothing; nil: it fills the image.
    public let circle: ImageCircle?

    /// Covariance of the pixel at which the point is seen that the camera sees at `pixel`: variances of x and y, and
    /// their covariance; pixels squared.
    /// - Parameters:
    ///   - pixel: where the camera sees the point now.
    ///   - distance: of the point, metres; nil at infinity.
    /// - Returns: nil where the camera sees no ray.
    public func covariance(at pixel: Vector2, distance: Double? = nil) -> (xx: Double, xy: Double, yy: Double)? {
        guard let ray = camera.bearing(of: pixel) else { return nil }
        let point = ray * (distance ?? 1)
        guard let projection = camera.projectWithGradients(point) else { return nil }
        let gradients = camera.parameterGradients(point)
        let n = intrinsicCount + 6
        var (x, y) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        for i in 0..<intrinsicCount { (x[i], y[i]) = (gradients.x[i], gradients.y[i]) }
        let (turnX, turnY) = (point.cross(projection.gradientX), point.cross(projection.gradientY))
        for i in 0..<3 {
            if distance != nil {
                (x[intrinsicCount + i], y[intrinsicCount + i]) = (projection.gradientX[i], projection.gradientY[i])
            }
            (x[intrinsicCount + 3 + i], y[intrinsicCount + 3 + i]) = (turnX[i], turnY[i])
        }
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for r in 0..<n {
            var (sx, sy) = (0.0, 0.0)
            for c in 0..<n {
                sx += covariance[r * n + c] * x[c]
                sy += covariance[r * n + c] * y[c]
            }
            xx += x[r] * sx
            xy += x[r] * sy
            yy += y[r] * sy
        }
        return (xx, xy, yy)
    }

    /// Standard deviation in the worst direction, pixels; nil where the camera sees no ray.
    public func deviation(at pixel: Vector2, distance: Double? = nil) -> Double? {
        guard let c = covariance(at: pixel, distance: distance) else { return nil }
        let (mean, half) = ((c.xx + c.yy) / 2, (c.xx - c.yy) / 2)
        return (mean + (half * half + c.xy * c.xy).squareRoot()).squareRoot()
    }

    /// ``deviation(at:distance:)`` over the image, as far as the lens lights it.
    public func map(columns: Int = 33, rows: Int = 25, distance: Double? = nil) -> UncertaintyMap {
        var map = UncertaintyMap(
            columns: columns, rows: rows, width: camera.width, height: camera.height, distance: distance, values: [])
        for row in 0..<rows {
            for column in 0..<columns {
                let pixel = map.pixel(column: column, row: row)
                let isLit = circle?.contains(pixel) ?? true
                map.values.append(isLit ? deviation(at: pixel, distance: distance) ?? .infinity : .nan)
            }
        }
        return map
    }
}
