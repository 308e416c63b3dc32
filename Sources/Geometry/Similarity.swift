/// Scales, turns and shifts: `x_b = scale * R(rotation) * x_a + translation`, for a value named `bFromA`.
public struct Similarity: Equatable, Sendable {
    /// Metres of b for one of a.
    public var scale: Double
    /// Turns a's axes into b's.
    public var rotation: Rotation
    /// Where a's origin lies in b.
    public var translation: Vector3

    /// A similarity of its three parts.
    public init(scale: Double, rotation: Rotation, translation: Vector3) {
        self.scale = scale
        self.rotation = rotation
        self.translation = translation
    }

    /// Leaves every point where it is.
    public static let identity = Similarity(scale: 1, rotation: .identity, translation: .zero)

    /// A point of a in b.
    public static func * (bFromA: Similarity, point: Vector3) -> Vector3 {
        bFromA.rotation * point * bFromA.scale + bFromA.translation
    }

    /// `cameraFromB` of a camera whose pose in a is `cameraFromA`: its centre moves with the points, its axes are as
    /// long as before.
    public func pose(_ cameraFromA: RigidTransform) -> RigidTransform {
        let rotation = cameraFromA.rotation * self.rotation.inverse
        let centre = self * cameraFromA.originInSource
        return RigidTransform(rotation: rotation, translation: -(rotation * centre))
    }
}
