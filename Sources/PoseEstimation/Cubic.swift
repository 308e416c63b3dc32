internal import Geometry

/// A real root of `a s³ + b s² + c s + d`, the one furthest from its neighbours when there are three: the best
/// conditioned. Nil when the coefficients vanish or are not finite.
///
/// Start by the trigonometric or Cardano form of the depressed cubic, then Newton steps on the polynomial itself.
func isolatedRealRoot(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double? {
    let (p, q, r) = (b / a, c / a, d / a)
    guard p.isFinite, q.isFinite, r.isFinite else { return nil }
    let shift = p / 3
    // t³ + 3 g t + 2 h with s = t - shift.
    let g = q / 3 - shift * shift
    let h = shift * shift * shift - shift * q / 2 + r / 2
    let discriminant = h * h + g * g * g
    var t: Double
    if discriminant >= 0 {
        let u = cubeRoot(abs(h) + discriminant.squareRoot())
        t = u == 0 ? 0 : (h < 0 ? u - g / u : g / u - u)
    } else {
        // Three roots 2 m cos(angle + 2 pi k / 3); the outer one on the side of -h stands alone.
        let m = (-g).squareRoot()
        let angle = arcTangent((-discriminant).squareRoot(), abs(h)) / 3
        t = (h < 0 ? 2 : -2) * m * sineAndCosine(angle).cosine
    }
    t -= shift
    for _ in 0..<3 {
        let value = ((t + p) * t + q) * t + r
        let slope = (3 * t + 2 * p) * t + q
        let step = value / slope
        guard step.isFinite else { break }
        t -= step
        if abs(step) < 1e-15 * abs(t) { break }
    }
    return t.isFinite ? t : nil
}
