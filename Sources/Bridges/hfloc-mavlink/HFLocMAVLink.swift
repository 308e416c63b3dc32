internal import ArgumentParser
internal import CommandSupport
internal import DaemonPoses
internal import Errors
internal import Glibc
internal import MAVLink
internal import MAVLinkBridge
internal import ProgramVersion
internal import Publishing
internal import Supervision

/// `hfloc-mavlink`: tells an autopilot where hflocd says that the vehicle is.
@main
struct HFLocMAVLink: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hfloc-mavlink",
        abstract: "Send hflocd's poses of the vehicle to an autopilot that speaks MAVLink 2.",
        discussion: """
            Sends ODOMETRY for each pose that hflocd localized, a HEARTBEAT and an ESTIMATOR_STATUS each second, and \
            answers TIMESYNC; stamps are those of CLOCK_MONOTONIC. Axes are the autopilot's: the map's east, north, \
            up become north, east, down, and the vehicle's forward, left, up become forward, right, down. Nothing is \
            sent of a pose that is late, lost or degraded. The daemon needs vehicle.base_from_camera.

            LINK is udp:HOST:PORT (frames go there), udpin:HOST:PORT (they go to where the autopilot sends from) or \
            serial:DEVICE:SPEED, such as serial:/dev/ttyAMA0:921600.
            """,
        version: Version.text)

    @Argument(help: "Where the autopilot is: udp:HOST:PORT, udpin:HOST:PORT or serial:DEVICE:SPEED.")
    var link: String
    @Option(help: "hflocd's endpoint of the poses, or with --vehicle that of vehicle_state.")
    var endpoint = "ipc:///run/hfloc/cam0/localization"
    @Flag(help: "The endpoint is the one of vehicle_state: poses at the rate of the odometry, with velocities.")
    var vehicle = false
    @Option(help: "MAV_FRAME of the poses: frd (ArduPilot; PX4, if the map does not know north) or ned (PX4).")
    var frame = Axes.frd
    @Flag(help: "Send GLOBAL_VISION_POSITION_ESTIMATE as well. With --vehicle: the map lies on the Earth.")
    var global = false
    @Option(help: "Poses a second, at most.")
    var rate = 50.0
    @Option(help: "Milliseconds: an older pose is not sent.")
    var maxAge = 250.0
    @Option(help: "The vehicle's system id.")
    var system: UInt8 = 1
    @Option(help: "This program's component id; 197 is that of visual odometry.")
    var component: UInt8 = 197

    enum Axes: String, CaseIterable, ExpressibleByArgument {
        case frd, ned
    }

    static func main() { runProgram("hfloc-mavlink") }

    func validate() throws {
        guard Link(link) != nil else {
            throw ValidationError("\(link): not a link; udp:HOST:PORT, udpin:HOST:PORT or serial:DEVICE:SPEED")
        }
        guard (1...1000).contains(rate) else { throw ValidationError("--rate: 1 to 1000") }
        guard (1...10_000).contains(maxAge) else { throw ValidationError("--max-age: 1 to 10000") }
        guard system > 0, component > 0 else { throw ValidationError("--system and --component: 1 to 255") }
    }

    func run() throws {
        try Failure.reporting(as: "hfloc-mavlink") {
            signal(SIGPIPE, SIG_IGN)
            guard let link = Link(link) else { return }
            let autopilot = try link.open()
            let subscriber: Subscriber
            do throws(PublishingError) {
                subscriber = try Subscriber(endpoint, newestOnly: true)
            } catch {
                throw Failure(.usage, error.description)
            }
            var options = options
            if let limit = link.bytesPerSecond, options.limitRate(bytesPerSecond: limit) {
                let most = Int(options.rate)
                StandardError.write("hfloc-mavlink: \(self.link) carries \(most) poses a second; others are dropped\n")
            }
            try serve(subscriber, autopilot, PoseBridge(options))
        }
    }

    private func serve(
        _ subscriber: Subscriber, _ autopilot: any OpenLink, _ bridge: consuming PoseBridge
    ) throws -> Never {
        var parser = FrameParser()
        var told: Withheld?
        while true {
            subscriber.wait(atMost: 100, or: autopilot.descriptor)
            // The autopilot first: how long its question of the time waits is an error of its clock.
            for frame in parser.take(try autopilot.receive()) {
                for answer in bridge.answer(frame, at: Self.now()) { autopilot.send(answer) }
            }
            if let message = try subscriber.receive(timeout: 0) {
                for frame in bridge.take(try reading(message), at: Self.now()) { autopilot.send(frame) }
            }
            let beat = bridge.beat(at: Self.now())
            for frame in beat { autopilot.send(frame) }
            // Once a second: a vehicle at the edge of the map would fill the journal.
            if !beat.isEmpty { tell(bridge.withheld, &told) }
        }
    }

    private func reading(_ message: [UInt8]) throws(Failure) -> VehicleReading {
        let reading =
            vehicle
            ? VehicleReading(vehicleState: message, onEarth: global) : VehicleReading(localization: message)
        guard let reading else {
            throw Failure(.badData, "\(endpoint): not a message of hfloc.v1; is it another program's endpoint?")
        }
        return reading
    }

    /// Says why no pose is sent, and when poses are sent again.
    private func tell(_ reason: Withheld?, _ told: inout Withheld?) {
        guard reason != told else { return }
        told = reason
        StandardError.write("hfloc-mavlink: \(reason.map { "no pose is sent: \($0.text)" } ?? "poses are sent")\n")
    }

    private var options: PoseBridge.Options {
        var options = PoseBridge.Options()
        options.frame = frame == .ned ? .ned : .frd
        (options.sendsGlobal, options.rate) = (global, rate)
        options.maximumAge = UInt64(maxAge * 1e6)
        (options.system, options.component) = (system, component)
        options.bootID = BootID.read()
        return options
    }

    /// CLOCK_MONOTONIC, nanoseconds.
    private static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
