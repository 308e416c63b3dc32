/// A rigid transform `bFromA`: `pointInB = rotation * pointInA + translation` (metres).
///
/// Transforms chain visibly: `cFromA = cFromB * bFromA`. See ``Twist`` for the tangent convention.
public struct RigidTransform: Equatable, Sendable {
    /// Turns the axes of frame a into those of frame b.
    public var rotation: Rotation
    /// Origin of frame a, in frame b, metres.
    public var translation: Vector3

    /// `bFromA` from its rotation and the origin of a in b, metres.
    @inlinable public init(rotation: Rotation, translation: Vector3) {
        self.rotation = rotation
        self.translation = translation
    }

    /// Both frames are the same one.
    public static let identity = RigidTransform(rotation: .identity, translation: .zero)

    /// The way back: `aFromB` of a `bFromA`.
    public var inverse: RigidTransform {
        let r = rotation.inverse
        return RigidTransform(rotation: r, translation: -(r * translation))
    }

    /// Chained transform: `cFromB * bFromA = cFromA`.
    public static func * (a: RigidTransform, b: RigidTransform) -> RigidTransform {
        RigidTransform(rotation: a.rotation * b.rotation, translation: a.rotation * b.translation + a.translation)
    }

    /// The point of frame a, expressed in frame b.
    @inlinable public static func * (a: RigidTransform, point: Vector3) -> Vector3 {
        a.rotation * point + a.translation
    }

    /// Origin of frame b in frame a: for `cameraFromMap`, the camera's position in the map.
    public var originInSource: Vector3 { -(rotation.inverse * translation) }

    /// The transform at `fraction` (0: `self`, 1: `other`) of the constant-velocity motion between the two; outside
    /// 0...1 it extrapolates.
    public func interpolated(to other: RigidTransform, fraction: Double) -> RigidTransform {
        RigidTransform(exp: (other * inverse).log * fraction) * self
    }
}

extension RigidTransform {
    /// The exponential map of SE(3) (Sola, Deray, Atchuthan 2018, section on SE(3)).
    public init(exp twist: Twist) {
        let w = twist.rotation
        let squared = w.lengthSquared
        let a: Double
        let b: Double
        if squared < 1e-2 {
            // (1 - cos t)/t² and (t - sin t)/t³, to t⁸.
            a = 0.5 - squared * (1 / 24.0 - squared * (1 / 720.0 - squared * (1 / 40320.0 - squared / 3_628_800)))
            b =
                1 / 6.0 - squared
                * (1 / 120.0 - squared * (1 / 5040.0 - squared * (1 / 362880.0 - squared / 39_916_800)))
        } else {
            let t = squared.squareRoot()
            let (s, _) = sineAndCosine(t)
            let half = sineAndCosine(t / 2).sine
            a = 2 * half * half / squared
            b = (t - s) / (t * squared)
        }
        let wv = w.cross(twist.translation)
        self.init(rotation: Rotation(exp: w), translation: twist.translation + wv * a + w.cross(wv) * b)
    }

    /// The logarithm of SE(3): rotation vector of length 0...pi, translation so that `exp(log) == self`.
    public var log: Twist {
        let w = rotation.log
        let c = Rotation.logarithmCoefficient(w.lengthSquared)
        let wt = w.cross(translation)
        return Twist(translation: translation - wt * 0.5 + w.cross(wt) * c, rotation: w)
    }
}
