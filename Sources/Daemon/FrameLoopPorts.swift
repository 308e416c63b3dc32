internal import Publishing

/// What the frame loop speaks and hears through: sockets in the daemon, a recording's content in a replay.
struct FrameLoopPorts {
    let publisher: any PosePublisher
    /// nil: none comes.
    let odometry: (any OdometrySource)?
    /// nil: nothing is known of a vehicle.
    let vehicle: VehicleFrame?
}
