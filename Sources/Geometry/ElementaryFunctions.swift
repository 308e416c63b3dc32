#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// The C mathematics functions the project's geometry uses, imported in this one file.

/// Angle of the point (`x`, `y`), radians in -pi...pi.
public func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }

/// Sine and cosine of an angle in radians.
public func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) { (sin(angle), cos(angle)) }

/// Tangent of an angle in radians.
public func tangent(_ angle: Double) -> Double { tan(angle) }

/// Logarithm to the base e; negative infinity at 0, NaN below.
public func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// Natural logarithm of 1 + `value`, exact for small values.
public func naturalLogarithm(onePlus value: Double) -> Double { log1p(value) }

/// e to the power `value`.
public func exponential(_ value: Double) -> Double { exp(value) }

/// Real cube root.
public func cubeRoot(_ value: Double) -> Double { cbrt(value) }

/// Natural logarithm of the binomial coefficient `n` over `k`.
public func logBinomial(_ n: Int, _ k: Int) -> Double {
    guard k > 0, k < n else { return k == 0 || k == n ? 0 : -.infinity }
    return logGamma(Double(n + 1)) - logGamma(Double(k + 1)) - logGamma(Double(n - k + 1))
}

/// Natural logarithm of the gamma function for `x` of at least 1 (Stirling's series after shifting to 8 and beyond);
/// the C function writes a global sign.
private func logGamma(_ x: Double) -> Double {
    var (y, product) = (x, 1.0)
    while y < 8 {
        product *= y
        y += 1
    }
    let inverse = 1 / y
    let square = inverse * inverse
    let series = inverse * (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square / 1680.0)))
    return (y - 0.5) * log(y) - y + 0.918938533204672742 + series - log(product)
}
