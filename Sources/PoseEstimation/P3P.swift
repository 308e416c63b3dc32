public import Geometry

/// Up to four poses, in fixed storage.
public struct P3PSolutions: Sendable {
    private var poses = InlineArray<4, RigidTransform>(repeating: .identity)
    /// How many there are, 0...4.
    public private(set) var count = 0

    init() {}

    mutating func append(_ pose: RigidTransform) {
        guard count < 4 else { return }
        poses[count] = pose
        count += 1
    }

    /// `cameraFromMap` number `index`.
    public subscript(index: Int) -> RigidTransform {
        precondition(index < count, "P3PSolutions: no such solution")
        return poses[index]
    }
}

/// The perspective-three-point problem: the poses from which three known points are seen along three known rays.
///
/// `lambda_i bearing_i = R point_i + t`. The law of cosines between each two rays gives two conics in
/// `x = lambda1 / lambda3`, `y = lambda2 / lambda3`; they meet where a degenerate conic of their pencil, a pair of
/// lines, meets either of them (Persson and Nordberg, "Lambda Twist", ECCV 2018; Ding, Yang, Larsson, Olsson, Åström,
/// "Revisiting the P3P Problem", CVPR 2023). The distances are then polished by Newton steps.
public enum P3P {
    /// Solves for `cameraFromMap`. No allocation; about half a microsecond.
    ///
    /// Collinear or coincident points, or input that is not finite, give no solution.
    /// - Parameters:
    ///   - b: unit vectors in the camera frame.
    ///   - p: the points in the map, metres.
    public static func solve(
        bearings b: (Vector3, Vector3, Vector3), points p: (Vector3, Vector3, Vector3)
    ) -> P3PSolutions {
        var solutions = P3PSolutions()
        let (side12, side13, side23) = (p.0 - p.1, p.0 - p.2, p.1 - p.2)
        let a = Vector3(side12.lengthSquared, side13.lengthSquared, side23.lengthSquared)
        // Twice the triangle's area, against its sides: collinear points leave a turn free.
        guard let mapFrame = Frame(side12, side13), a.z > 1e-12 * a.x else { return solutions }
        let m = Vector3(b.0.dot(b.1), b.0.dot(b.2), b.1.dot(b.2))
        let ratio = Vector2(a.x, a.y) / a.z
        let first = Conic(
            xx: 1, xy: -m.x, yy: 1 - ratio.x, x: 0, y: ratio.x * m.z, constant: -ratio.x)
        let second = Conic(
            xx: 1, xy: 0, yy: -ratio.y, x: -m.y, y: ratio.y * m.z, constant: 1 - ratio.y)
        first.forEachIntersection(with: second) { xy in
            guard xy.x > 0, xy.y > 0 else { return }
            let base = xy.y * xy.y + 1 - 2 * xy.y * m.z
            guard base > 0 else { return }
            let third = (a.z / base).squareRoot()
            var lambda = Vector3(xy.x * third, xy.y * third, third)
            guard polish(&lambda, a, m) else { return }
            let (y0, y1, y2) = (b.0 * lambda.x, b.1 * lambda.y, b.2 * lambda.z)
            guard let cameraFrame = Frame(y0 - y1, y0 - y2) else { return }
            let rotation = Rotation(matrix: cameraFrame.matrix * mapFrame.matrix.transpose)
            let pose = RigidTransform(rotation: rotation, translation: y0 - rotation * p.0)
            if pose.translation.isFinite { solutions.append(pose) }
        }
        return solutions
    }

    /// Newton steps on the three law-of-cosines equations, `a` the squared sides 12, 13, 23 and `m` the cosines. False
    /// when the distances do not fit the sides to 1e-6.
    private static func polish(_ l: inout Vector3, _ a: Vector3, _ m: Vector3) -> Bool {
        var error = residual(l, a, m)
        for _ in 0..<5 {
            if abs(error.x) + abs(error.y) + abs(error.z) <= 1e-15 * (a.x + a.y + a.z) { break }
            let jacobian = Matrix3(
                rows: Vector3(l.x - l.y * m.x, l.y - l.x * m.x, 0), Vector3(l.x - l.z * m.y, 0, l.z - l.x * m.y),
                Vector3(0, l.y - l.z * m.z, l.z - l.y * m.z))
            guard let inverse = jacobian.inverse else { break }
            let next = l - inverse * error * 0.5
            let nextError = residual(next, a, m)
            guard nextError.lengthSquared < error.lengthSquared else { break }
            (l, error) = (next, nextError)
        }
        let largest = max(abs(error.x) / a.x, abs(error.y) / a.y, abs(error.z) / a.z)
        return largest < 1e-6 && l.x > 0 && l.y > 0 && l.z > 0
    }

    private static func residual(_ l: Vector3, _ a: Vector3, _ m: Vector3) -> Vector3 {
        Vector3(
            l.x * l.x + l.y * l.y - 2 * l.x * l.y * m.x - a.x, l.x * l.x + l.z * l.z - 2 * l.x * l.z * m.y - a.y,
            l.y * l.y + l.z * l.z - 2 * l.y * l.z * m.z - a.z)
    }
}

/// The right-handed orthonormal frame of two sides of a triangle.
private struct Frame {
    let matrix: Matrix3

    /// Nil when the sides are parallel to 1e-6 rad, zero or not finite.
    init?(_ first: Vector3, _ second: Vector3) {
        let normal = first.cross(second)
        guard normal.lengthSquared > 1e-12 * first.lengthSquared * second.lengthSquared, normal.isFinite else {
            return nil
        }
        let (x, z) = (first.normalized, normal.normalized)
        matrix = Matrix3(columns: x, z.cross(x), z)
    }
}

/// A real root of `a s³ + b s² + c s + d`, the one furthest from its neighbours when there are three: the best
/// conditioned. Nil when the coefficients vanish or are not finite.
///
/// Start by the trigonometric or Cardano form of the depressed cubic, then Newton steps on the polynomial itself.
func isolatedRealRoot(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double? {
    let (p, q, r) = (b / a, c / a, d / a)
    guard p.isFinite, q.isFinite, r.isFinite else { return nil }
    let shift = p / 3
    // t³ + 3 g t + 2 h with s = t - shift.
    let g = q / 3 - shift * shift
    let h = shift * shift * shift - shift * q / 2 + r / 2
    let discriminant = h * h + g * g * g
    var t: Double
    if discriminant >= 0 {
        let u = cubeRoot(abs(h) + discriminant.squareRoot())
        t = u == 0 ? 0 : (h < 0 ? u - g / u : g / u - u)
    } else {
        // Three roots 2 m cos(angle + 2 pi k / 3); the outer one on the side of -h stands alone.
        let m = (-g).squareRoot()
        let angle = arcTangent((-discriminant).squareRoot(), abs(h)) / 3
        t = (h < 0 ? 2 : -2) * m * sineAndCosine(angle).cosine
    }
    t -= shift
    for _ in 0..<3 {
        let value = ((t + p) * t + q) * t + r
        let slope = (3 * t + 2 * p) * t + q
        let step = value / slope
        guard step.isFinite else { break }
        t -= step
        if abs(step) < 1e-15 * abs(t) { break }
    }
    return t.isFinite ? t : nil
}
