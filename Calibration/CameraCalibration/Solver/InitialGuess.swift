internal import Geometry

/// Where a calibration starts: a camera without distortion, and a pose for every view.
///
/// A closed form over homographies (Zhang 2000) fails as soon as the lens bends lines visibly: it takes the bend for
/// perspective, and with it gives negative squares of focal lengths. So the focal length is searched instead, over the
/// whole range that lenses have, for a straight and for a fisheye projection, the principal point in the middle; a
/// homography and a few refining steps then give each pose. That is fewer than a hundred small problems, and no outcome
/// of it is impossible.
struct InitialGuess: Sendable {
    /// `pinhole` or `fisheye`, no distortion.
    var camera: Camera
    /// One for every view; of a view without one, that of its neighbour (it does not count).
    var poses: [RigidTransform]

    /// The best start of a projection. Views that find no pose, or one far worse than the others, are rejected in the
    /// observations.
    static func search(_ projection: LensModel, _ observations: inout Observations) -> InitialGuess? {
        let thinned = thinned(observations)
        // Focal lengths in 16 steps from 0.2 to 9 of the image's long side: 136 to 6 degrees across, straight.
        let side = Double(max(observations.width, observations.height))
        var best: (focal: Double, cost: Double) = (0, .infinity)
        func tryFocal(_ focal: Double) {
            guard let camera = camera(projection, focal, thinned) else { return }
            var cost = 0.0
            for view in thinned.views.indices where cost < best.cost { cost += error(camera, thinned, view) }
            if cost < best.cost { best = (focal, cost) }
        }
        // The usual ones first: of the others a few views then are enough to see that they are worse.
        for step in [6, 7, 5, 8, 4, 9, 3, 10, 2, 11, 1, 12, 0, 13, 14, 15] {
            tryFocal(0.2 * side * exponential(0.254 * Double(step)))
        }
        guard best.focal > 0 else { return nil }
        for factor in [0.92, 1.08] { tryFocal(best.focal * factor) }
        guard let camera = camera(projection, best.focal, observations) else { return nil }
        return poses(camera, &observations)
    }

    /// The poses of all views before a camera, with the views sorted out that fit none.
    static func poses(_ camera: Camera, _ observations: inout Observations) -> InitialGuess? {
        var found: [(pose: RigidTransform, error: Double)?] = []
        for index in observations.views.indices {
            let count = Double(max(observations.views[index].usedCount, 1))
            found.append(
                PoseFit.initial(camera, observations, view: index, evaluations: 15).map { ($0.pose, $0.cost / count) })
        }
        let errors = found.compactMap { $0?.error }
        guard errors.count >= 1, let any = found.compactMap({ $0?.pose }).first else { return nil }
        // Distortion alone makes some views worse than others: only what is far off is no view of this board.
        let limit = 100 * max(quantile(errors, 0.5), 0.25)
        for index in observations.views.indices {
            observations.views[index].isRejected = found[index].map { $0.error > limit } ?? true
        }
        return InitialGuess(camera: camera, poses: found.map { $0?.pose ?? any })
    }

    private static func camera(_ projection: LensModel, _ focal: Double, _ observations: Observations) -> Camera? {
        let centre = Vector2(Double(observations.width - 1) / 2, Double(observations.height - 1) / 2)
        let straight = [focal, focal, centre.x, centre.y]
        return try? projection.camera(straight, width: observations.width, height: observations.height)
    }

    /// Up to twelve views, spread over all, with about two dozen corners each.
    private static func thinned(_ observations: Observations) -> Observations {
        var result = observations
        let views = observations.usedViews
        let kept = views.count > 12 ? (0..<12).map { views[$0 * views.count / 12] } : views
        result.views = kept.map { index in
            var view = observations.views[index]
            // A step that shares no factor with the board's columns, so that all of the board is sampled.
            let step = max(1, view.ids.count / 24)
            let stride = step + (step > 1 && step % 2 == 0 ? 1 : 0)
            for i in view.isUsed.indices where i % stride != 0 && i != view.ids.count - 1 { view.isUsed[i] = false }
            return view
        }
        return result
    }

    private static func error(_ camera: Camera, _ observations: Observations, _ view: Int) -> Double {
        let cap = square(0.1 * Double(max(observations.width, observations.height)))
        let count = Double(max(observations.views[view].usedCount, 1))
        guard let found = PoseFit.initial(camera, observations, view: view, evaluations: 5) else { return cap }
        return min(found.cost / count, cap)
    }
}

func square(_ x: Double) -> Double { x * x }

/// The fisheye model that projects (nearly) as a straight one with a little distortion.
enum FisheyeStart {
    /// `r = tan θ` put into `r (1 + k1 r² + k2 r⁴)` and ordered by powers of θ: θ, θ³, ... θ⁹, Kannala and Brandt's
    /// terms. Good to a few pixels up to half a right angle off the axis; a fit does the rest.
    static func parameters(like straight: BundleFit) -> [Double] {
        let p = straight.parameters
        let (k1, k2) = p.count > 5 ? (p[4], p[5]) : (0, 0)
        return Array(p.prefix(4)) + [
            1.0 / 3 + k1, 2.0 / 15 + k1 + k2, 17.0 / 315 + 11.0 / 15 * k1 + 5.0 / 3 * k2,
            62.0 / 2835 + 88.0 / 189 * k1 + 16.0 / 9 * k2,
        ]
    }
}

/// Where the rational model starts for a wide lens: at the curve of a fisheye fit. From the polynomial models it would
/// have to cross a range where the image's edge seems to be all outliers.
enum RationalStart {
    /// The twelve parameters whose radial curve is nearest to a fisheye camera's as far out as its corners reach; nil
    /// when there is none.
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
        guard SymmetricPositive.solve(&matrix, &right) else { return nil }
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
