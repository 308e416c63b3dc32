/// Derivatives of a pixel by a camera's parameters, in the order of ``Camera/parameters``; components beyond their number are zero.
public struct ParameterGradients: Equatable, Sendable {
    /// Derivatives of the pixel's x.
    public var x = SIMD16<Double>.zero
    /// Derivatives of the pixel's y.
    public var y = SIMD16<Double>.zero
}

extension Camera {
    /// Derivatives of ``project(_:)`` by the camera's parameters: pixels per unit of each parameter.
    ///
    /// For a point that ``project(_:)`` sees; of any other the result means nothing. Defined also where the coefficients are zero, so that a
    /// calibration can start from a camera without distortion. No allocation.
    public func parameterGradients(_ point: Vector3) -> ParameterGradients {
        var result = ParameterGradients()
        let coefficients = model.hasSingleFocalLength ? 3 : 4
        let bent: Vector2
        if distortion.kind == .fisheye {
            bent = fisheyeCoefficientGradients(point, from: coefficients, &result)
        } else {
            let n = Vector2(point.x, point.y) / point.z
            bent = distortion.distort(n)
            perspectiveCoefficientGradients(n, from: coefficients, &result)
        }
        result.x[0] = bent.x
        result.y[coefficients - 3] = bent.y
        result.x[coefficients - 2] = 1
        result.y[coefficients - 1] = 1
        return result
    }

    private func perspectiveCoefficientGradients(_ n: Vector2, from first: Int, _ result: inout ParameterGradients) {
        let count = model.parameterCount - first
        let s = n.lengthSquared
        let k = distortion.k
        let denominator = 1 + s * (k[5] + s * (k[6] + s * k[7]))
        let factor = Distortion.radialFactor(s, k)
        let along = n * focalLength
        // k1, k2, p1, p2, k3, k4, k5, k6.
        for i in 0..<count {
            let g: Vector2
            switch i {
            case 0: g = along * (s / denominator)
            case 1: g = along * (s * s / denominator)
            case 2: g = Vector2(2 * n.x * n.y, s + 2 * n.y * n.y) * focalLength
            case 3: g = Vector2(s + 2 * n.x * n.x, 2 * n.x * n.y) * focalLength
            case 4: g = along * (s * s * s / denominator)
            case 5: g = along * (-factor * s / denominator)
            case 6: g = along * (-factor * s * s / denominator)
            default: g = along * (-factor * s * s * s / denominator)
            }
            (result.x[first + i], result.y[first + i]) = (g.x, g.y)
        }
    }

    /// Fills in the coefficients' derivatives; the point on the normalized image plane.
    private func fisheyeCoefficientGradients(
        _ p: Vector3, from first: Int, _ result: inout ParameterGradients
    ) -> Vector2 {
        let r = Vector2(p.x, p.y).length
        guard r > 1e-12 * p.z else { return Vector2(p.x, p.y) / p.z }
        let theta = arcTangent(r, p.z)
        let outward = Vector2(p.x, p.y) / r
        var power = theta
        for i in 0..<4 {
            power *= theta * theta
            let g = outward * focalLength * power
            (result.x[first + i], result.y[first + i]) = (g.x, g.y)
        }
        return outward * Distortion.fisheyeRadius(theta, distortion.k)
    }
}
