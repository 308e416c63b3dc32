public import Geometry

/// Where a camera says that the vehicle is.
public struct PoseFix: Sendable, Equatable {
    /// The vehicle in the map.
    public var mapFromBase: RigidTransform
    /// Of the vehicle in the axes of the map: position (metres), then rotation (radians).
    public var covariance: SymmetricMatrix6

    /// - Parameters:
    ///   - mapFromBase: the vehicle in the map.
    ///   - covariance: of the vehicle in the axes of the map: position, then rotation.
    public init(mapFromBase: RigidTransform, covariance: SymmetricMatrix6) {
        (self.mapFromBase, self.covariance) = (mapFromBase, covariance)
    }
}

extension RigidTransform {
    /// This pose, moved by `d` in the axes of its target: its origin by the translation, its axes by the rotation
    /// vector. What covariances of poses are of, here and on the wire.
    package func disturbed(by d: Twist) -> RigidTransform {
        RigidTransform(rotation: Rotation(exp: d.rotation) * rotation, translation: translation + d.translation)
    }

    /// What `disturbed(by:)` must be given to get from `other` to this pose.
    package func disturbance(from other: RigidTransform) -> Twist {
        Twist(
            translation: translation - other.translation, rotation: (rotation * other.rotation.inverse).log)
    }
}

extension SymmetricMatrix6 {
    /// Adds `(a bᵀ + b aᵀ) s`.
    mutating func addSymmetric(_ a: Twist, _ b: Twist, _ s: Double = 1) {
        let b = b * s
        translation.addOuter(a.translation, b.translation)
        translation.addOuter(b.translation, a.translation)
        cross.addOuter(a.translation, b.rotation)
        cross.addOuter(b.translation, a.rotation)
        rotation.addOuter(a.rotation, b.rotation)
        rotation.addOuter(b.rotation, a.rotation)
    }
}
