import Geometry

/// SplitMix64 (Steele, Lea, Flood 2014): the tests' only source of chance.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func uniform(_ low: Double, _ high: Double) -> Double { Double.random(in: low..<high, using: &self) }

    /// Normal deviate of mean 0 and standard deviation 1 (Box and Muller).
    mutating func normal() -> Double {
        let radius = (-2 * naturalLogarithm(uniform(1e-300, 1))).squareRoot()
        return radius * sineAndCosine(uniform(0, 2 * .pi)).cosine
    }

    mutating func direction() -> Vector3 {
        Vector3(normal(), normal(), normal()).normalized
    }

    mutating func vector(_ range: Double) -> Vector3 {
        Vector3(uniform(-range, range), uniform(-range, range), uniform(-range, range))
    }

    mutating func rotation() -> Rotation { Rotation(exp: direction() * uniform(0, .pi)) }

    mutating func transform(_ range: Double = 10) -> RigidTransform {
        RigidTransform(rotation: rotation(), translation: vector(range))
    }
}

/// Largest absolute difference of two matrices' elements.
func difference(_ a: Matrix3, _ b: Matrix3) -> Double {
    var largest = 0.0
    for r in 0..<3 { for c in 0..<3 { largest = max(largest, abs(a[r, c] - b[r, c])) } }
    return largest
}

/// Largest absolute difference of two transforms, as matrices.
func difference(_ a: RigidTransform, _ b: RigidTransform) -> Double {
    max(difference(a.rotation.matrix, b.rotation.matrix), (a.translation - b.translation).length)
}
