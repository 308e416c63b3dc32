public import ROS2

/// A message for one of the bridge's topics.
public enum Outgoing: Sendable, Equatable {
    /// Of the vehicle, as the camera fixed it.
    case pose(PoseWithCovarianceStamped)
    /// Of the camera.
    case cameraPose(PoseWithCovarianceStamped)
    /// Of the vehicle, at the odometry's rate.
    case odometry(Odometry)
    case transform(TFMessage)
    case cameraInfo(CameraInfo)
    case diagnostics(DiagnosticArray)
}
