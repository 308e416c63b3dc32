public import Geometry

/// A pose's error over what its covariance says: squared Mahalanobis distances (normalized error squared, NEES;
/// Bar-Shalom 2001, section 5.4). Of a true covariance they follow chi square: three degrees of freedom each.
public struct NormalizedError: Equatable, Sendable {
    /// Of three degrees of freedom: half of all errors are below it.
    public static let expectedMedian = 2.366
    /// Of three degrees of freedom: 80 % of all errors are below it.
    public static let bound80 = 4.642
    /// Of three degrees of freedom: 95 % of all errors are below it.
    public static let bound95 = 7.815

    /// Of the position.
    public var position: Double
    /// Of the rotation.
    public var rotation: Double
    /// The position's error, metres, map frame: truth less estimate.
    public var positionError: Vector3
    /// The rotation's, a rotation vector about the map's axes, radians.
    public var rotationError: Vector3

    /// Nil where a block of the covariance is singular.
    ///
    /// - Parameters:
    ///   - estimate: `cameraFromMap`.
    ///   - truth: `cameraFromMap`.
    ///   - covariance: of the camera in the axes of the map: position, then rotation.
    public init?(estimate: RigidTransform, truth: RigidTransform, covariance: SymmetricMatrix6) {
        positionError = truth.originInSource - estimate.originInSource
        rotationError = (truth.rotation.inverse * estimate.rotation).log
        guard let p = covariance.translation.inverse, let r = covariance.rotation.inverse else { return nil }
        position = positionError.dot(p * positionError)
        rotation = rotationError.dot(r * rotationError)
    }
}
