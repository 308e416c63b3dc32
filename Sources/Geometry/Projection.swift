/// A pixel and its derivatives by the point in the camera frame.
public struct Projection: Equatable, Sendable {
    /// Where the point is seen. It may lie outside of the image.
    public var pixel: Vector2
    /// Derivative of the pixel's x by the point (pixels per metre).
    public var gradientX: Vector3
    /// Derivative of the pixel's y by the point (pixels per metre).
    public var gradientY: Vector3
}

/// Derivatives of a pixel by a camera's parameters, in the order of ``Camera/parameters``; components beyond their
/// number are zero. Pixels per unit of the parameter.
public struct ParameterGradients: Equatable, Sendable {
    /// Derivatives of the pixel's x: component i by parameter i.
    public var x = SIMD16<Double>.zero
    /// Derivatives of the pixel's y: component i by parameter i.
    public var y = SIMD16<Double>.zero
}

/// A pixel with its derivatives by the point and by the camera's parameters.
public struct FullProjection: Equatable, Sendable {
    /// The pixel, and its derivatives by the point in the camera frame.
    public var projection: Projection
    /// The pixel's derivatives by the camera's parameters.
    public var parameters: ParameterGradients
}

extension Camera {
    /// ``project(_:)`` with its derivatives by the point; nil where that is nil. No allocation.
    public func projectWithGradients(_ point: Vector3) -> Projection? { projectionWithGradients(point) }

    /// ``projectWithGradients(_:)`` and ``parameterGradients(_:)`` at once, for about half of their time: what a
    /// calibration does most. No allocation.
    public func projectWithAllGradients(_ point: Vector3) -> FullProjection? { fullProjection(point) }

    /// Whether rays at 90 degrees from the axis and more may have a pixel, so that depth along the axis does not tell
    /// what is before the camera.
    public var seesBehind: Bool { lens.seesBehind }

    /// The pixel at which a camera with the same focal lengths and principal point but no distortion would see the
    /// ray of `pixel`. Nil as ``bearing(of:)``, and for a fisheye's rays at 90 degrees and more.
    public func undistorted(_ pixel: Vector2) -> Vector2? {
        if lens.isStraight, !lens.seesBehind { return pixel }
        guard let b = bearing(of: pixel), b.z > 1e-9 else { return nil }
        return Vector2(b.x, b.y) / b.z * focalLength + principalPoint
    }

    /// The calibration matrix K of the camera without its distortion, whose pixels ``undistorted(_:)`` gives.
    public var calibrationMatrix: Matrix3 {
        Matrix3(
            rows: Vector3(focalLength.x, 0, principalPoint.x), Vector3(0, focalLength.y, principalPoint.y),
            Vector3(0, 0, 1))
    }
}
