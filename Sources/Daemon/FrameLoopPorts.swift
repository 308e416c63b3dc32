internal import Fusion
internal import Publishing

/// What the frame loop speaks and hears through: sockets in the daemon, a recording's content in a replay.
struct FrameLoopPorts {
    let publisher: any PosePublisher
    /// nil: none comes.
    let odometry: (any OdometrySource)?
    /// nil: nothing is known of a vehicle.
    let vehicle: VehicleFrame?
    /// How the odometry errs.
    let drift: DriftModel
    /// Who is told what is believed of the vehicle; nil: nobody.
    let estimates: EstimateRelay?
}
