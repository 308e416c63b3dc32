internal import CKernels
internal import Geometry

/// How bright a picture is beside another: `c = gain * value + bias`, grey levels.
struct Brightness {
    var gain = 1.0
    var bias = 0.0
}

/// The normal equations of a motion (a `Twist`), a gain and a bias, from patches that are held against a picture.
///
/// A patch's residuals are `c - gain * value - bias` of its pixels, with the derivatives `(g, value, 1)`, g the patch's
/// gradient times that of its place by the motion. Both are linear in the patch's differences, so that sums over its
/// pixels say all.
struct AlignmentEquations {
    private var rows = InlineArray<8, SIMD8<Double>>(repeating: .zero)
    private var gradient = SIMD8<Double>.zero

    /// - Parameters:
    ///   - landmark: whose patch it is.
    ///   - scale: pixels of the level in one of the picture.
    ///   - patch: in that level.
    ///   - residuals: of the patch.
    ///   - weight: of the patch.
    mutating func add(
        _ landmark: FollowedLandmark, scale: Double, _ patch: PatchMoments, _ residuals: PatchResiduals, weight: Double
    ) {
        let (gx, gy) = (landmark.gradientX * scale, landmark.gradientY * scale)
        let gain = SIMD8<Double>(0, 0, 0, 0, 0, 0, 1, 0)
        let bias = SIMD8<Double>(0, 0, 0, 0, 0, 0, 0, 1)
        let ofX = gx * patch.xx + gy * patch.xy + gain * patch.vx + bias * patch.x
        let ofY = gx * patch.xy + gy * patch.yy + gain * patch.vy + bias * patch.y
        let ofValue = gx * patch.vx + gy * patch.vy + gain * patch.vv + bias * patch.v
        let ofOne = gx * patch.x + gy * patch.y + gain * patch.v + bias * patch.count
        let (wx, wy) = (gx * weight, gy * weight)
        for row in 0..<6 { rows[row] += ofX * wx[row] + ofY * wy[row] }
        rows[6] += ofValue * weight
        rows[7] += ofOne * weight
        gradient +=
            wx * residuals.x + wy * residuals.y + gain * (weight * residuals.value) + bias * (weight * residuals.one)
    }

    /// The step that solves them (elimination without pivoting: the matrix is positive definite); nil where they leave
    /// one open.
    func solve() -> SIMD8<Double>? {
        var upper = rows
        var step = gradient
        for column in 0..<8 {
            let pivot = upper[column][column]
            guard pivot > 1e-9 * rows[column][column], pivot.isFinite else { return nil }
            for row in column + 1..<8 {
                let factor = upper[row][column] / pivot
                upper[row] -= upper[column] * factor
                step[row] -= step[column] * factor
            }
        }
        for row in (0..<8).reversed() {
            for right in row + 1..<8 { step[row] -= upper[row][right] * step[right] }
            step[row] /= upper[row][row]
        }
        return step
    }
}

/// Sums over a patch's pixels of products of its values (grey levels) and gradients (grey levels a pixel).
struct PatchMoments {
    var count = 0.0
    var (v, x, y) = (0.0, 0.0, 0.0)
    var (vv, vx, vy) = (0.0, 0.0, 0.0)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)

    /// Grey levels of a unit of the kernels' values, and of the gradient of one of their differences.
    static let (value, slope) = (1.0 / 16, 1.0 / 32)

    init() {}

    init(_ m: hf_patch_moments, side: Int32) {
        let (a, b) = (Self.value, Self.slope)
        count = Double(side * side)
        (v, x, y) = (Double(m.v) * a, Double(m.x) * b, Double(m.y) * b)
        (vv, vx, vy) = (Double(m.vv) * a * a, Double(m.vx) * a * b, Double(m.vy) * a * b)
        (xx, xy, yy) = (Double(m.xx) * b * b, Double(m.xy) * b * b, Double(m.yy) * b * b)
    }
}

/// What is left of a picture under a patch without the patch, summed over its pixels with its gradients, its values,
/// and alone; and its mean square, grey levels.
struct PatchResiduals {
    var (x, y, value, one) = (0.0, 0.0, 0.0, 0.0)
    var meanSquare = 0.0

    init() {}

    init(_ s: hf_patch_sums, _ patch: PatchMoments, _ light: Brightness) {
        let (a, b) = (PatchMoments.value, PatchMoments.slope)
        let (c, cc, cv) = (Double(s.c) * a, Double(s.cc) * a * a, Double(s.cv) * a * a)
        let (gain, bias) = (light.gain, light.bias)
        x = Double(s.cx) * a * b - gain * patch.vx - bias * patch.x
        y = Double(s.cy) * a * b - gain * patch.vy - bias * patch.y
        value = cv - gain * patch.vv - bias * patch.v
        one = c - gain * patch.v - bias * patch.count
        // Σ (c - gain v - bias)², by what is already known of it.
        let square = cc - gain * cv - bias * c - gain * value - bias * one
        meanSquare = max(square, 0) / patch.count
    }
}
