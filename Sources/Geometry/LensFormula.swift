/// What a formula must compute to be one of ``CameraModel/Formula``. An implementation is an enumeration without cases
/// in a file of its own; the operations on a frame's way are called directly (see CameraModel.swift), not through this
/// protocol.
///
/// "Bent" is a point of the normalized image plane after distortion: the pixel less the principal point, over the focal
/// lengths.
protocol LensFormula {
    /// What it is called in messages.
    static var title: String { get }
    /// Names of the coefficients in COLMAP's order; at most eight.
    static var coefficientNames: [String] { get }
    /// Whether rays at 90 degrees from the axis and more may have a pixel.
    static var seesBehind: Bool { get }

    /// Where the formula stops being one to one, in its own measure of the distance from the axis, and that distance
    /// distorted.
    static func limits(_ k: SIMD8<Double>) -> (undistorted: Double, distorted: Double)
    /// See ``Camera/project(_:)``.
    static func project(_ camera: Camera, _ point: Vector3) -> Vector2?
    /// See ``Camera/projectWithGradients(_:)``.
    static func projectWithGradients(_ camera: Camera, _ point: Vector3) -> Projection?
    /// See ``Camera/projectWithAllGradients(_:)``.
    static func projectWithAllGradients(_ camera: Camera, _ point: Vector3) -> FullProjection?
    /// The bent point with its derivatives by the coefficients, for a point that the camera sees.
    static func bend(_ camera: Camera, _ point: Vector3) -> Bend
    /// The unit vector whose bent point is `target` (finite); nil when there is none.
    static func bearing(_ lens: Lens, _ target: Vector2) -> Vector3?
}

/// A bent point with the derivatives of its x and y by the formula's coefficients.
struct Bend {
    var point: Vector2
    var x: SIMD8<Double>
    var y: SIMD8<Double>
}

/// How a camera's lens bends rays: a formula with its coefficients. A value of fixed size.
struct Lens: Equatable, Sendable {
    let formula: CameraModel.Formula
    /// In the order of the formula's names; zero beyond the model's.
    let k: SIMD8<Double>
    /// Whether all coefficients are zero.
    let isStraight: Bool
    let seesBehind: Bool
    /// Where the formula stops being one to one (``LensFormula/limits(_:)``).
    let limit: Double
    /// The distorted distance from the axis at `limit`.
    let distortedLimit: Double

    init(_ formula: CameraModel.Formula, coefficients: ArraySlice<Double>) {
        var k = SIMD8<Double>()
        for (i, value) in coefficients.enumerated() { k[i] = value }
        self.formula = formula
        self.k = k
        isStraight = k == .zero
        seesBehind = formula.implementation.seesBehind
        (limit, distortedLimit) = formula.implementation.limits(k)
    }
}

extension Camera {
    /// Derivatives of the pixel by the parameters, from those of the bent point by all coefficients.
    func gradients(_ bend: Bend) -> ParameterGradients {
        let count = model.coefficientCount
        let x = Self.first(count, of: bend.x * focalLength.x)
        let y = Self.first(count, of: bend.y * focalLength.y)
        let bent = bend.point
        guard model.hasSingleFocalLength else {
            return ParameterGradients(
                x: SIMD16(
                    lowHalf: SIMD8(lowHalf: SIMD4(bent.x, 0, 1, 0), highHalf: x.lowHalf),
                    highHalf: SIMD8(lowHalf: x.highHalf, highHalf: .zero)),
                y: SIMD16(
                    lowHalf: SIMD8(lowHalf: SIMD4(0, bent.y, 0, 1), highHalf: y.lowHalf),
                    highHalf: SIMD8(lowHalf: y.highHalf, highHalf: .zero)))
        }
        return ParameterGradients(
            x: SIMD16(
                lowHalf: SIMD8(bent.x, 1, 0, x[0], x[1], x[2], x[3], x[4]),
                highHalf: SIMD8(x[5], x[6], x[7], 0, 0, 0, 0, 0)),
            y: SIMD16(
                lowHalf: SIMD8(bent.y, 0, 1, y[0], y[1], y[2], y[3], y[4]),
                highHalf: SIMD8(y[5], y[6], y[7], 0, 0, 0, 0, 0)))
    }

    /// The first `count` components, then zeros. By branches that go the same way for a camera: masks and variable
    /// subscripts of SIMD8 take three times as long.
    @inline(__always)
    private static func first(_ count: Int, of v: SIMD8<Double>) -> SIMD8<Double> {
        func half(_ v: SIMD4<Double>, _ count: Int) -> SIMD4<Double> {
            if count >= 4 { return v }
            return count <= 0 ? .zero : SIMD4(v[0], count > 1 ? v[1] : 0, count > 2 ? v[2] : 0, 0)
        }
        return SIMD8(lowHalf: half(v.lowHalf, count), highHalf: half(v.highHalf, count - 4))
    }
}

extension LensFormula {
    /// Steps in which a slope is searched for its zero.
    static var steps: Int { 1024 }

    /// The first zero of a slope that is positive at `position(0)`, searched at `position(1)`, ... `position(steps)`;
    /// nil when it is positive at all of them.
    static func firstTurn(_ position: (Int) -> Double, slope: (Double) -> Double) -> Double? {
        for i in 1...steps where !(slope(position(i)) > 0) {
            var (inside, outside) = (position(i - 1), position(i))
            for _ in 0..<60 {
                let middle = (inside + outside) / 2
                if slope(middle) > 0 { inside = middle } else { outside = middle }
            }
            return inside
        }
        return nil
    }

    /// Solves `value(x) = target` for a function that grows on 0...`end`: Newton steps, bisection where they leave the
    /// bracket.
    static func solve(
        _ target: Double, upTo end: Double, start: Double, value: (Double) -> Double, slope: (Double) -> Double
    ) -> Double {
        var (low, high) = (0.0, end)
        var x = min(start, end)
        for _ in 0..<100 {
            let error = value(x) - target
            if error > 0 { high = x } else { low = x }
            var next = x - error / slope(x)
            if !(next >= low && next <= high) { next = (low + high) / 2 }
            if abs(next - x) <= 1e-15 * (1 + x) { return next }
            x = next
        }
        return x
    }
}
