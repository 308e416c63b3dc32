/// Angle of the point (`x`, `y`), radians in -pi...pi, within 2 units in the last place; signs of zeros and infinities
/// as C's atan2 has them.
public func arcTangent(_ y: Double, _ x: Double) -> Double {
    guard !x.isNaN, !y.isNaN else { return .nan }
    let (high, low) = (abs(y), abs(x))
    if high == 0 && low == 0 || high.isInfinite && low.isInfinite {
        let angle = high == 0 ? 0 : 0.25 * Double.pi
        return Double(signOf: y, magnitudeOf: x.sign == .minus ? Double.pi - angle : angle)
    }
    // Of the smaller over the larger, in 0...1; then as the quadrant has it, with what pi lacks of its double.
    let first = arcTangentOfRatio(min(high, low) / max(high, low))
    let upright = high > low ? (0x1.921fb54442d18p+0 - first) + 0x1.1a62633145c07p-54 : first
    return Double(
        signOf: y, magnitudeOf: x.sign == .minus ? (0x1.921fb54442d18p+1 - upright) + 0x1.1a62633145c07p-53 : upright)
}

/// arctan(k / 8), as the sum of two doubles.
private func arcTangentOfEighths(_ k: Int) -> (high: Double, low: Double) {
    switch k {
    case 0: (0, 0)
    case 1: (0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59)
    case 2: (0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57)
    case 3: (0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56)
    case 4: (0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56)
    case 5: (0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58)
    case 6: (0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56)
    case 7: (0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56)
    default: (0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55)
    }
}

/// arctan(t) for `t` in 0...1: arctan(t) = arctan(c) + arctan((t - c) / (1 + c t)) with the nearest eighth `c`, and
/// Taylor's series of the rest, at most 1 / 16, to the 15th power.
private func arcTangentOfRatio(_ t: Double) -> Double {
    let k = (8 * t).rounded()
    let c = k / 8
    let u = (t - c) / (1 + c * t)
    let z = u * u
    // -1/3, 1/5, ...
    let tail = polynomial(
        z,
        [
            -0.3333333333333333, 0.2, -0.14285714285714285, 0.1111111111111111, -0.09090909090909091,
            0.07692307692307693, -0.06666666666666667,
        ])
    let (high, low) = arcTangentOfEighths(Int(k))
    return high + (u + (u * z * tail + low))
}
