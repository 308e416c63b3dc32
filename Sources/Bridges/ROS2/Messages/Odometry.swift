internal import CCycloneDDS
internal import CROSMessages

/// nav_msgs/Odometry.
public struct Odometry: ReadableMessage, Equatable {
    public var header: Header
    /// The frame whose pose and velocity this is, such as `base_link`.
    public var childFrame: String
    public var pose: Placement
    /// As of ``PoseWithCovarianceStamped``.
    public var covariance: [Double]
    /// Metres a second, along the child frame's axes.
    public var velocity: SIMD3<Double>
    /// Radians a second, about them.
    public var rates: SIMD3<Double>
    /// 36 values, of velocity and rates, along those axes.
    public var velocityCovariance: [Double]

    public init(
        header: Header, childFrame: String, pose: Placement, covariance: [Double], velocity: SIMD3<Double>,
        rates: SIMD3<Double>, velocityCovariance: [Double]
    ) {
        (self.header, self.childFrame, self.pose) = (header, childFrame, pose)
        (self.covariance, self.velocity, self.rates) = (covariance, velocity, rates)
        self.velocityCovariance = velocityCovariance
    }

    public static let hash = "RIHS01_3cc97dc7fb7502f8714462c526d369e35b603cfc34d946e3f2eda2766dfec6e0"

    public static func createTopic(_ participant: Int32, _ name: String) -> Int32 {
        unsafe withUnsafePointer(to: nav_msgs_msg_dds__Odometry__desc) {
            unsafe dds_create_topic(participant, $0, name, nil, nil)
        }
    }

    public func write(to writer: Int32) -> Int32 {
        let memory = WireMemory()
        return unsafe memory.write(wire(in: memory), to: writer)
    }

    func wire(in memory: WireMemory) -> nav_msgs_msg_dds__Odometry_ {
        var wire = unsafe nav_msgs_msg_dds__Odometry_()
        unsafe wire.header = header.wire(in: memory)
        unsafe wire.child_frame_id = memory.string(childFrame)
        unsafe wire.pose = .init(pose, covariance)
        unsafe wire.twist.twist.linear = .init(velocity)
        unsafe wire.twist.twist.angular = .init(rates)
        unsafe fill(&wire.twist.covariance, with: velocityCovariance)
        return unsafe wire
    }

    public static func take(from reader: Int32) -> Taken<Self> {
        unsafe ROS2.take(from: reader) { (wire: nav_msgs_msg_dds__Odometry_) in unsafe Self(wire) }
    }

    private init(_ wire: nav_msgs_msg_dds__Odometry_) {
        let (linear, angular) = unsafe (wire.twist.twist.linear, wire.twist.twist.angular)
        unsafe self.init(
            header: Header(wire.header), childFrame: text(wire.child_frame_id), pose: Placement(wire.pose.pose),
            covariance: elements(of: wire.pose.covariance, as: Double.self),
            velocity: SIMD3(linear.x, linear.y, linear.z), rates: SIMD3(angular.x, angular.y, angular.z),
            velocityCovariance: elements(of: wire.twist.covariance, as: Double.self))
    }
}
