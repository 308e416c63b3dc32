/// Which transform the bridge gives to tf2, where a frame has one parent only.
public enum TransformRule: String, CaseIterable, Sendable {
    /// `odom` if hflocd takes odometry, else `base` if it knows the vehicle, else none.
    case auto
    /// map to odom; who makes the odometry gives odom to base_link (REP-105).
    case odom
    /// map to base_link.
    case base
    /// map to the camera.
    case camera
    /// None.
    case none

    /// What `auto` is, of what the daemon says of its frames.
    func resolved(_ frames: DaemonFrames) -> TransformRule {
        guard self == .auto else { return self }
        if !frames.odom.isEmpty { return .odom }
        return frames.base.isEmpty ? .none : .base
    }
}
