public import Geometry

/// What a camera would have to be corrected by: focal length and principal point.
public struct FreeCamera: Equatable, Sendable {
    /// Natural logarithm of the focal lengths over those of the given camera: .01 is a lens that is 1 % longer.
    public var logFocal = 0.0
    /// The principal point less that of the given camera, pixels.
    public var shift = Vector2.zero

    /// The camera as it is given.
    public init() {}

    /// - Parameters:
    ///   - logFocal: logarithm of the focal lengths over the given ones.
    ///   - shift: of the principal point, pixels.
    public init(logFocal: Double, shift: Vector2) { (self.logFocal, self.shift) = (logFocal, shift) }

    /// In the order of the covariance: log f, x, y.
    public var vector: Vector3 { Vector3(logFocal, shift.x, shift.y) }

    /// The focal lengths over the given ones.
    public var focalRatio: Double { exponential(logFocal) }

    /// The given camera corrected, to match with.
    public func applied(to camera: Camera) -> Camera {
        camera.corrected(focalRatio: focalRatio, principalPointShift: shift)
    }
}

/// A pose with the camera that explains a frame best, and how well the frame fixes that camera.
public struct FreeCameraEstimate: Sendable {
    /// The pose with the free camera: with a wrong camera file nearer to the truth than the pose that believes it.
    public var cameraFromMap: RigidTransform
    /// The correction of the given camera.
    public var camera: FreeCamera
    /// Covariance of log f, x and y (pixels) by the sandwich over cells of the image (``PoseCovariance``), without the
    /// map's factor. A direction that the frame leaves open is wide: the focal length before a wall seen head-on has a
    /// standard deviation of 3 % and more.
    public var covariance: Matrix3
    /// Covariance of ``cameraFromMap`` in the axes of the map, by the same sandwich.
    public var poseCovariance: SymmetricMatrix6
    /// Correspondences that the loss does not reject.
    public var inlierCount: Int
    /// Standard deviation of a pixel coordinate, from the median of the residuals.
    public var noise: Double

    /// Standard deviations of log f, x and y with all else free: what the frame says of each.
    public var deviations: Vector3 { covariance.diagonal.squareRoot() }
}
