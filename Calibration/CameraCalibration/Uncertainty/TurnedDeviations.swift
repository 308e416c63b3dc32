internal import Geometry

/// Deviations of a camera's projection from its parameters' covariance alone: each error of the parameters comes with
/// the turn of the camera that, over the image, undoes most of it.
struct TurnedDeviations {
    /// In the worst direction, pixels; infinite where the camera sees no ray.
    let values: [Double]

    /// - Parameters:
    ///   - camera: of the best parameters.
    ///   - pixels: where the deviations are wanted.
    ///   - known: deviations by which the pixels are weighted when the turn is fitted.
    ///   - covariance: of the fitted parameters, n x n, row by row.
    init(_ camera: Camera, _ pixels: [Vector2], known: [Double], covariance: [Double]) {
        let n = Int(Double(covariance.count).squareRoot().rounded())
        let rows = pixels.map { Self.row(camera, $0) }
        // Turn = -(Jt' W Jt)^-1 Jt' W Jp times the parameters' error.
        var (normal, cross) = (Matrix3.zero, [Vector3](repeating: .zero, count: n))
        for (row, deviation) in zip(rows, known) {
            guard let row, deviation.isFinite, deviation > 0 else { continue }
            let weight = 1 / (deviation * deviation)
            for (turn, parameters) in [(row.turnX, row.parameters.x), (row.turnY, row.parameters.y)] {
                normal.addOuter(turn * weight, turn)
                for i in 0..<n { cross[i] += turn * (weight * parameters[i]) }
            }
        }
        guard let inverse = normal.inverse else {
            values = pixels.map { _ in .infinity }
            return
        }
        let turns = cross.map { inverse * $0 * -1 }
        values = rows.map { row in row.map { Self.deviation($0, turns, covariance, n) } ?? .infinity }
    }

    private typealias Row = (parameters: ParameterGradients, turnX: Vector3, turnY: Vector3)

    private static func row(_ camera: Camera, _ pixel: Vector2) -> Row? {
        guard let ray = camera.bearing(of: pixel), let projection = camera.projectWithGradients(ray) else { return nil }
        return (
            camera.parameterGradients(ray), ray.cross(projection.gradientX), ray.cross(projection.gradientY)
        )
    }

    private static func deviation(_ row: Row, _ turns: [Vector3], _ covariance: [Double], _ n: Int) -> Double {
        let x = (0..<n).map { row.parameters.x[$0] + row.turnX.dot(turns[$0]) }
        let y = (0..<n).map { row.parameters.y[$0] + row.turnY.dot(turns[$0]) }
        let (xx, xy, yy) = (bilinear(x, covariance, x), bilinear(x, covariance, y), bilinear(y, covariance, y))
        let (mean, half) = ((xx + yy) / 2, (xx - yy) / 2)
        return (mean + (half * half + xy * xy).squareRoot()).squareRoot()
    }
}
