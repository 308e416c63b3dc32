/// Derivatives of a pixel by a camera's parameters, in the order of ``Camera/parameters``; components beyond their
/// number are zero.
public struct ParameterGradients: Equatable, Sendable {
    /// Derivatives of the pixel's x.
    public var x = SIMD16<Double>.zero
    /// Derivatives of the pixel's y.
    public var y = SIMD16<Double>.zero
}

extension Camera {
    /// Derivatives of ``project(_:)`` by the camera's parameters: pixels per unit of each parameter.
    ///
    /// For a point that ``project(_:)`` sees; of any other the result means nothing. Defined also where the
    /// coefficients are zero, so that a calibration can start from a camera without distortion. No allocation.
    public func parameterGradients(_ point: Vector3) -> ParameterGradients {
        // Of the distorted point by the coefficients, then that point itself.
        let bends: Bends
        let bent: Vector2
        if distortion.kind == .fisheye {
            (bends, bent) = distortion.fisheyeBends(point)
        } else {
            let n = Vector2(point.x, point.y) / point.z
            (bends, bent) = (distortion.perspectiveBends(n), distortion.distort(n))
        }
        let (x, y) = (bends.x * focalLength.x, bends.y * focalLength.y)
        var result = ParameterGradients()
        if model.hasSingleFocalLength {
            result.x = SIMD16(
                lowHalf: SIMD8(bent.x, 1, 0, x[0], x[1], 0, 0, 0), highHalf: .zero)
            result.y = SIMD16(
                lowHalf: SIMD8(bent.y, 0, 1, y[0], y[1], 0, 0, 0), highHalf: .zero)
            if model == .simpleRadial || model == .simplePinhole { (result.x[4], result.y[4]) = (0, 0) }
            if model == .simplePinhole { (result.x[3], result.y[3]) = (0, 0) }
            return result
        }
        let count = model.parameterCount
        guard count > 4 else {
            result.x.lowHalf.lowHalf = SIMD4(bent.x, 0, 1, 0)
            result.y.lowHalf.lowHalf = SIMD4(0, bent.y, 0, 1)
            return result
        }
        result.x.lowHalf = SIMD8(lowHalf: SIMD4(bent.x, 0, 1, 0), highHalf: x.lowHalf)
        result.y.lowHalf = SIMD8(lowHalf: SIMD4(0, bent.y, 0, 1), highHalf: y.lowHalf)
        guard count > 8 else { return result }
        result.x.highHalf.lowHalf = x.highHalf
        result.y.highHalf.lowHalf = y.highHalf
        return result
    }
}

/// Derivatives of a distorted point's x and y by the eight coefficients.
private typealias Bends = (x: SIMD8<Double>, y: SIMD8<Double>)

extension Distortion {
    /// By k1, k2, p1, p2, k3, k4, k5, k6.
    fileprivate func perspectiveBends(_ n: Vector2) -> Bends {
        let s = n.lengthSquared
        let denominator = 1 + s * (k[5] + s * (k[6] + s * k[7]))
        let factor = Self.radialFactor(s, k)
        let up = s / denominator
        let down = -factor * up
        let radial = SIMD8(up, up * s, 0, 0, up * s * s, down, down * s, down * s * s)
        var (x, y) = (radial * n.x, radial * n.y)
        let mixed = 2 * n.x * n.y
        (x[2], x[3]) = (mixed, s + 2 * n.x * n.x)
        (y[2], y[3]) = (s + 2 * n.y * n.y, mixed)
        return (x, y)
    }

    /// By the fisheye's k1...k4; and the distorted point.
    fileprivate func fisheyeBends(_ p: Vector3) -> (Bends, Vector2) {
        let r = Vector2(p.x, p.y).length
        guard r > 1e-12 * p.z else { return ((.zero, .zero), Vector2(p.x, p.y) / p.z) }
        let theta = arcTangent(r, p.z)
        let outward = Vector2(p.x, p.y) / r
        let s = theta * theta
        let third = theta * s
        let powers = SIMD8(third, third * s, third * s * s, third * s * s * s, 0, 0, 0, 0)
        return ((powers * outward.x, powers * outward.y), outward * Self.fisheyeRadius(theta, k))
    }
}
