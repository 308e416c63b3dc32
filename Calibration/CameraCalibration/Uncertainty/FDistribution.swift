/// Fisher's F distribution: what a squared error over its estimated variance follows when the variance itself comes
/// from a few views.
package enum FDistribution {
    /// The value that is exceeded with a small probability, by Paulson's normal approximation (1942): within 3 % for
    /// ten degrees of freedom or more in the denominator, too large for fewer.
    /// - Parameters:
    ///   - z: the number of standard deviations that a normal variable exceeds with that probability.
    ///   - p: degrees of freedom of the squared error.
    ///   - nu: of the variance's estimate.
    package static func quantile(normal z: Double, numerator p: Double, denominator nu: Double) -> Double {
        let (a, b) = (2 / (9 * p), 2 / (9 * max(nu, 1)))
        // (1 - b) x - (1 - a) = z sqrt(b x² + a), with x the cube root.
        let leading = (1 - b) * (1 - b) - z * z * b
        guard leading > 0 else { return .infinity }
        let half = (1 - a) * (1 - b)
        let constant = (1 - a) * (1 - a) - z * z * a
        let root = (half + max(half * half - leading * constant, 0).squareRoot()) / leading
        return root * root * root
    }
}
