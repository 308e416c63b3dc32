internal import Glibc

/// Where 95 % of the positions lie that a covariance allows, seen from above.
package struct Ellipse: Sendable, Equatable {
    /// Semi-axes, metres, the longer first.
    package var axes: SIMD2<Double>
    /// Of the longer one, from the map's x axis towards its y axis, radians.
    package var angle: Double

    /// 95 % of chi square with two degrees of freedom.
    static let quantile = 5.991_464_547_107_98

    /// Of a pose's 6x6 covariance, row by row; nil if it is none.
    init?(covariance: [Double]) {
        guard covariance.count == 36 else { return nil }
        let (xx, xy, yy) = (covariance[0], covariance[1], covariance[7])
        guard xx.isFinite, xy.isFinite, yy.isFinite, xx >= 0, yy >= 0 else { return nil }
        let (mean, half) = ((xx + yy) / 2, (xx - yy) / 2)
        let root = (half * half + xy * xy).squareRoot()
        axes = SIMD2((Self.quantile * (mean + root)).squareRoot(), (Self.quantile * max(0, mean - root)).squareRoot())
        angle = 0.5 * Angle.from(x: half, y: xy)
    }

    var json: JSON { .list([.rounded(axes.x, 4), .rounded(axes.y, 4), .rounded(angle, 4)]) }
}

/// Angles in the plane of the map.
enum Angle {
    /// Radians from the x axis.
    static func from(x: Double, y: Double) -> Double { atan2(y, x) }
}
