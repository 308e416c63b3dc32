internal import Messages
internal import ROS2
internal import SwiftProtobuf

/// Odometry of ROS for hflocd.
struct OdometryInput: Sendable {
    private(set) var accepted = 0
    private(set) var refused = 0
    /// Why the last one was refused; nil once one is taken.
    private(set) var problem: String?

    private static let oldest: UInt64 = 10_000_000_000
    private static let mostAhead: UInt64 = 1_000_000_000

    /// A serialized `hfloc.v1.Odometry`; nil if this cannot be one, and ``problem`` says why.
    ///
    /// - Parameter frames: that it must be in: odom and base.
    mutating func take(_ odometry: Odometry, frames: (odom: String, base: String), at now: Instant) -> [UInt8]? {
        problem = fault(odometry, frames, now)
        guard problem == nil, let time = now.monotonic(of: odometry.header.stamp) else {
            refused += 1
            return nil
        }
        accepted += 1
        var message = Hfloc_V1_Odometry()
        message.monotonicNs = time
        message.position = Hfloc_V1_Vector3(odometry.pose.position)
        message.orientation = Hfloc_V1_Quaternion(odometry.pose.attitude)
        message.covariance = known(odometry.covariance)
        message.linearVelocity = Hfloc_V1_Vector3(odometry.velocity)
        message.angularVelocity = Hfloc_V1_Vector3(odometry.rates)
        message.velocityCovariance = known(odometry.velocityCovariance)
        return try? message.serializedBytes()
    }

    private func fault(_ odometry: Odometry, _ frames: (odom: String, base: String), _ now: Instant) -> String? {
        let (parent, child) = (FrameNames.plain(odometry.header.frame), FrameNames.plain(odometry.childFrame))
        if !frames.odom.isEmpty, parent != frames.odom {
            return "odometry is in the frame '\(parent)', not '\(frames.odom)': set --odom-frame"
        }
        if !frames.base.isEmpty, child != frames.base {
            return "odometry is of the frame '\(child)', not '\(frames.base)': set --base-frame"
        }
        let stamp = odometry.header.stamp
        if stamp == 0 { return "odometry has no stamp" }
        if stamp > now.wall + Self.mostAhead || stamp + Self.oldest < now.wall {
            return "odometry has stamps of another clock than this machine's: use_sim_time must be false"
        }
        return nil
    }

    /// ROS says of what it does not know that it is all zero, or -1.
    private func known(_ covariance: [Double]) -> [Double] {
        let isKnown =
            covariance.allSatisfy(\.isFinite) && covariance.contains { $0 != 0 } && (covariance.first ?? -1) >= 0
        return isKnown ? covariance : []
    }
}

extension Hfloc_V1_Vector3 {
    init(_ v: SIMD3<Double>) {
        self.init()
        (x, y, z) = (v.x, v.y, v.z)
    }
}

extension Hfloc_V1_Quaternion {
    /// Of w, x, y, z.
    init(_ q: SIMD4<Double>) {
        self.init()
        (w, x, y, z) = (q[0], q[1], q[2], q[3])
    }
}
