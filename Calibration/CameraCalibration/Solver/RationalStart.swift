internal import Geometry

/// Where the rational model starts for a wide lens: at the curve of a fisheye fit. From the polynomial models it would have to cross a range where the
/// image's edge seems to be all outliers.
enum RationalStart {
    /// The twelve parameters whose radial curve is nearest to a fisheye camera's as far out as its corners reach; nil when there is none.
    static func parameters(like fit: BundleFit, _ observations: Observations) -> [Double]? {
        let limit = min(largestAngle(fit, observations), 1.45)
        guard limit > 0.05 else { return nil }
        // r (1 + k1 s + k2 s² + k3 s³) = d (1 + k4 s + k5 s² + k6 s³) with s = r²: linear in the coefficients.
        var (matrix, right) = ([Double](repeating: 0, count: 36), [Double](repeating: 0, count: 6))
        for step in 1...60 {
            let angle = limit * Double(step) / 60
            let (sine, cosine) = sineAndCosine(angle)
            let r = sine / cosine
            let s = r * r
            guard let pixel = fit.camera.project(Vector3(sine, 0, cosine)) else { return nil }
            let d = (pixel.x - fit.camera.principalPoint.x) / fit.camera.focalLength.x
            let row = [r * s, r * s * s, r * s * s * s, -d * s, -d * s * s, -d * s * s * s].map { $0 / (r + r * s) }
            for i in 0..<6 {
                right[i] += row[i] * (d - r) / (r + r * s)
                for j in i..<6 { matrix[i * 6 + j] += row[i] * row[j] }
            }
        }
        // The two polynomials may share factors: of all equal curves the one with the smallest coefficients.
        for i in 0..<6 { matrix[i * 7] += 1e-7 }
        guard SymmetricPositive.solve(&matrix, &right, damping: 0) else { return nil }
        return Array(fit.parameters.prefix(4)) + [right[0], right[1], 0, 0] + right[2...]
    }

    private static func largestAngle(_ fit: BundleFit, _ observations: Observations) -> Double {
        var cosine = 1.0
        for index in observations.usedViews {
            let view = observations.views[index]
            for i in view.ids.indices where view.isUsed[i] {
                if let ray = fit.camera.bearing(of: view.pixels[i]) { cosine = min(cosine, ray.z) }
            }
        }
        return arcTangent((1 - cosine * cosine).squareRoot(), cosine)
    }
}
