import Geometry

/// A mistake that is often made with poses or cameras: what would undo it, and how it is told.
struct UsualMistake: Sendable {
    /// What it looks like, as a clause.
    let name: String
    /// What is to be done.
    let cure: String
    /// Of image `index` among all poses: the pose as it would be without the mistake.
    let pose: @Sendable (_ index: Int, _ given: [RigidTransform]) -> RigidTransform
    /// The camera as it would be without the mistake.
    let camera: @Sendable (Camera) -> Camera

    init(
        _ name: String, cure: String,
        pose: @escaping @Sendable (Int, [RigidTransform]) -> RigidTransform = { $1[$0] },
        camera: @escaping @Sendable (Camera) -> Camera = { $0 }
    ) {
        (self.name, self.cure, self.pose, self.camera) = (name, cure, pose, camera)
    }

    /// Nothing is wrong.
    static let none = UsualMistake("", cure: "")

    /// All but those of a percentage of the focal length.
    static let all = conventions + axes + intrinsics + orders

    private static let conventions = [
        UsualMistake(
            "the poses are map from camera (camera to world)",
            cure: "give their inverses: poses are camera from map"
        ) { $1[$0].inverse },
        UsualMistake("the quaternions are x, y, z, w", cure: "give the scalar first") { $1[$0].withScalarFirst },
        UsualMistake(
            "the poses are map from camera, and their quaternions x, y, z, w",
            cure: "give camera from map, the scalar first"
        ) { $1[$0].withScalarFirst.inverse },
    ]

    private static let axes = [
        UsualMistake(
            "the camera's axes are those of OpenGL or Blender (y up, z backward)",
            cure: "turn them: x right, y down, z forward"
        ) { $1[$0].withAxes(Vector3(1, -1, -1)) },
        UsualMistake(
            "the poses are map from camera with the axes of OpenGL or Blender",
            cure: "give camera from map with x right, y down, z forward"
        ) { $1[$0].inverse.withAxes(Vector3(1, -1, -1)) },
        UsualMistake(
            "the poses are of a left-handed frame (x mirrored)", cure: "give right-handed ones"
        ) { $1[$0].mirrored(Vector3(-1, 1, 1)) },
        UsualMistake(
            "the poses are of a left-handed frame (y mirrored, as Unity's)", cure: "give right-handed ones"
        ) { $1[$0].mirrored(Vector3(1, -1, 1)) },
        UsualMistake(
            "the poses are of a left-handed frame (z mirrored)", cure: "give right-handed ones"
        ) { $1[$0].mirrored(Vector3(1, 1, -1)) },
    ]

    private static let intrinsics = [
        UsualMistake(
            "the focal length is half of what was given", cure: "give the camera of these images",
            camera: { $0.corrected(focalRatio: 0.5, principalPointShift: .zero) }),
        UsualMistake(
            "the focal length is twice what was given", cure: "give the camera of these images",
            camera: { $0.corrected(focalRatio: 2, principalPointShift: .zero) }),
        UsualMistake(
            "the intrinsics are of images half as large", cure: "double focal length and principal point",
            camera: { $0.corrected(focalRatio: 2, principalPointShift: $0.principalPoint + 0.5) }),
        UsualMistake(
            "the intrinsics are of images twice as large", cure: "halve focal length and principal point",
            camera: { $0.corrected(focalRatio: 0.5, principalPointShift: ($0.principalPoint + 0.5) * -0.5) }),
    ]

    private static let orders =
        [1, -1, 2, -2, 3, -3].map { shift in
            UsualMistake(
                "the images are out of order: each has the pose of the one \(abs(shift)) "
                    + (shift > 0 ? "before it" : "behind it"),
                cure: "check that names and poses belong together"
            ) { $1[min(max($0 + shift, 0), $1.count - 1)] }
        } + [
            UsualMistake("the poses are in reverse order", cure: "check that names and poses belong together") {
                $1[$1.count - 1 - $0]
            }
        ]

    /// The focal length is `ratio` times the given one.
    static func focal(_ ratio: Double) -> UsualMistake {
        UsualMistake(
            "", cure: "give the camera of these images",
            camera: { $0.corrected(focalRatio: ratio, principalPointShift: .zero) })
    }
}

extension RigidTransform {
    /// Of a quaternion x, y, z, w that was read as w, x, y, z.
    fileprivate var withScalarFirst: RigidTransform {
        let (w, v) = (rotation.w, rotation.imaginary)
        return RigidTransform(rotation: Rotation(w: v.z, x: w, y: v.x, z: v.y), translation: translation)
    }

    /// With the axes of the camera turned.
    fileprivate func withAxes(_ signs: Vector3) -> RigidTransform {
        let turn = Matrix3(diagonal: signs)
        return RigidTransform(rotation: Rotation(matrix: turn * rotation.matrix), translation: translation * signs)
    }

    /// With camera and map mirrored.
    fileprivate func mirrored(_ signs: Vector3) -> RigidTransform {
        let mirror = Matrix3(diagonal: signs)
        return RigidTransform(
            rotation: Rotation(matrix: mirror * rotation.matrix * mirror), translation: translation * signs)
    }
}
