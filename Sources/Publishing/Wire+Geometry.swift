public import Geometry

extension Wire.Vector3 {
    /// Coordinates beyond this are a mistake: metres.
    static let reach = 1e7

    /// Finite, and within ``reach`` on each axis.
    package var isWithinReach: Bool { abs(x) <= Self.reach && abs(y) <= Self.reach && abs(z) <= Self.reach }

    /// - Parameter vector: metres.
    public init(_ vector: Vector3) {
        self.init(x: vector.x, y: vector.y, z: vector.z)
    }
}

extension Wire.Quaternion {
    var norm: Double { (w * w + x * x + y * y + z * z).squareRoot() }

    public init(_ rotation: Rotation) {
        let imaginary = rotation.imaginary
        self.init(w: rotation.w, x: imaginary.x, y: imaginary.y, z: imaginary.z)
    }
}

extension Wire.Transform {
    public init(_ transform: RigidTransform) {
        self.init(translation: Wire.Vector3(transform.translation), rotation: Wire.Quaternion(transform.rotation))
    }
}

extension LocalizationMessage.Pose {
    /// - Parameters:
    ///   - transform: the camera or the vehicle in the map.
    ///   - covariance: position, then rotation, in the axes of the map.
    public init(_ transform: RigidTransform, covariance: SymmetricMatrix6) {
        var values = InlineArray<36, Double>(repeating: 0)
        // Symmetric to the last bit, which the inverse of an information matrix is not.
        for row in 0..<6 {
            for column in row..<6 {
                values[6 * row + column] = covariance[row, column]
                values[6 * column + row] = covariance[row, column]
            }
        }
        self.init(
            position: Wire.Vector3(transform.translation), orientation: Wire.Quaternion(transform.rotation),
            covariance: values)
    }
}

extension LocalizationMessage.EarthPosition {
    /// - Parameters:
    ///   - frame: of the map.
    ///   - pose: of the camera or the vehicle in it, whose covariance is of its axes.
    public init(_ frame: LocalFrame, _ pose: LocalizationMessage.Pose) {
        let position = frame.position(Vector3(pose.position.x, pose.position.y, pose.position.z))
        let axes = frame.axes(at: position)
        func row(_ i: Int) -> Vector3 {
            Vector3(pose.covariance[6 * i], pose.covariance[6 * i + 1], pose.covariance[6 * i + 2])
        }
        let onEarth = axes * Matrix3(rows: row(0), row(1), row(2)) * axes.transpose
        var covariance = InlineArray<9, Double>(repeating: 0)
        // Symmetric to the last bit.
        for row in 0..<3 {
            for column in row..<3 {
                covariance[3 * row + column] = onEarth[row, column]
                covariance[3 * column + row] = onEarth[row, column]
            }
        }
        self.init(
            latitude: position.latitude, longitude: position.longitude, height: position.height,
            covariance: covariance)
    }
}

extension RigidTransform {
    /// A pose as somebody sent it. What is absent is all zeros, as always in protobuf.
    ///
    /// - Returns: nil if it stands for no pose: beyond ``Wire/Vector3/reach``, not finite, or with an orientation whose
    ///   norm is not 1 within 1 %.
    public init?(position: Wire.Vector3?, orientation: Wire.Quaternion?) {
        let (p, q) = (position ?? Wire.Vector3(), orientation ?? Wire.Quaternion())
        guard p.isWithinReach, let rotation = Rotation(checkingW: q.w, x: q.x, y: q.y, z: q.z) else { return nil }
        self.init(rotation: rotation, translation: Vector3(p.x, p.y, p.z))
    }
}
