/// A robust loss on a squared residual norm, as iteratively reweighted least squares sees it.
///
/// `cost` is rho(s) with s the squared norm of one residual (of a pixel residual: both components together), scaled so
/// that rho(s) = s for small s; `weight` is rho'(s). Scales are in the unit of the residual.
public enum RobustLoss: Equatable, Sendable {
    /// Plain least squares, `rho(s) = s`: every outlier counts in full.
    case squared
    /// Quadratic up to `scale`, then linear (Huber 1964).
    case huber(scale: Double)
    /// `scale² log(1 + s / scale²)` (Cauchy, Lorentzian).
    case cauchy(scale: Double)
    /// `scale² / 3 (1 - (1 - s / scale²)³)` up to `scale`, then constant: what is further off has no weight (Tukey's
    /// biweight).
    case tukey(scale: Double)

    /// What a residual costs: rho of its squared norm, in the residual's unit squared.
    public func cost(_ squaredNorm: Double) -> Double {
        switch self {
        case .squared: return squaredNorm
        case .huber(let scale):
            return squaredNorm <= scale * scale ? squaredNorm : 2 * scale * squaredNorm.squareRoot() - scale * scale
        case .cauchy(let scale): return scale * scale * naturalLogarithm(onePlus: squaredNorm / (scale * scale))
        case .tukey(let scale):
            let left = max(0, 1 - squaredNorm / (scale * scale))
            return scale * scale / 3 * (1 - left * left * left)
        }
    }

    /// What a residual weighs in the normal equations, 0...1: rho' of its squared norm.
    public func weight(_ squaredNorm: Double) -> Double {
        switch self {
        case .squared: return 1
        case .huber(let scale): return squaredNorm <= scale * scale ? 1 : scale / squaredNorm.squareRoot()
        case .cauchy(let scale): return 1 / (1 + squaredNorm / (scale * scale))
        case .tukey(let scale):
            let left = max(0, 1 - squaredNorm / (scale * scale))
            return left * left
        }
    }
}
