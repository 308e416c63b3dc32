/// A symmetric 6x6 matrix over ``Twist``: `[[translation, cross], [crossᵀ, rotation]]`.
///
/// A covariance (metres squared, metres times radians, radians squared) or an information matrix. Fixed size,
/// no allocation.
public struct SymmetricMatrix6: Equatable, Sendable {
    /// Upper left block, symmetric: of the translation with itself (a covariance: metres squared).
    public var translation: Matrix3
    /// Upper right block: row translation, column rotation.
    public var cross: Matrix3
    /// Lower right block, symmetric: of the rotation with itself (a covariance: radians squared).
    public var rotation: Matrix3

    /// A matrix from its blocks; the diagonal blocks must be symmetric.
    @inlinable public init(translation: Matrix3, cross: Matrix3, rotation: Matrix3) {
        self.translation = translation
        self.cross = cross
        self.rotation = rotation
    }

    /// All elements 0: where a sum begins; as a covariance, exact knowledge.
    public static let zero = SymmetricMatrix6(translation: .zero, cross: .zero, rotation: .zero)

    /// The element at `row` and `column`, both in 0...5.
    @inlinable public subscript(row: Int, column: Int) -> Double {
        if row < 3 { return column < 3 ? translation[row, column] : cross[row, column - 3] }
        return column < 3 ? cross[column, row - 3] : rotation[row - 3, column - 3]
    }

    /// The full matrix times the six components of a twist.
    public static func * (m: SymmetricMatrix6, v: Twist) -> Twist {
        Twist(
            translation: m.translation * v.translation + m.cross * v.rotation,
            rotation: m.cross.transposedTimes(v.translation) + m.rotation * v.rotation)
    }

    /// Every element times `s`.
    public static func * (m: SymmetricMatrix6, s: Double) -> SymmetricMatrix6 {
        SymmetricMatrix6(translation: m.translation * s, cross: m.cross * s, rotation: m.rotation * s)
    }

    /// Element by element: the covariance of a sum of independent errors, or two sets' information together.
    public static func + (a: SymmetricMatrix6, b: SymmetricMatrix6) -> SymmetricMatrix6 {
        SymmetricMatrix6(
            translation: a.translation + b.translation, cross: a.cross + b.cross, rotation: a.rotation + b.rotation)
    }

    /// Difference, element by element: what is left of a set's information without a part of it.
    public static func - (a: SymmetricMatrix6, b: SymmetricMatrix6) -> SymmetricMatrix6 {
        SymmetricMatrix6(
            translation: a.translation - b.translation, cross: a.cross - b.cross, rotation: a.rotation - b.rotation)
    }

    /// The same matrix for a twist expressed in a frame turned by `r`: `diag(R, R) M diag(R, R)ᵀ`.
    public func rotated(by r: Rotation) -> SymmetricMatrix6 {
        let m = r.matrix
        let t = m.transpose
        return SymmetricMatrix6(translation: m * translation * t, cross: m * cross * t, rotation: m * rotation * t)
    }

    /// A covariance carried by the adjoint of `cFromB`: from the tangent of `bFromA` to that of `cFromB * bFromA`.
    public func transported(by cFromB: RigidTransform) -> SymmetricMatrix6 {
        let r = cFromB.rotation.matrix
        let s = Matrix3(skew: cFromB.translation) * r
        let (rt, st) = (r.transpose, s.transpose)
        let upper = r * cross + s * rotation
        return SymmetricMatrix6(
            translation: (r * translation + s * cross.transpose) * rt + upper * st, cross: upper * rt,
            rotation: r * rotation * rt)
    }
}
