internal import ArgumentParser
internal import CommandSupport
internal import Errors
internal import Glibc
internal import ProgramVersion
internal import ROS2
internal import ROS2Bridge
internal import Supervision

/// `hfloc-ros2`: a node of ROS 2 that says where hflocd says that the vehicle is.
@main
struct HFLocROS2: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hfloc-ros2",
        abstract: "Be a node of ROS 2 that passes on what hflocd says of one camera.",
        discussion: """
            Publishes ~/pose, the vehicle in the map for each frame that hflocd localized; ~/camera_pose; ~/odometry, \
            the same at the rate of the vehicle's odometry; ~/camera_info; /tf, map to odom or to base_link; and \
            /diagnostics. Takes initialpose, as a place to try first, and odom, as odometry for hflocd. Stamps are of \
            capture. Nothing is published of a pose that is late, lost or degraded. Speaks DDS by itself: no ROS is \
            needed on this machine.

            Names of topics are ROS's: relative ones are in the namespace, ~/ ones below the node. hflocd's endpoints \
            are those below ipc:///run/hfloc/NAME, by the names of the example configuration; the poses' is \
            necessary, record is for ~/camera_info and the daemon's problems, vehicle for ~/odometry, odometry for \
            odom, control for initialpose.
            """,
        version: Version.text)

    @OptionGroup(title: "hflocd") var daemon: DaemonOptions
    @OptionGroup(title: "ROS 2") var ros: ROSOptions
    @OptionGroup(title: "Frames and transforms") var transforms: TransformOptions

    static func main() { runProgram("hfloc-ros2") }

    func validate() throws {
        do throws(Failure) {
            _ = try Topics(ros.names())
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        try Failure.reporting(as: "hfloc-ros2") {
            signal(SIGPIPE, SIG_IGN)
            let topics = try Topics(ros.names())
            let wake = try WakePipe()
            let endpoints = try DaemonEndpoints(daemon)
            let node = try open(topics, wake)
            try BridgeLoop(node: node, daemon: endpoints, bridge: ROSBridge(options), wake: wake).run()
        }
    }

    /// The node; waits for what it lacks, such as an interface that comes later.
    private func open(_ topics: Topics, _ wake: WakePipe) throws(Failure) -> ROSNode {
        var told = false
        while true {
            do throws(DDSError) {
                let node = try Node(
                    domain: ros.domain, reach: ros.reach, release: ros.release, names: topics.names)
                return try ROSNode(node, topics, wake: wake.input, takesOdometry: daemon.passesOdometry)
            } catch {
                if !told { StandardError.write("hfloc-ros2: \(error): Cyclone DDS says why above; waiting for it\n") }
                told = true
                sleep(1)
            }
        }
    }

    private var options: ROSBridge.Options {
        var options = ROSBridge.Options()
        (options.name, options.transform) = (daemon.name, transforms.rule)
        options.frames = FrameNames(
            map: transforms.mapFrame, odom: transforms.odomFrame, base: transforms.baseFrame,
            camera: transforms.cameraFrame)
        options.maximumAge = UInt64(daemon.maxAge * 1e6)
        options.coasting = UInt64(transforms.tfCoast * 1e9)
        options.bootID = BootID.read()
        return options
    }
}
