extension Camera {
    /// The unit vector in the camera frame that is seen at a pixel.
    ///
    /// Distortion is undone by Newton iterations to 1e-12 of the focal length; nil when they do not converge or the
    /// pixel is not the image of any ray (beyond the range where the distortion is one to one).
    public func bearing(of pixel: Vector2) -> Vector3? {
        let d = (pixel - principalPoint) / focalLength
        guard d.isFinite else { return nil }
        switch distortion.kind {
        case .none: return Vector3(d.x, d.y, 1).normalized
        case .perspective:
            guard let n = distortion.undistort(d) else { return nil }
            return Vector3(n.x, n.y, 1).normalized
        case .fisheye:
            let radius = d.length
            guard radius > 1e-12 else { return Vector3(d.x, d.y, 1).normalized }
            guard let theta = distortion.fisheyeAngle(radius) else { return nil }
            let (s, c) = sineAndCosine(theta)
            return Vector3(d.x * s / radius, d.y * s / radius, c)
        }
    }

    /// The pixel at which a camera with the same focal lengths and principal point but no distortion would see the
    /// ray of `pixel`. Nil as ``bearing(of:)``, and for a fisheye's rays at 90 degrees and more.
    public func undistorted(_ pixel: Vector2) -> Vector2? {
        if distortion.kind == .none { return pixel }
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

extension Distortion {
    /// The point on the normalized plane whose distorted image is `target`.
    func undistort(_ target: Vector2) -> Vector2? {
        let radius = target.length
        guard radius > 0 else { return target }
        // The radial part alone, bracketed, is a start from which the tangential terms converge.
        let start = Self.solve(
            min(radius, distortedLimit), upTo: limit, start: radius,
            value: { $0 * Self.radialFactor($0 * $0, k) }, slope: { Self.radialSlope($0, k) })
        var n = target * (start / radius)
        for _ in 0..<20 {
            let error = distort(n) - target
            let j = distortionGradients(n)
            let determinant = j.x.x * j.y.y - j.x.y * j.y.x
            guard determinant > 1e-12 else { return nil }
            let step = Vector2(error.x * j.y.y - error.y * j.x.y, error.y * j.x.x - error.x * j.y.x) / determinant
            n -= step
            if !(step.lengthSquared > 1e-24 * (1 + n.lengthSquared)) { break }
        }
        let left = (distort(n) - target).lengthSquared
        guard left < 1e-20 * (1 + target.lengthSquared), n.lengthSquared <= limit * limit else { return nil }
        return n
    }

    /// The angle from the axis, radians, whose distorted radius is `radius`.
    func fisheyeAngle(_ radius: Double) -> Double? {
        guard radius <= distortedLimit else { return nil }
        return Self.solve(
            radius, upTo: limit, start: radius, value: { Self.fisheyeRadius($0, k) },
            slope: { Self.fisheyeSlope($0, k) })
    }

    /// Solves `value(x) = target` for a function that grows on 0...`end`: Newton steps, bisection where they leave the
    /// bracket.
    private static func solve(
        _ target: Double, upTo end: Double, start: Double, value: (Double) -> Double, slope: (Double) -> Double
    ) -> Double {
        var (low, high) = (0.0, end)
        var x = min(start, end)
        for _ in 0..<100 {
            let error = value(x) - target
            if error > 0 { high = x } else { low = x }
            var next = x - error / slope(x)
            if !(next >= low && next <= high) { next = (low + high) / 2 }
            if abs(next - x) <= 1e-15 * (1 + x) { return next }
            x = next
        }
        return x
    }
}
