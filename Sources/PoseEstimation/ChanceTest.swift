internal import Geometry

/// Whether the support of a pose could be chance.
enum ChanceTest {
    /// Natural logarithm of the expected number of poses from triples of n wrong correspondences, each within
    /// `radius` pixels of its reprojection with probability `pi radius² / area`, that have `support` inliers:
    /// `4 C(n, 3) C(n - 3, k - 3) p^(k - 3)`. `area` is that over which a wrong match may fall, pixels squared.
    static func logFalseAlarms(count n: Int, support k: Int, radius: Double, area: Double) -> Double {
        guard k > 3, k <= n else { return .infinity }
        let p = min(.pi * radius * radius / area, 1)
        return naturalLogarithm(4) + logBinomial(n, 3) + logBinomial(n - 3, k - 3)
            + Double(k - 3) * naturalLogarithm(p)
    }
}
