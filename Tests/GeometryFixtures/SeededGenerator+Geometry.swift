public import Geometry
public import TestSupport

extension SeededGenerator {
    /// Even deviate in low..<high.
    public mutating func uniform(_ low: Double, _ high: Double) -> Double {
        Double.random(in: low..<high, using: &self)
    }

    /// Normal deviate of mean 0 and standard deviation 1 (Box and Muller).
    public mutating func normal() -> Double {
        let radius = (-2 * naturalLogarithm(uniform(1e-300, 1))).squareRoot()
        return radius * sineAndCosine(uniform(0, 2 * .pi)).cosine
    }

    /// A unit vector, all directions alike.
    public mutating func direction() -> Vector3 {
        Vector3(normal(), normal(), normal()).normalized
    }

    /// A point of the cube of twice `range` about the origin.
    public mutating func vector(_ range: Double) -> Vector3 {
        Vector3(uniform(-range, range), uniform(-range, range), uniform(-range, range))
    }

    /// About a random axis, the angle even in 0...pi.
    public mutating func rotation() -> Rotation { Rotation(exp: direction() * uniform(0, .pi)) }

    /// A random rotation, and a translation of the cube of twice `range`.
    public mutating func transform(_ range: Double = 10) -> RigidTransform {
        RigidTransform(rotation: rotation(), translation: vector(range))
    }
}

/// Largest absolute difference of two matrices' elements.
public func difference(_ a: Matrix3, _ b: Matrix3) -> Double {
    var largest = 0.0
    for r in 0..<3 { for c in 0..<3 { largest = max(largest, abs(a[r, c] - b[r, c])) } }
    return largest
}

/// Largest absolute difference of two transforms, as matrices.
public func difference(_ a: RigidTransform, _ b: RigidTransform) -> Double {
    max(difference(a.rotation.matrix, b.rotation.matrix), (a.translation - b.translation).length)
}
