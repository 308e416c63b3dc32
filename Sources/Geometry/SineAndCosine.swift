/// Sine and cosine of an angle in radians.
///
/// Both within 1.5 units in the last place up to 10^6 radians; beyond, the angle is first taken modulo the double
/// nearest to 2 pi, which costs `angle` * 2^-54. NaN for what is not finite.
public func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
    let angle = abs(angle) < 1e6 ? angle : angle.remainder(dividingBy: 2 * .pi)
    guard angle.isFinite else { return (.nan, .nan) }
    // The nearest multiple of pi / 2, which is subtracted in parts of 33 bits: exact products (Cody and Waite, Software
    // Manual for the Elementary Functions, 1980).
    let quarters = (angle * 0x1.45f306dc9c883p-1).rounded()
    let near = angle - quarters * 0x1.921fb544p+0 - quarters * 0x1.0b4611a6p-34
    let low = quarters * 0x1.3198a2e037073p-69
    let x = near - low
    let rest = (near - x) - low
    let (sine, cosine) = (sineNearZero(x, rest), cosineNearZero(x, rest))
    switch Int(quarters) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
}

/// Tangent of an angle in radians: sine over cosine, within 3 units in the last place.
public func tangent(_ angle: Double) -> Double {
    let (sine, cosine) = sineAndCosine(angle)
    return sine / cosine
}

/// sin(x + rest) for |x| up to pi / 4, by Taylor's series to x^17: what is left out is below 1e-19 of the result.
private func sineNearZero(_ x: Double, _ rest: Double) -> Double {
    let z = x * x
    // 1/5!, -1/7!, ...
    let tail = polynomial(
        z,
        [
            0.008333333333333333, -0.0001984126984126984, 2.7557319223985893e-06, -2.505210838544172e-08,
            1.6059043836821613e-10, -7.647163731819816e-13, 2.8114572543455206e-15,
        ])
    return x + (rest + x * z * (-1 / 6.0 + z * tail) - 0.5 * z * rest)
}

/// cos(x + rest), likewise, to x^18.
private func cosineNearZero(_ x: Double, _ rest: Double) -> Double {
    let z = x * x
    // 1/4!, -1/6!, ...
    let tail = polynomial(
        z,
        [
            0.041666666666666664, -0.001388888888888889, 2.48015873015873e-05, -2.755731922398589e-07,
            2.08767569878681e-09, -1.1470745597729725e-11, 4.779477332387385e-14, -1.5619206968586225e-16,
        ])
    let half = 0.5 * z
    let rounded = 1 - half
    return rounded + (((1 - rounded) - half) + (z * z * tail - x * rest))
}
