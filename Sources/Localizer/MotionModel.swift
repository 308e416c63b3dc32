package import Geometry

/// Predicts where the camera is from its last two poses: constant velocity in SE(3).
package struct MotionModel {
    private var last: (pose: RigidTransform, time: UInt64)?
    /// Motion of the camera per second, in the tangent of `cameraFromMap`; nil until two poses are known.
    private var velocity: Twist?
    /// Velocities from poses further apart than this say nothing about now, nanoseconds.
    private static let longestGap: UInt64 = 1_000_000_000

    package init() {}

    /// `cameraFromMap` of the last pose; nil if none is known.
    package var lastPose: RigidTransform? { last?.pose }

    package mutating func forget() {
        last = nil
        velocity = nil
    }

    /// Takes a pose into account. A stamp that does not advance only replaces the pose.
    package mutating func observe(_ cameraFromMap: RigidTransform, at time: UInt64) {
        if let last, time > last.time, time - last.time <= Self.longestGap {
            let seconds = Double(time - last.time) * 1e-9
            velocity = (cameraFromMap * last.pose.inverse).log * (1 / seconds)
        } else {
            velocity = nil
        }
        last = (cameraFromMap, time)
    }

    /// The predicted `cameraFromMap`, or nil if no pose is known.
    package func predict(at time: UInt64) -> RigidTransform? {
        guard let last else { return nil }
        guard let velocity, time > last.time, time - last.time <= Self.longestGap else { return last.pose }
        return RigidTransform(exp: velocity * (Double(time - last.time) * 1e-9)) * last.pose
    }
}
