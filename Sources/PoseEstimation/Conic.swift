internal import Geometry

/// A conic `xx x² + 2 xy x y + yy y² + 2 x x + 2 y y + constant = 0` as a symmetric matrix.
struct Conic {
    var matrix: Matrix3

    init(xx: Double, xy: Double, yy: Double, x: Double, y: Double, constant: Double) {
        matrix = Matrix3(columns: Vector3(xx, xy, x), Vector3(xy, yy, y), Vector3(x, y, constant))
    }

    /// Calls `body` with the up to four real points (x, y) where two conics meet.
    ///
    /// A root s of `det(A + s B) = 0` gives a pair of lines through the points. With four real points every root is
    /// real and serves; with two there is one real root; a root whose lines are not real means that there is none.
    func forEachIntersection(with other: Conic, _ body: (Vector2) -> Void) {
        guard let pair = linePair(in: other) else { return }
        meet(pair.0, body)
        meet(pair.1, body)
    }

    private func linePair(in other: Conic) -> (Vector3, Vector3)? {
        let (a, b) = (matrix, other.matrix)
        let (adjointA, adjointB) = (a.symmetricAdjoint, b.symmetricAdjoint)
        let cubic = (
            a.determinant, adjointA.elementProduct(b), adjointB.elementProduct(a), b.determinant
        )
        // The smaller root in magnitude of the two ways to write the pencil is the better scaled one.
        let degenerate: Matrix3
        if abs(cubic.3) >= abs(cubic.0) {
            guard let s = isolatedRealRoot(cubic.3, cubic.2, cubic.1, cubic.0) else { return nil }
            degenerate = a + b * s
        } else {
            guard let s = isolatedRealRoot(cubic.0, cubic.1, cubic.2, cubic.3) else { return nil }
            degenerate = a * s + b
        }
        return Self.lines(of: degenerate)
    }

    /// The two lines of a conic of rank 2 (Richter-Gebert, Perspectives on Projective Geometry, 11.1). Nil when they
    /// are not real.
    private static func lines(of c: Matrix3) -> (Vector3, Vector3)? {
        let adjoint = c.symmetricAdjoint
        let d = adjoint.diagonal
        let i = d.x <= d.y && d.x <= d.z ? 0 : (d.y <= d.z ? 1 : 2)
        // Where the lines meet; its outer product with itself is minus the adjoint.
        guard d[i] < 0 else { return nil }
        let column = i == 0 ? adjoint.column0 : (i == 1 ? adjoint.column1 : adjoint.column2)
        let n = c + Matrix3(skew: column / (-d[i]).squareRoot())
        // n has rank 1: any row is one line, any column the other. The largest element has the most digits.
        var (row, col, largest) = (0, 0, -1.0)
        for r in 0..<3 { for k in 0..<3 where abs(n[r, k]) > largest { (row, col, largest) = (r, k, abs(n[r, k])) } }
        guard largest > 0 else { return nil }
        let first = Vector3(n[row, 0], n[row, 1], n[row, 2])
        let second = col == 0 ? n.column0 : (col == 1 ? n.column1 : n.column2)
        return (first, second)
    }

    /// The real points of the conic on a line `line · (x, y, 1) = 0`; touching to rounding counts once.
    private func meet(_ line: Vector3, _ body: (Vector2) -> Void) {
        let m = matrix
        // Eliminate the coordinate with the larger coefficient: x = k y + d, or y = k x + d.
        let solvesForX = abs(line.x) >= abs(line.y)
        let k = solvesForX ? -line.y / line.x : -line.x / line.y
        let d = solvesForX ? -line.z / line.x : -line.z / line.y
        guard k.isFinite, d.isFinite else { return }
        let (e, f) = solvesForX ? (0, 1) : (1, 0)
        let a = m[e, e] * k * k + 2 * m[e, f] * k + m[f, f]
        let halfB = m[e, e] * k * d + m[e, f] * d + m[e, 2] * k + m[f, 2]
        let c = m[e, e] * d * d + 2 * m[e, 2] * d + m[2, 2]
        var discriminant = halfB * halfB - a * c
        if discriminant < 0 {
            guard discriminant > -1e-9 * (halfB * halfB + abs(a * c)) else { return }
            discriminant = 0
        }
        let root = discriminant.squareRoot()
        let q = -(halfB + (halfB < 0 ? -root : root))
        func report(_ v: Double) {
            if v.isFinite { body(solvesForX ? Vector2(k * v + d, v) : Vector2(v, k * v + d)) }
        }
        report(q / a)
        if root > 0 { report(c / q) }
    }
}

extension Matrix3 {
    /// The adjoint (transposed cofactors) of a symmetric matrix.
    fileprivate var symmetricAdjoint: Matrix3 {
        Matrix3(columns: column1.cross(column2), column2.cross(column0), column0.cross(column1))
    }

    /// Sum of the products of equal elements.
    fileprivate func elementProduct(_ o: Matrix3) -> Double {
        column0.dot(o.column0) + column1.dot(o.column1) + column2.dot(o.column2)
    }
}
