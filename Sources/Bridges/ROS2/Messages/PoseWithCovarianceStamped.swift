internal import CCycloneDDS
internal import CROSMessages

/// A rotation and a translation, as of a pose: w first here, x first on the wire.
public struct Placement: Sendable, Equatable {
    /// Metres.
    public var position: SIMD3<Double>
    /// w, x, y, z; of unit length.
    public var attitude: SIMD4<Double>

    public init(position: SIMD3<Double>, attitude: SIMD4<Double>) {
        (self.position, self.attitude) = (position, attitude)
    }
}

/// geometry_msgs/PoseWithCovarianceStamped.
public struct PoseWithCovarianceStamped: ReadableMessage, Equatable {
    public var header: Header
    public var pose: Placement
    /// 36 values, row by row: x, y, z, rotation about x, y, z, along the axes of the header's frame.
    public var covariance: [Double]

    public init(header: Header, pose: Placement, covariance: [Double]) {
        (self.header, self.pose, self.covariance) = (header, pose, covariance)
    }

    public static let hash = "RIHS01_26432f9803e43727d3c8f668d1fdb3c630f548af631e2f4e31382371bfea3b6e"

    public static func createTopic(_ participant: Int32, _ name: String) -> Int32 {
        unsafe withUnsafePointer(to: geometry_msgs_msg_dds__PoseWithCovarianceStamped__desc) {
            unsafe dds_create_topic(participant, $0, name, nil, nil)
        }
    }

    public func write(to writer: Int32) -> Int32 {
        let memory = WireMemory()
        return unsafe memory.write(wire(in: memory), to: writer)
    }

    func wire(in memory: WireMemory) -> geometry_msgs_msg_dds__PoseWithCovarianceStamped_ {
        var wire = unsafe geometry_msgs_msg_dds__PoseWithCovarianceStamped_()
        unsafe wire.header = header.wire(in: memory)
        unsafe wire.pose = .init(pose, covariance)
        return unsafe wire
    }

    public static func take(from reader: Int32) -> Taken<Self> {
        unsafe ROS2.take(from: reader) { (wire: geometry_msgs_msg_dds__PoseWithCovarianceStamped_) in unsafe Self(wire)
        }
    }

    private init(_ wire: geometry_msgs_msg_dds__PoseWithCovarianceStamped_) {
        unsafe self.init(
            header: Header(wire.header), pose: Placement(wire.pose.pose),
            covariance: elements(of: wire.pose.covariance, as: Double.self))
    }
}

extension geometry_msgs_msg_dds__PoseWithCovariance_ {
    init(_ pose: Placement, _ values: [Double]) {
        self.init()
        self.pose.position = geometry_msgs_msg_dds__Point_(x: pose.position.x, y: pose.position.y, z: pose.position.z)
        self.pose.orientation = geometry_msgs_msg_dds__Quaternion_(pose.attitude)
        fill(&covariance, with: values)
    }
}

extension geometry_msgs_msg_dds__Quaternion_ {
    /// Of w, x, y, z.
    init(_ q: SIMD4<Double>) { self.init(x: q[1], y: q[2], z: q[3], w: q[0]) }
}

extension geometry_msgs_msg_dds__Vector3_ {
    init(_ v: SIMD3<Double>) { self.init(x: v.x, y: v.y, z: v.z) }
}

extension Placement {
    init(_ wire: geometry_msgs_msg_dds__Pose_) {
        let (p, q) = (wire.position, wire.orientation)
        self.init(position: SIMD3(p.x, p.y, p.z), attitude: SIMD4(q.w, q.x, q.y, q.z))
    }
}
