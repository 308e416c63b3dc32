/// A rotation `bFromA` as a unit quaternion (Hamilton, w first).
///
/// `Rotation * Vector3` turns a vector from frame a into frame b; `cFromB * bFromA` is `cFromA`.
public struct Rotation: Equatable, Sendable {
    /// Real part: the cosine of half the angle.
    public let w: Double
    /// Imaginary part (x, y, z): the axis times the sine of half the angle.
    public let imaginary: Vector3

    /// No turn: both frames have the same axes.
    public static let identity = Rotation(w: 1, x: 0, y: 0, z: 0)

    /// From quaternion components of any non-zero length; they are normalized. Zero or non-finite components are a
    /// caller's bug: check data from outside with ``init(checkingW:x:y:z:)``.
    public init(w: Double, x: Double, y: Double, z: Double) {
        let n = (w * w + x * x + y * y + z * z).squareRoot()
        precondition(n > 0 && n.isFinite, "Rotation: the quaternion must be finite and not zero")
        self.w = w / n
        self.imaginary = Vector3(x, y, z) / n
    }

    /// From outside data: nil when the length differs from 1 by more than 1 % or is not finite.
    public init?(checkingW w: Double, x: Double, y: Double, z: Double) {
        let n = (w * w + x * x + y * y + z * z).squareRoot()
        guard abs(n - 1) < 0.01 else { return nil }
        self.init(w: w, x: x, y: y, z: z)
    }

    /// The components as they are, to the last bit: of a rotation that was written down whole. nil if they are none's.
    package init?(exactlyW w: Double, x: Double, y: Double, z: Double) {
        guard abs(w * w + x * x + y * y + z * z - 1) < 1e-6 else { return nil }
        self.init(unitW: w, imaginary: Vector3(x, y, z))
    }

    @inlinable init(unitW w: Double, imaginary: Vector3) {
        self.w = w
        self.imaginary = imaginary
    }

    /// From a rotation matrix, by the largest of the four components (Shepperd 1978). The matrix must be orthonormal
    /// to about 1e-6; the quaternion is normalized.
    public init(matrix m: Matrix3) {
        let t = m.trace
        if t > 0 {
            self.init(w: t + 1, x: m[2, 1] - m[1, 2], y: m[0, 2] - m[2, 0], z: m[1, 0] - m[0, 1])
        } else if m[0, 0] >= m[1, 1] && m[0, 0] >= m[2, 2] {
            let x = 1 + 2 * m[0, 0] - t
            self.init(w: m[2, 1] - m[1, 2], x: x, y: m[0, 1] + m[1, 0], z: m[0, 2] + m[2, 0])
        } else if m[1, 1] >= m[2, 2] {
            let y = 1 + 2 * m[1, 1] - t
            self.init(w: m[0, 2] - m[2, 0], x: m[0, 1] + m[1, 0], y: y, z: m[1, 2] + m[2, 1])
        } else {
            let z = 1 + 2 * m[2, 2] - t
            self.init(w: m[1, 0] - m[0, 1], x: m[0, 2] + m[2, 0], y: m[1, 2] + m[2, 1], z: z)
        }
    }

    /// The orthonormal matrix whose columns are the axes of frame a, in frame b.
    public var matrix: Matrix3 {
        let (x, y, z) = (imaginary.x, imaginary.y, imaginary.z)
        return Matrix3(
            rows: Vector3(1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
            Vector3(2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
            Vector3(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)))
    }

    /// The way back: `aFromB` of a `bFromA`; exact, only signs change.
    @inlinable public var inverse: Rotation { Rotation(unitW: w, imaginary: -imaginary) }

    /// Rotation angle, radians in 0...pi.
    public var angle: Double { 2 * arcTangent(imaginary.length, abs(w)) }

    /// Chained rotation: `cFromB * bFromA = cFromA`. Normalized again, so long products do not drift.
    public static func * (a: Rotation, b: Rotation) -> Rotation {
        let w = a.w * b.w - a.imaginary.dot(b.imaginary)
        let v = b.imaginary * a.w + a.imaginary * b.w + a.imaginary.cross(b.imaginary)
        let scale = 1 / (w * w + v.lengthSquared).squareRoot()
        return Rotation(unitW: w * scale, imaginary: v * scale)
    }

    /// The vector of frame a, expressed in frame b.
    @inlinable public static func * (a: Rotation, v: Vector3) -> Vector3 {
        let t = a.imaginary.cross(v) * 2
        return v + t * a.w + a.imaginary.cross(t)
    }
}

extension Rotation {
    /// The rotation about `vector` by its length in radians.
    public init(exp vector: Vector3) {
        let squared = vector.lengthSquared
        if squared < 1e-4 {
            // sin(t/2)/t = 1/2 - t²/48 + t⁴/3840, cos(t/2) = 1 - t²/8 + t⁴/384: next terms under 1e-14.
            let scale = 0.5 - squared / 48 + squared * squared / 3840
            let real = 1 - squared / 8 + squared * squared / 384
            self.init(w: real, x: vector.x * scale, y: vector.y * scale, z: vector.z * scale)
        } else {
            let angle = squared.squareRoot()
            let half = sineAndCosine(angle / 2)
            let axis = vector * (half.sine / angle)
            self.init(w: half.cosine, x: axis.x, y: axis.y, z: axis.z)
        }
    }

    /// The rotation vector (axis times angle), length in 0...pi radians.
    public var log: Vector3 {
        let sign = w < 0 ? -1.0 : 1.0
        let (real, v) = (w * sign, imaginary * sign)
        let n = v.length
        if n < 1e-3 {
            // 2 atan(q)/q = 2 (1 - q²/3 + q⁴/5), q = n / w: next term under 1e-18.
            let q = v.lengthSquared / (real * real)
            return v * (2 / real * (1 - q / 3 + q * q / 5))
        }
        return v * (2 * arcTangent(n, real) / n)
    }

    /// `(1 - (t/2) cot(t/2)) / t²` of a squared angle t², radians: the second-order coefficient of the inverse Jacobian
    /// of SO(3), and of the translation in the logarithm of SE(3).
    package static func logarithmCoefficient(_ squared: Double) -> Double {
        if squared < 1e-2 {
            // To t⁸.
            return 1 / 12.0 + squared
                * (1 / 720.0 + squared * (1 / 30240.0 + squared * (1 / 1_209_600.0 + squared / 47_900_160)))
        }
        let half = squared.squareRoot() / 2
        let (s, co) = sineAndCosine(half)
        return (1 - half * co / s) / squared
    }
}
