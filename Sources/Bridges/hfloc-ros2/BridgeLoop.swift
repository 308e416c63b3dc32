internal import DaemonPoses
internal import Errors
internal import Glibc
internal import Publishing
internal import ROS2
internal import ROS2Bridge

/// Waits for hflocd and for ROS, and passes on what each says: one thread.
struct BridgeLoop {
    let node: ROSNode
    let daemon: DaemonEndpoints
    var bridge: ROSBridge
    let wake: WakePipe
    private var told: (withheld: Withheld?, odometry: String?, prior: String) = (nil, nil, "")
    /// CLOCK_MONOTONIC at which an answer to /initialpose is late; nil if none is awaited.
    private var answerBy: UInt64?

    private static let second: UInt64 = 1_000_000_000

    init(node: ROSNode, daemon: DaemonEndpoints, bridge: ROSBridge, wake: WakePipe) {
        (self.node, self.daemon, self.bridge, self.wake) = (node, daemon, bridge, wake)
    }

    /// Ends by a signal, or because an endpoint is another program's.
    consuming func run() throws(Failure) -> Never {
        while true {
            Subscriber.wait(for: daemon.subscribers, atMost: answerBy == nil ? 100 : 10, or: wake.output)
            try passOn()
            hear()
            awaitAnswer()
            let beat = bridge.beat(at: now())
            publish(beat)
            // Once a second: a vehicle at the edge of the map would fill the journal.
            if !beat.isEmpty { tell() }
        }
    }

    /// From hflocd to ROS.
    private mutating func passOn() throws(Failure) {
        while let message = frame(of: daemon.poses) {
            guard let out = bridge.take(localization: message, at: now()) else { throw Self.foreign("--endpoint") }
            publish(out)
        }
        while let message = frame(of: daemon.vehicle) {
            guard let out = bridge.take(vehicleState: message, at: now()) else { throw Self.foreign("--vehicle") }
            publish(out)
        }
        while let frames = try? daemon.record.receiveFrames(timeout: 0) {
            guard frames.count == 3 else { continue }
            publish(bridge.take(record: String(decoding: frames[0], as: UTF8.self), payload: frames[2], at: now()))
        }
    }

    private static func foreign(_ option: String) -> Failure {
        Failure(.badData, "\(option): not a message of hfloc.v1; is it another endpoint, or another program's?")
    }

    private func frame(of subscriber: Subscriber) -> [UInt8]? { (try? subscriber.receive(timeout: 0)) ?? nil }

    /// From ROS to hflocd.
    private mutating func hear() {
        wake.drain()
        while let odometry = node.nextOdometry() {
            if let message = bridge.take(odometry: odometry, at: now()) { daemon.odometry?.send(message) }
        }
        while let pose = node.nextInitialPose() {
            guard let request = bridge.take(initialPose: pose) else { continue }
            if daemon.control.send(request, timeout: 0) {
                answerBy = now().monotonic + 2 * Self.second
            } else {
                bridge.priorFailed()
            }
        }
    }

    private mutating func awaitAnswer() {
        guard let limit = answerBy else { return }
        if let reply = (try? daemon.control.receive(timeout: 0)) ?? nil {
            bridge.take(reply: reply)
            answerBy = nil
        } else if now().monotonic > limit {
            bridge.priorFailed()
            answerBy = nil
        }
    }

    private func publish(_ messages: [Outgoing]) {
        for message in messages {
            do throws(DDSError) {
                try node.publish(message)
            } catch {
                StandardError.write("hfloc-ros2: \(error)\n")
            }
        }
    }

    /// Says why no pose is published, and when poses are again; and what became of the rest.
    private mutating func tell() {
        let reason = bridge.withheld
        if reason != told.withheld {
            let text = reason.map { "no pose is published: \($0.text)" } ?? "poses are published"
            StandardError.write("hfloc-ros2: \(text)\n")
        }
        let odometry = bridge.odometryProblem
        if let odometry, odometry != told.odometry { StandardError.write("hfloc-ros2: \(odometry)\n") }
        let prior = bridge.priorOutcome
        if prior != told.prior { StandardError.write("hfloc-ros2: initialpose: \(prior)\n") }
        told = (reason, odometry, prior)
    }

    private func now() -> Instant { Instant(monotonic: Self.clock(CLOCK_MONOTONIC), wall: Self.clock(CLOCK_REALTIME)) }

    private static func clock(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
