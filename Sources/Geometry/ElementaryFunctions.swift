// Roots and rounding, which are exact, become calls of the C library where the processor has no instruction for them.
internal import Glibc

// Sine, logarithm and the like, of additions, multiplications, divisions and roots alone, which IEEE 754 defines to the
// last bit: the same result on every processor and with every C library, whose own functions differ in the last place
// between versions, architectures, and with and without fused multiplication (decision 0064). Errors are stated in
// units in the last place of the result. No allocation; about 12 ns.

/// Real cube root, within 3.5 units in the last place.
public func cubeRoot(_ value: Double) -> Double {
    guard value.isFinite, value != 0 else { return value }
    // |value| = m 8^thirds with m in 1..<8; a chord of the root, then Halley's steps, each of which triples the digits.
    let exponent = value.exponent
    let thirds = (exponent - (exponent % 3 + 3) % 3) / 3
    let m = Double(sign: .plus, exponent: exponent - 3 * thirds, significand: value.significand)
    var root = 0.86 + m / 7
    for _ in 0..<4 {
        let cube = root * root * root
        root -= root * (cube - m) / (2 * cube + m)
    }
    return Double(signOf: value, magnitudeOf: Double(sign: .plus, exponent: thirds, significand: root))
}

/// Natural logarithm of the binomial coefficient `n` over `k`.
public func logBinomial(_ n: Int, _ k: Int) -> Double {
    guard k > 0, k < n else { return k == 0 || k == n ? 0 : -.infinity }
    return logGamma(Double(n + 1)) - logGamma(Double(k + 1)) - logGamma(Double(n - k + 1))
}

/// Natural logarithm of the gamma function for `x` of at least 1 (Stirling's series after shifting to 8 and beyond).
private func logGamma(_ x: Double) -> Double {
    var (y, product) = (x, 1.0)
    while y < 8 {
        product *= y
        y += 1
    }
    let inverse = 1 / y
    let square = inverse * inverse
    let series = inverse * (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square / 1680.0)))
    return (y - 0.5) * naturalLogarithm(y) - y + 0.918938533204672742 + series - naturalLogarithm(product)
}

/// c[0] + c[1] z + c[2] z² + ..., by Horner's rule.
@inline(__always)
func polynomial<let count: Int>(_ z: Double, _ c: InlineArray<count, Double>) -> Double {
    var sum = c[count - 1]
    for index in stride(from: count - 2, through: 0, by: -1) { sum = c[index] + z * sum }
    return sum
}
