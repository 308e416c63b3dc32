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

/// Natural logarithm.
public func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// Natural logarithm of 1 + `value`, exact for small values.
public func naturalLogarithm(onePlus value: Double) -> Double { log1p(value) }

/// e to the power `value`.
public func exponential(_ value: Double) -> Double { exp(value) }
