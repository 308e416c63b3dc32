/// What two cameras with known poses say about where a point of one may be seen in the other.
///
/// Works on undistorted pixels (``Camera/undistorted(_:)``), where the fundamental matrix is exact; with no distortion
/// those are the pixels themselves. Hartley and Zisserman, chapters 9 and 11.
public struct EpipolarGeometry: Equatable, Sendable {
    /// `bearingBᵀ essential bearingA = 0` for the bearings of one point. Scaled by the baseline (metres).
    public let essential: Matrix3
    /// `(pixelB, 1)ᵀ fundamental (pixelA, 1) = 0` for undistorted pixels.
    public let fundamental: Matrix3

    /// From the pose `bFromA` between two cameras.
    public init(bFromA: RigidTransform, cameraA: Camera, cameraB: Camera) {
        essential = Self.essential(bFromA: bFromA)
        fundamental = Self.inverseTransposeProduct(cameraB) * essential * Self.inverseCalibration(cameraA)
    }

    /// The essential matrix `[t]× R` of the pose `bFromA`.
    public static func essential(bFromA: RigidTransform) -> Matrix3 {
        Matrix3(skew: bFromA.translation) * bFromA.rotation.matrix
    }

    private static func inverseCalibration(_ camera: Camera) -> Matrix3 {
        let (f, c) = (camera.focalLength, camera.principalPoint)
        return Matrix3(
            rows: Vector3(1 / f.x, 0, -c.x / f.x), Vector3(0, 1 / f.y, -c.y / f.y), Vector3(0, 0, 1))
    }

    private static func inverseTransposeProduct(_ camera: Camera) -> Matrix3 { inverseCalibration(camera).transpose }

    /// Signed distance, in pixels of image b, of `pixelB` from the epipolar line of `pixelA`. NaN without a baseline.
    public func distanceToLineInB(_ pixelA: Vector2, _ pixelB: Vector2) -> Double {
        let line = fundamental * Vector3(pixelA.x, pixelA.y, 1)
        return line.dot(Vector3(pixelB.x, pixelB.y, 1)) / Vector2(line.x, line.y).length
    }

    /// Signed distance, in pixels of image a, of `pixelA` from the epipolar line of `pixelB`. NaN without a baseline.
    public func distanceToLineInA(_ pixelA: Vector2, _ pixelB: Vector2) -> Double {
        let line = fundamental.transposedTimes(Vector3(pixelB.x, pixelB.y, 1))
        return line.dot(Vector3(pixelA.x, pixelA.y, 1)) / Vector2(line.x, line.y).length
    }
}
