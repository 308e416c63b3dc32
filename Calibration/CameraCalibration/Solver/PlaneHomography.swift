internal import Geometry

/// The projective map between two planes, by the normalized direct linear transform (Hartley and Zisserman 2004,
/// algorithm 4.2, with the element that maps the middle of the points fixed to one: a middle that is seen cannot lie at
/// infinity).
enum PlaneHomography {
    /// The matrix H with `to ~ H (from, 1)`, scaled so that H (middle of `from`) has 1 as its last component. Nil with
    /// fewer than four points, or when they (nearly) lie on a line.
    static func estimate(from: [Vector2], to: [Vector2]) -> Matrix3? {
        guard from.count >= 4, from.count == to.count, let a = Normalization(from), let b = Normalization(to) else {
            return nil
        }
        var (matrix, right) = ([Double](repeating: 0, count: 64), [Double](repeating: 0, count: 8))
        for (p, q) in zip(from, to) {
            let (s, t) = (a.apply(p), b.apply(q))
            add([s.x, s.y, 1, 0, 0, 0, -t.x * s.x, -t.x * s.y], t.x, &matrix, &right)
            add([0, 0, 0, s.x, s.y, 1, -t.y * s.x, -t.y * s.y], t.y, &matrix, &right)
        }
        // A fold of the points onto a line leaves directions that only rounding determines.
        let trace: Double = (0..<8).reduce(0) { $0 + matrix[$1 * 9] }
        let mean = trace / 8
        for i in 0..<8 { matrix[i * 9] += 1e-13 * mean }
        guard SymmetricPositive.solve(&matrix, &right), right.allSatisfy(\.isFinite) else { return nil }
        let h = Matrix3(
            rows: Vector3(right[0], right[1], right[2]), Vector3(right[3], right[4], right[5]),
            Vector3(right[6], right[7], 1))
        return b.inverseMatrix * h * a.matrix
    }

    private static func add(
        _ row: InlineArray<8, Double>, _ value: Double, _ matrix: inout [Double], _ right: inout [Double]
    ) {
        for c in 0..<8 {
            right[c] += row[c] * value
            for r in c..<8 { matrix[c * 8 + r] += row[r] * row[c] }
        }
    }

    /// Moves the middle to the origin and scales the mean squared distance to two.
    private struct Normalization {
        let middle: Vector2
        let scale: Double

        init?(_ points: [Vector2]) {
            let middle = points.reduce(.zero, +) / Double(points.count)
            // Both principal spreads must be there: the determinant of the scatter against its trace.
            var (xx, xy, yy) = (0.0, 0.0, 0.0)
            for p in points {
                let d = p - middle
                xx += d.x * d.x
                xy += d.x * d.y
                yy += d.y * d.y
            }
            let trace = xx + yy
            guard trace > 0, xx * yy - xy * xy > 1e-6 * trace * trace else { return nil }
            self.middle = middle
            scale = (2 * Double(points.count) / trace).squareRoot()
        }

        func apply(_ p: Vector2) -> Vector2 { (p - middle) * scale }

        var matrix: Matrix3 {
            Matrix3(
                rows: Vector3(scale, 0, -scale * middle.x), Vector3(0, scale, -scale * middle.y), Vector3(0, 0, 1))
        }

        var inverseMatrix: Matrix3 {
            Matrix3(rows: Vector3(1 / scale, 0, middle.x), Vector3(0, 1 / scale, middle.y), Vector3(0, 0, 1))
        }
    }
}
