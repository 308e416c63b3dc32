/// A tangent vector of rigid transforms: translation first, then rotation.
///
/// **The one tangent convention of the project.** A transform `bFromA` is perturbed from the left,
/// `exp(twist) * bFromA`, so the twist is expressed in frame b: `translation` in metres along b's axes and `rotation`
/// in radians about b's axes through b's origin (rotation vector). For `cameraFromMap` both live in the camera.
public struct Twist: Equatable, Sendable {
    /// Metres along the axes of the left frame.
    public var translation: Vector3
    /// Rotation vector, radians about the axes of the left frame.
    public var rotation: Vector3

    /// - Parameters:
    ///   - translation: metres along the axes of the left frame.
    ///   - rotation: rotation vector about them, radians.
    @inlinable public init(translation: Vector3, rotation: Vector3) {
        self.translation = translation
        self.rotation = rotation
    }

    /// No motion.
    public static let zero = Twist(translation: .zero, rotation: .zero)

    /// Component 0...5: translation x, y, z, rotation x, y, z.
    @inlinable public subscript(index: Int) -> Double {
        get { index < 3 ? translation[index] : rotation[index - 3] }
        set { if index < 3 { translation[index] = newValue } else { rotation[index - 3] = newValue } }
    }

    /// Scalar product of the six components.
    @inlinable public func dot(_ other: Twist) -> Double {
        translation.dot(other.translation) + rotation.dot(other.rotation)
    }

    /// Component by component: for small twists, one motion after the other.
    @inlinable public static func + (a: Twist, b: Twist) -> Twist {
        Twist(translation: a.translation + b.translation, rotation: a.rotation + b.rotation)
    }

    /// Component by component: for small twists, the motion that is left.
    @inlinable public static func - (a: Twist, b: Twist) -> Twist {
        Twist(translation: a.translation - b.translation, rotation: a.rotation - b.rotation)
    }

    /// Scaled twist; with a time ratio as `s`, a constant-velocity prediction.
    @inlinable public static func * (a: Twist, s: Double) -> Twist {
        Twist(translation: a.translation * s, rotation: a.rotation * s)
    }
}
