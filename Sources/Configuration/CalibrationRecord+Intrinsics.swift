public import Geometry

extension CalibrationRecord {
    /// How sure the file is of focal length and principal point: the covariance of log f, cx, cy. Zero where it says
    /// nothing. Of two focal lengths, log f is the mean of their logarithms.
    ///
    /// - Parameters:
    ///   - file: the camera of the file, whose parameters the record speaks of.
    ///   - focalLength: of the image whose pixels are meant: the frame's, reduced or cut.
    public func intrinsicCovariance(of file: Camera, focalLength: Vector2) -> Matrix3 {
        let focals = file.model.hasSingleFocalLength ? 1 : 2
        let count = focals + 2
        guard (covariance?.count ?? standardDeviations?.count ?? 0) >= count else { return .zero }
        // The derivatives of log f, cx, cy by the parameters, a row for each.
        let scale = focalLength / file.focalLength
        var rows = [[Double]](repeating: [Double](repeating: 0, count: count), count: 3)
        for focal in 0..<focals { rows[0][focal] = 1 / (Double(focals) * file.focalLength[focal]) }
        (rows[1][focals], rows[2][focals + 1]) = (scale.x, scale.y)
        var result = Matrix3.zero
        for i in 0..<3 {
            for j in 0..<3 {
                var sum = 0.0
                for a in 0..<count {
                    for b in 0..<count { sum += rows[i][a] * parameterCovariance(a, b) * rows[j][b] }
                }
                result[i, j] = sum
            }
        }
        return result
    }

    private func parameterCovariance(_ a: Int, _ b: Int) -> Double {
        if let covariance { return covariance[a][b] }
        guard a == b, let deviation = standardDeviations?[a] else { return 0 }
        return deviation * deviation
    }
}
