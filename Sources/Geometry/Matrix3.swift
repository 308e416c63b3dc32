/// A 3x3 matrix of Double, stored by columns.
public struct Matrix3: Equatable, Sendable {
    /// First column.
    public var column0: Vector3
    /// Second column.
    public var column1: Vector3
    /// Third column.
    public var column2: Vector3

    /// A matrix from its columns.
    @inlinable public init(columns column0: Vector3, _ column1: Vector3, _ column2: Vector3) {
        self.column0 = column0
        self.column1 = column1
        self.column2 = column2
    }

    /// A matrix from its rows.
    @inlinable public init(rows row0: Vector3, _ row1: Vector3, _ row2: Vector3) {
        self.init(
            columns: Vector3(row0.x, row1.x, row2.x), Vector3(row0.y, row1.y, row2.y), Vector3(row0.z, row1.z, row2.z))
    }

    /// `d` on the diagonal, zeros elsewhere: scales each axis.
    @inlinable public init(diagonal d: Vector3) {
        self.init(columns: Vector3(d.x, 0, 0), Vector3(0, d.y, 0), Vector3(0, 0, d.z))
    }

    /// The outer product `a bᵀ`, of rank one.
    @inlinable public init(outer a: Vector3, _ b: Vector3) { self.init(columns: a * b.x, a * b.y, a * b.z) }

    /// `[v]×`, so that `[v]× w = v × w`.
    @inlinable public init(skew v: Vector3) {
        self.init(columns: Vector3(0, v.z, -v.y), Vector3(-v.z, 0, v.x), Vector3(v.y, -v.x, 0))
    }

    /// Ones on the diagonal: leaves every vector as it is.
    public static let identity = Matrix3(diagonal: Vector3(1, 1, 1))
    /// All elements 0: where a sum begins.
    public static let zero = Matrix3(diagonal: .zero)

    /// The element at `row` and `column`, both in 0...2.
    @inlinable public subscript(row: Int, column: Int) -> Double {
        get { column == 0 ? column0[row] : column == 1 ? column1[row] : column2[row] }
        set {
            switch column {
            case 0: column0[row] = newValue
            case 1: column1[row] = newValue
            default: column2[row] = newValue
            }
        }
    }

    /// Rows and columns exchanged: the inverse of a rotation matrix.
    @inlinable public var transpose: Matrix3 { Matrix3(rows: column0, column1, column2) }
    /// The volume that the columns span, signed: 1 for a rotation matrix.
    @inlinable public var determinant: Double { column0.dot(column1.cross(column2)) }
    /// Sum of the diagonal.
    @inlinable public var trace: Double { column0.x + column1.y + column2.z }
    /// The elements (0, 0), (1, 1) and (2, 2): the variances, of a covariance.
    @inlinable public var diagonal: Vector3 { Vector3(column0.x, column1.y, column2.z) }

    /// The inverse by cofactors, or nil when the determinant is zero or not finite.
    public var inverse: Matrix3? {
        let reciprocal = 1 / determinant
        guard reciprocal.isFinite else { return nil }
        return Matrix3(
            rows: column1.cross(column2) * reciprocal, column2.cross(column0) * reciprocal,
            column0.cross(column1) * reciprocal)
    }

    /// Matrix times column vector.
    @inlinable public static func * (a: Matrix3, v: Vector3) -> Vector3 {
        a.column0 * v.x + a.column1 * v.y + a.column2 * v.z
    }

    /// Matrix product.
    @inlinable public static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(columns: a * b.column0, a * b.column1, a * b.column2)
    }

    /// Every element times `s`.
    @inlinable public static func * (a: Matrix3, s: Double) -> Matrix3 {
        Matrix3(columns: a.column0 * s, a.column1 * s, a.column2 * s)
    }

    /// Sum, element by element.
    @inlinable public static func + (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(columns: a.column0 + b.column0, a.column1 + b.column1, a.column2 + b.column2)
    }

    /// Difference, element by element.
    @inlinable public static func - (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(columns: a.column0 - b.column0, a.column1 - b.column1, a.column2 - b.column2)
    }

    /// Adds `a bᵀ`: how normal equations and covariances are summed up.
    @inline(__always) @inlinable public mutating func addOuter(_ a: Vector3, _ b: Vector3) {
        column0 += a * b.x
        column1 += a * b.y
        column2 += a * b.z
    }

    /// `matrixᵀ v`, without forming the transpose.
    @inlinable public func transposedTimes(_ v: Vector3) -> Vector3 {
        Vector3(column0.dot(v), column1.dot(v), column2.dot(v))
    }
}
