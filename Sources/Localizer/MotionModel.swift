package import Geometry

/// Predicts where the camera is from its last two poses: constant velocity in SE(3). A jump gives no velocity.
package struct MotionModel {
    /// The newest pose, how well it is known, and its capture's CLOCK_MONOTONIC, nanoseconds; nil before the first.
    package private(set) var last: (pose: RigidTransform, covariance: SymmetricMatrix6, time: UInt64)?
    /// Motion of the camera per second, in the tangent of `cameraFromMap`; nil until two poses are known.
    package private(set) var velocity: Twist?
    /// Velocities from poses further apart than this say nothing about now, nanoseconds.
    private static let longestGap: UInt64 = 1_000_000_000

    /// No pose is known: nothing is predicted.
    package init() {}

    /// What another one knew.
    package init(
        last: (pose: RigidTransform, covariance: SymmetricMatrix6, time: UInt64)?, velocity: Twist?
    ) {
        (self.last, self.velocity) = (last, velocity)
    }

    /// `cameraFromMap` of the last pose; nil if none is known.
    package var lastPose: RigidTransform? { last?.pose }

    /// Forgets poses and velocity: what follows is no continuation.
    package mutating func forget() {
        last = nil
        velocity = nil
    }

    /// Takes a pose into account. A stamp that does not advance only replaces the pose.
    ///
    /// - Parameters:
    ///   - cameraFromMap: the frame's pose.
    ///   - covariance: of the camera in the axes of the map, as ``Localization/covariance``.
    ///   - time: of the frame's capture, CLOCK_MONOTONIC, nanoseconds.
    /// - Returns: whether the pose continues the motion before it: a chi-square test against the prediction. True where
    ///   nothing was predicted.
    @discardableResult
    package mutating func observe(
        _ cameraFromMap: RigidTransform, covariance: SymmetricMatrix6 = .zero, at time: UInt64
    ) -> Bool {
        defer { last = (cameraFromMap, covariance, time) }
        guard let last, time > last.time, time - last.time <= Self.longestGap, let predicted = predict(at: time) else {
            velocity = nil
            return true
        }
        let seconds = Double(time - last.time) * 1e-9
        let noise = Spread(last.covariance) + Spread(covariance)
        let surprise = (cameraFromMap * predicted.inverse).log
        let limits = velocity == nil ? Dynamics.start(seconds, noise) : Dynamics.change(seconds, noise)
        let isContinuous =
            surprise.translation.lengthSquared / limits.translation + surprise.rotation.lengthSquared / limits.rotation
            <= Self.largestSurprise
        velocity = isContinuous ? (cameraFromMap * last.pose.inverse).log * (1 / seconds) : nil
        return isContinuous
    }

    /// The predicted `cameraFromMap`, or nil if no pose is known.
    ///
    /// - Parameters:
    ///   - time: CLOCK_MONOTONIC, nanoseconds.
    ///   - moved: the camera at the last pose in the camera at that time, where somebody measures it; nil: as fast as
    ///     before.
    package func predict(at time: UInt64, moved: RigidTransform? = nil) -> RigidTransform? {
        guard let last else { return nil }
        if let moved { return moved * last.pose }
        guard let velocity, time > last.time, time - last.time <= Self.longestGap else { return last.pose }
        return RigidTransform(exp: velocity * (Double(time - last.time) * 1e-9)) * last.pose
    }

    /// Whether two poses of one picture can both be right, by their covariances: a chi-square test as of a motion.
    package static func isSame(
        _ a: RigidTransform, _ covarianceA: SymmetricMatrix6, as b: RigidTransform, _ covarianceB: SymmetricMatrix6
    ) -> Bool {
        let surprise = (a * b.inverse).log
        let limits = Dynamics.stillness(Spread(covarianceA) + Spread(covarianceB))
        return surprise.translation.lengthSquared / limits.translation
            + surprise.rotation.lengthSquared / limits.rotation <= largestSurprise
    }

    /// The chi-square of six degrees of freedom that one in a thousand exceeds.
    private static let largestSurprise = 22.46
}

/// Variances along each axis, metres squared and radians squared.
private struct Spread {
    var translation: Double
    var rotation: Double

    init(translation: Double, rotation: Double) { (self.translation, self.rotation) = (translation, rotation) }

    init(_ covariance: SymmetricMatrix6) {
        let (t, r) = (covariance.translation.diagonal, covariance.rotation.diagonal)
        self.init(translation: max(t.x, t.y, t.z), rotation: max(r.x, r.y, r.z))
    }

    static func + (a: Spread, b: Spread) -> Spread {
        Spread(translation: a.translation + b.translation, rotation: a.rotation + b.rotation)
    }
}

/// How a vehicle, or a hand, moves a camera: standard deviations along each axis.
private enum Dynamics {
    /// Metres a second, radians a second: what a velocity may be that is not known.
    private static let speed = (10.0, 2.0)
    /// The same per second: how fast a known velocity may change.
    private static let acceleration = (30.0, 30.0)

    static func start(_ seconds: Double, _ noise: Spread) -> Spread {
        spread(speed.0 * seconds, speed.1 * seconds, noise, 1)
    }

    /// The velocity came from two poses, each as uncertain as these.
    static func change(_ seconds: Double, _ noise: Spread) -> Spread {
        spread(acceleration.0 * seconds * seconds / 2, acceleration.1 * seconds * seconds / 2, noise, 3)
    }

    /// Of one picture: nothing has moved, but a difference of a centimetre or a quarter of a degree says nothing.
    static func stillness(_ noise: Spread) -> Spread { spread(0.01, 0.004, noise, 1) }

    private static func spread(_ translation: Double, _ rotation: Double, _ noise: Spread, _ factor: Double) -> Spread {
        Spread(
            translation: translation * translation + factor * noise.translation,
            rotation: rotation * rotation + factor * noise.rotation)
    }
}
