/// e to the power `value`, within 1.5 units in the last place; 0 and infinity beyond what a double holds.
public func exponential(_ value: Double) -> Double {
    guard value < 710 else { return value.isNaN ? .nan : .infinity }
    guard value > -746 else { return 0 }
    // value = k ln 2 + high - low, and Taylor's series to the 14th power for what is left, at most ln 2 / 2.
    let k = (value * 0x1.71547652b82fep+0).rounded()
    let high = value - k * 0x1.62e42feep-1
    let low = k * 0x1.a39ef35793c76p-33
    let x = high - low
    // 1/2!, 1/3!, ...
    let tail = polynomial(
        x,
        [
            0.5, 0.16666666666666666, 0.041666666666666664, 0.008333333333333333, 0.001388888888888889,
            0.0001984126984126984, 2.48015873015873e-05, 2.7557319223985893e-06, 2.755731922398589e-07,
            2.505210838544172e-08, 2.08767569878681e-09, 1.6059043836821613e-10, 1.1470745597729725e-11,
        ])
    let scaled = 1 + (x + (((high - x) - low) + x * x * tail))
    return Double(sign: .plus, exponent: Int(k), significand: scaled)
}

/// Logarithm to the base e, within 1.5 units in the last place; negative infinity at 0, NaN below.
public func naturalLogarithm(_ value: Double) -> Double { logarithm(value, correction: 0) }

/// Natural logarithm of 1 + `value`, within 1.5 units in the last place for small values, too.
public func naturalLogarithm(onePlus value: Double) -> Double {
    let sum = 1 + value
    guard sum > 0, sum.isFinite else { return logarithm(sum, correction: 0) }
    // What the sum has lost of its smaller part, to first order.
    let lost = value < 1 ? value - (sum - 1) : 1 - (sum - value)
    return logarithm(sum, correction: lost / sum)
}

/// ln(value) + correction, for a correction below a unit in the last place of the value.
///
/// value = 2^k (1 + f) with 1 + f within sqrt(1/2)...sqrt(2); ln(1 + f) = 2 artanh(s) with s = f / (2 + f), in the form
/// f - (f²/2 - s (f²/2 + 2/3 s² + 2/5 s⁴ + ...)), whose first term is exact (P. T. P. Tang, ACM TOMS 16, 1990, and
/// fdlibm).
private func logarithm(_ value: Double, correction: Double) -> Double {
    guard value > 0 else { return value == 0 ? -.infinity : .nan }
    guard value.isFinite else { return value }
    var (k, m) = (Double(value.exponent), value.significand)
    if m > 1.4142135623730951 { (k, m) = (k + 1, m / 2) }
    let f = m - 1
    let s = f / (2 + f)
    let z = s * s
    // 2/3, 2/5, ...
    let odd = polynomial(
        z,
        [
            0.6666666666666666, 0.4, 0.2857142857142857, 0.2222222222222222, 0.18181818181818182, 0.15384615384615385,
            0.13333333333333333, 0.11764705882352941, 0.10526315789473684, 0.09523809523809523,
        ])
    let half = 0.5 * f * f
    return k * 0x1.62e42feep-1 - ((half - (s * (half + z * odd) + (k * 0x1.a39ef35793c76p-33 + correction))) - f)
}
