public import Geometry

/// Whether what frames say of their camera contradicts its file.
///
/// A map that was built with a wrong lens contradicts a right camera just as well: what is found is "camera or map".
public enum CalibrationTest {
    /// Chi square of three degrees of freedom that a right camera exceeds in one frame of a thousand.
    public static let limit = 16.266

    /// A calibration is never more exact than this, whatever its file says: .15 % of the focal length, and as much of
    /// it for the principal point (heat, focus, the lens's own play).
    public static let floor = 0.0015

    /// Chi square of a correction that was estimated: three degrees of freedom. A direction that the frame leaves open
    /// counts for as little as its variance is large. NaN where a covariance is no number.
    ///
    /// - Parameters:
    ///   - estimate: log f, x, y (pixels): `FreeCamera.vector`.
    ///   - covariance: of the estimate, with the map's factor.
    ///   - given: covariance of the camera file's calibration in the same order and pixels; zero where it says none.
    ///   - camera: of the image that the pixels are in.
    public static func chiSquare(
        _ estimate: Vector3, covariance: Matrix3, given: Matrix3 = .zero, camera: Camera
    ) -> Double {
        let sum = covariance + given + floorCovariance(of: camera)
        guard let inverse = sum.inverse else { return .nan }
        return estimate.dot(inverse * estimate)
    }

    /// ``floor`` as a covariance of log f, x and y in pixels.
    public static func floorCovariance(of camera: Camera) -> Matrix3 {
        let focal = camera.focalLength
        let (x, y) = (floor * focal.x, floor * focal.y)
        return Matrix3(diagonal: Vector3(floor * floor, x * x, y * y))
    }
}
