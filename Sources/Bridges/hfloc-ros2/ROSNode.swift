internal import Errors
internal import ROS2
internal import ROS2Bridge

/// The names of the node's topics.
struct Topics {
    let names: NameResolver
    let pose, cameraPose, odometry, cameraInfo, transforms, diagnostics, initialPose, odom: String

    /// - Throws: of a name that is none.
    init(_ names: NameResolver) throws(Failure) {
        self.names = names
        pose = try names.topic("~/pose")
        cameraPose = try names.topic("~/camera_pose")
        odometry = try names.topic("~/odometry")
        cameraInfo = try names.topic("~/camera_info")
        transforms = try names.topic("/tf")
        diagnostics = try names.topic("/diagnostics")
        initialPose = try names.topic("initialpose")
        odom = try names.topic("odom")
    }
}

/// The node with its topics.
final class ROSNode {
    private let node: Node
    private let pose: Writer<PoseWithCovarianceStamped>
    private let cameraPose: Writer<PoseWithCovarianceStamped>
    private let odometry: Writer<Odometry>
    private let cameraInfo: Writer<CameraInfo>
    private let transforms: Writer<TFMessage>
    private let diagnostics: Writer<DiagnosticArray>
    private let initialPose: Reader<PoseWithCovarianceStamped>
    private let odom: Reader<Odometry>?

    /// - Parameter wake: gets a byte when something has come.
    init(_ node: Node, _ topics: Topics, wake: Int32, takesOdometry: Bool) throws(DDSError) {
        self.node = node
        pose = try node.writer(topics.pose)
        cameraPose = try node.writer(topics.cameraPose)
        odometry = try node.writer(topics.odometry)
        cameraInfo = try node.writer(topics.cameraInfo)
        transforms = try node.writer(topics.transforms, .transforms)
        diagnostics = try node.writer(topics.diagnostics)
        initialPose = try node.reader(topics.initialPose, wake: wake)
        odom = takesOdometry ? try node.reader(topics.odom, .anyPublisher, wake: wake) : nil
        try node.announce()
    }

    /// The next pose that somebody stated, if one came.
    func nextInitialPose() -> PoseWithCovarianceStamped? { initialPose.take() }
    /// The next odometry.
    func nextOdometry() -> Odometry? { odom?.take() }

    /// Publishes a message on its topic.
    func publish(_ message: Outgoing) throws(DDSError) {
        switch message {
        case .pose(let message): try pose.write(message)
        case .cameraPose(let message): try cameraPose.write(message)
        case .odometry(let message): try odometry.write(message)
        case .transform(let message): try transforms.write(message)
        case .cameraInfo(let message): try cameraInfo.write(message)
        case .diagnostics(let message): try diagnostics.write(message)
        }
    }
}
