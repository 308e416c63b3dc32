// Written by tools/generate/generate-wire from hfloc/v1/vehicle.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// How far a vehicle's pose may be used.
    public enum VehicleCondition: UInt8, Sendable, CaseIterable {
        /// Of a version that is not known: take it as LOST.
        case unspecified = 0
        /// The camera has fixed the pose within the last half second.
        case fixed = 1
        /// Odometry alone has carried it since; the covariance says how far to believe it.
        case coasting = 2
        /// No pose is known, or its standard deviation is above vehicle.coasting_limit.
        case lost = 3
    }
}

extension Wire {
    /// The numbers of the fields of `hfloc.v1.VehicleState`.
    enum VehicleStateField {
        /// Counts the messages of this session from 1.
        static let sequence = 1
        /// As in Localization.
        static let sessionID = 2
        /// As in Localization.
        static let bootID = 3
        /// When the vehicle was there, CLOCK_MONOTONIC: the stamp of the odometry. Without odometry, now.
        static let monotonicNs = 4
        /// The same instant since the Unix epoch.
        static let wallNs = 5
        /// When the message was handed to ZeroMQ, CLOCK_MONOTONIC.
        static let publishMonotonicNs = 6
        /// How far the pose may be used.
        static let condition = 7
        /// The vehicle in the map, as Localization.base_pose, with a covariance that grows without fixes. Absent while
        /// LOST.
        static let pose = 8
        /// Of base_link's origin, along base_link's axes, metres a second: what the odometry says, or the difference of
        /// its last two poses. Absent if neither is known.
        static let linearVelocity = 9
        /// About base_link's axes, radians a second. Present as linear_velocity is.
        static let angularVelocity = 10
        /// As Odometry.velocity_covariance; empty if the odometry does not say.
        static let velocityCovariance = 11
        /// The odometry's frame in the map (REP-105): pose * inverse(odometry). Present as `pose` is.
        static let mapFromOdom = 12
        /// How long ago the camera fixed the pose, at monotonic_ns. 0 if it never did.
        static let fixAgeNs = 13
        /// Increments when the pose may have jumped: by a fix that moved it by more than 0.3 m or 0.05 rad, or because
        /// other fixes are believed.
        static let resetCounter = 14
        /// Fixes that contradicted the odometry so far: they did not move the pose.
        static let withheldFixes = 15
        /// One sentence for people: why the pose is coasting or lost, or what contradicts it. Empty if all is well.
        static let reason = 16
        /// As in Localization.
        static let mapFrame = 17
        /// As in Localization.
        static let mapID = 18
        /// As in Localization.
        static let baseFrame = 19
        /// As in Localization.
        static let odomFrame = 20
        /// As in Localization.
        static let protocolVersion = 21
    }
}
