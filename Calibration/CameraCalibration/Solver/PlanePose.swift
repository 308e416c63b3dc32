internal import Geometry

/// The pose of a camera from a flat board and the rays to its corners (Zhang 2000, section 3.1, with known intrinsics).
/// A start for a refinement.
enum PlanePose {
    /// `cameraFromBoard`, or nil when the rays do not show a plane from its front.
    /// - Parameters:
    ///   - points: corners on the board, z = 0; metres.
    ///   - bearings: unit rays in the camera; they may lie more than 90 degrees off the axis, but the board less than
    ///     that from its own middle.
    static func estimate(points: [Vector3], bearings: [Vector3]) -> RigidTransform? {
        // Seen along the ray to the board's middle, the board lies in front, whatever the lens.
        let middle = bearings.reduce(.zero, +)
        guard middle.length > 1e-6 else { return nil }
        let ahead = rotation(from: middle.normalized, to: Vector3(0, 0, 1))
        var (flat, image): ([Vector2], [Vector2]) = ([], [])
        for (point, bearing) in zip(points, bearings) {
            let ray = ahead * bearing
            guard ray.z > 0.05 else { continue }
            flat.append(Vector2(point.x, point.y))
            image.append(Vector2(ray.x, ray.y) / ray.z)
        }
        guard let h = PlaneHomography.estimate(from: flat, to: image), let pose = decompose(h) else { return nil }
        let back = ahead.inverse
        return RigidTransform(rotation: back * pose.rotation, translation: back * pose.translation)
    }

    /// `H = s [r1 r2 t]`, s > 0: the columns made orthonormal by turning both by the same angle.
    private static func decompose(_ h: Matrix3) -> RigidTransform? {
        let scale = (h.column0.length * h.column1.length).squareRoot()
        guard scale > 0, scale.isFinite else { return nil }
        let (a, b) = (h.column0.normalized, h.column1.normalized)
        let (sum, difference) = ((a + b).normalized, (a - b).normalized)
        guard sum.isFinite, difference.isFinite else { return nil }
        let half = 0.5.squareRoot()
        let (x, y) = ((sum + difference) * half, (sum - difference) * half)
        return RigidTransform(
            rotation: Rotation(matrix: Matrix3(columns: x, y, x.cross(y))), translation: h.column2 / scale)
    }

    /// The pose whose board leans the other way: its normal reflected at the ray to the board's middle. A small or
    /// distant board looks nearly the same from both (Oberkampf, DeMenthon, Davis 1996), and a refinement that started
    /// at the wrong one stays there.
    static func mirrored(_ pose: RigidTransform, middle: Vector3) -> RigidTransform {
        let centre = pose * middle
        let ray = centre.normalized
        let normal = pose.rotation * Vector3(0, 0, 1)
        let turn = rotation(from: normal, to: ray * (2 * normal.dot(ray)) - normal)
        let turned = turn * pose.rotation
        return RigidTransform(rotation: turned, translation: centre - turned * middle)
    }

    /// The shortest rotation from one unit vector to another.
    private static func rotation(from a: Vector3, to b: Vector3) -> Rotation {
        let axis = a.cross(b)
        let sine = axis.length
        guard sine > 1e-12 else {
            guard a.dot(b) < 0 else { return .identity }
            let other = abs(a.x) < 0.9 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
            return Rotation(exp: a.cross(other).normalized * .pi)
        }
        return Rotation(exp: axis / sine * arcTangent(sine, a.dot(b)))
    }
}
