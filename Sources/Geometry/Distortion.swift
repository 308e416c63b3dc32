/// What a lens does between the ray and the normalized image plane. A value of fixed size.
struct Distortion: Equatable, Sendable {
    /// Which formula.
    enum Kind: Equatable, Sendable {
        case none
        case perspective
        case fisheye
    }

    let kind: Kind
    /// k1, k2, p1, p2, k3, k4, k5, k6 (OpenCV's order); the fisheye's k1...k4 in the first four.
    let k: SIMD8<Double>
    /// Where the formula stops being one to one: the radius on the normalized plane (perspective, tangential terms left
    /// out) or the angle from the axis in radians (fisheye) at which the distorted radius stops growing.
    let limit: Double
    /// The distorted radius at `limit`.
    let distortedLimit: Double

    /// Rays further than this from the axis are outside of every perspective model (89.4 degrees).
    private static let largestRadius = 100.0

    init(model: CameraModel, coefficients: ArraySlice<Double>) {
        var k = SIMD8<Double>()
        for (i, value) in coefficients.enumerated() { k[i] = value }
        self.k = k
        switch model {
        case .openCVFisheye:
            kind = .fisheye
            limit = Self.firstTurn(upTo: .pi) { Self.fisheyeSlope($0, k) }
            distortedLimit = Self.fisheyeRadius(limit, k)
        default:
            kind = k == .zero ? .none : .perspective
            limit = kind == .none ? Self.largestRadius : Self.firstTurn(k)
            distortedLimit = limit * Self.radialFactor(limit * limit, k)
        }
    }

    /// The model's coefficients in COLMAP's order.
    func coefficients(of model: CameraModel) -> [Double] {
        let focalAndCentre = model.hasSingleFocalLength ? 3 : 4
        return (0..<(model.parameterCount - focalAndCentre)).map { k[$0] }
    }

    /// Radii on the normalized plane, of even steps of the ray's angle, so that they are dense where images are. A
    /// calibration makes thousands of cameras.
    private static let radii: [Double] = (0...steps).map {
        tangent(arcTangent(largestRadius, 1) * Double($0) / Double(steps))
    }
    private static let steps = 1024

    /// The radius at which the distorted one stops growing, or the largest there is.
    private static func firstTurn(_ k: SIMD8<Double>) -> Double {
        let radii = radii
        for i in 1...steps where !(radialSlope(radii[i], k) > 0) {
            return zero(between: radii[i - 1], and: radii[i]) { radialSlope($0, k) }
        }
        return largestRadius
    }

    /// The first zero in 0...`end` of a slope that is positive at 0, or `end`.
    private static func firstTurn(upTo end: Double, slope: (Double) -> Double) -> Double {
        for i in 1...steps where !(slope(end * Double(i) / Double(steps)) > 0) {
            return zero(between: end * Double(i - 1) / Double(steps), and: end * Double(i) / Double(steps), slope)
        }
        return end
    }

    private static func zero(between low: Double, and high: Double, _ slope: (Double) -> Double) -> Double {
        var (inside, outside) = (low, high)
        for _ in 0..<60 {
            let middle = (inside + outside) / 2
            if slope(middle) > 0 { inside = middle } else { outside = middle }
        }
        return inside
    }

    // MARK: Radial functions

    /// `(1 + k1 s + k2 s² + k3 s³) / (1 + k4 s + k5 s² + k6 s³)`, s = r².
    static func radialFactor(_ s: Double, _ k: SIMD8<Double>) -> Double {
        (1 + s * (k[0] + s * (k[1] + s * k[4]))) / (1 + s * (k[5] + s * (k[6] + s * k[7])))
    }

    /// Derivative of ``radialFactor(_:_:)`` by s.
    static func radialFactorSlope(_ s: Double, _ k: SIMD8<Double>) -> Double {
        let denominator = 1 + s * (k[5] + s * (k[6] + s * k[7]))
        let upper = k[0] + s * (2 * k[1] + s * 3 * k[4])
        let lower = k[5] + s * (2 * k[6] + s * 3 * k[7])
        return (upper - radialFactor(s, k) * lower) / denominator
    }

    /// Derivative of the distorted radius by the radius; not positive beyond a pole of the formula.
    static func radialSlope(_ r: Double, _ k: SIMD8<Double>) -> Double {
        let s = r * r
        guard 1 + s * (k[5] + s * (k[6] + s * k[7])) > 0 else { return -1 }
        return radialFactor(s, k) + 2 * s * radialFactorSlope(s, k)
    }

    /// Distorted radius of the ray at angle `theta` from the axis.
    static func fisheyeRadius(_ theta: Double, _ k: SIMD8<Double>) -> Double {
        let s = theta * theta
        return theta * (1 + s * (k[0] + s * (k[1] + s * (k[2] + s * k[3]))))
    }

    /// Derivative of ``fisheyeRadius(_:_:)`` by theta.
    static func fisheyeSlope(_ theta: Double, _ k: SIMD8<Double>) -> Double {
        let s = theta * theta
        return 1 + s * (3 * k[0] + s * (5 * k[1] + s * (7 * k[2] + s * 9 * k[3])))
    }
}
