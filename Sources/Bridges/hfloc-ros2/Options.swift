public import ArgumentParser
internal import Errors
internal import Glibc
public import ROS2
public import ROS2Bridge

/// Where hflocd is.
struct DaemonOptions: ParsableArguments {
    @Option(name: .customLong("camera"), help: "hflocd's name: its endpoints are below ipc:///run/hfloc/NAME.")
    var name = "cam0"
    @Option(help: "hflocd's endpoint of the poses ('publish').")
    var endpoint: String?
    @Option(help: "hflocd's 'record' endpoint.")
    var record: String?
    @Option(help: "hflocd's 'vehicle_state' endpoint.")
    var vehicle: String?
    @Option(help: "hflocd's 'control' endpoint.")
    var control: String?
    @Option(help: "hflocd's 'odometry' endpoint.")
    var odometry: String?
    @Flag(help: "Do not take odom: another program sends odometry to hflocd.")
    var noOdometry = false
    @Option(help: "Milliseconds: an older pose is not published.")
    var maxAge = 500.0

    var passesOdometry: Bool { !noOdometry }

    func validate() throws {
        guard (1...10_000).contains(maxAge) else { throw ValidationError("--max-age: 1 to 10000") }
        guard !name.isEmpty, !name.contains("/") else { throw ValidationError("--camera: a name, such as cam0") }
    }

    /// As the option says, or where the example configuration has it.
    func address(_ option: String?, _ file: String) -> String { option ?? "ipc:///run/hfloc/\(name)/\(file)" }
}

/// Who the node is.
struct ROSOptions: ParsableArguments {
    @Option(name: .customLong("domain"), help: "The domain. Default: $ROS_DOMAIN_ID, or 0.")
    var givenDomain: UInt32?
    @Option(name: .customLong("node"), help: "The node's name.")
    var nodeName = "hfloc"
    @Option(name: .customLong("namespace"), help: "The node's namespace, such as /robot1.")
    var space = "/"
    @Option(name: .shortAndLong, help: "Call a topic otherwise, as 'ros2 run' does: FROM:=TO. May be repeated.")
    var remap: [String] = []
    @Option(
        help: "Humble and before, or jazzy (Iron and later): with the wrong one, data flows and the node has no name.")
    var release = Node.Release.jazzy
    @Flag(help: "Be seen on this machine only, as with ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST.")
    var localhost = false

    func validate() throws {
        guard domain <= 232 else { throw ValidationError("--domain, or ROS_DOMAIN_ID: 0 to 232") }
    }

    /// As the option or else the environment has it; what is no number is above every domain.
    var domain: UInt32 { givenDomain ?? environment("ROS_DOMAIN_ID").map { UInt32($0) ?? .max } ?? 0 }

    func names() throws(Failure) -> NameResolver { try NameResolver(space: space, node: nodeName, rules: remap) }

    var reach: Node.Reach {
        let isLocal =
            localhost || environment("ROS_AUTOMATIC_DISCOVERY_RANGE") == "LOCALHOST"
            || environment("ROS_LOCALHOST_ONLY") == "1"
        return isLocal ? .localhost : .configured
    }
}

/// What tf2 gets, and how frames of reference are called.
struct TransformOptions: ParsableArguments {
    @Option(
        name: .customLong("tf"),
        help: """
            The transform: odom (map to odom), base (map to base_link), camera (map to the camera) or none. auto is \
            odom if hflocd has 'odometry' in its configuration, else base.
            """)
    var rule = TransformRule.auto
    @Option(
        help: "Seconds for which odometry alone may carry the transform, which has no covariance that would say so.")
    var tfCoast = 0.0
    @Option(help: "Default: hflocd's map_frame.")
    var mapFrame: String?
    @Option(help: "Default: hflocd's vehicle.odom_frame.")
    var odomFrame: String?
    @Option(help: "Default: hflocd's vehicle.base_frame.")
    var baseFrame: String?
    @Option(help: "Default: hflocd's camera.frame.")
    var cameraFrame: String?

    func validate() throws {
        guard (0...3600).contains(tfCoast) else { throw ValidationError("--tf-coast: 0 to 3600") }
    }
}

extension Node.Release: ExpressibleByArgument {}
extension TransformRule: ExpressibleByArgument {}

/// A variable of the environment.
private func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
