public import Geometry

/// A view that was of no use before anything was fitted.
public struct DroppedView: Sendable, Equatable {
    /// The image's name.
    public var name: String
    /// What is wrong with it, in a few words.
    public var reason: String
}

/// What a calibration made of the board in one image.
public struct ViewResult: Sendable {
    /// One corner of the board.
    public struct Corner: Sendable {
        /// Index into ``Board/points``.
        public var id: Int
        /// Where the image shows it.
        public var pixel: Vector2
        /// Where the calibrated camera expects it, minus `pixel`; pixels. Nil when the camera cannot see the point
        /// there.
        public var residual: Vector2?
        /// Left out of the calibration, because its residual is too large.
        public var isRejected: Bool
    }

    /// The image's name.
    public var name: String
    /// Where the board stood.
    public var cameraFromBoard: RigidTransform
    /// In the order of the detector.
    public var corners: [Corner]
    /// The whole view was left out: most of its corners fit no pose.
    public var isRejected: Bool
    /// Of a rejected view: what a moving board would look like, if it does.
    public var shear: BoardShear?

    /// Why the view was left out, in a few words; nil of one that was used.
    public var rejection: String? {
        guard isRejected else { return nil }
        guard let shear else { return "its corners fit no pose" }
        return "\(shear): board or camera moved while the image was taken"
    }

    /// The corners that the calibration used.
    public var used: [Corner] { isRejected ? [] : corners.filter { !$0.isRejected } }
    /// The corners left out.
    public var rejected: [Corner] { isRejected ? corners : corners.filter(\.isRejected) }
    /// Root of the mean squared length of the residuals: of the corners that were used, in a rejected view of all.
    /// Pixels.
    public var rms: Double {
        let lengths = (isRejected ? corners : used).compactMap { $0.residual?.lengthSquared }
        return lengths.isEmpty ? 0 : (lengths.reduce(0, +) / Double(lengths.count)).squareRoot()
    }

    /// Angle between the board's normal and the ray to its middle, radians: 0 is frontal.
    public func tilt(of board: Board) -> Double {
        let normal = cameraFromBoard.rotation * Vector3(0, 0, 1)
        return normal.angle(to: cameraFromBoard * board.middle)
    }
}

extension Board {
    /// The middle of its corners, metres.
    var middle: Vector3 { points.reduce(.zero, +) / Double(max(points.count, 1)) }
}
