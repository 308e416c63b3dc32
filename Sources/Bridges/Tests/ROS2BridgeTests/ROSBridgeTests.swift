import DaemonPoses
import Messages
import ROS2
import SwiftProtobuf
import Testing

import ROS2Bridge

private let second: UInt64 = 1_000_000_000
/// The wall clock is ahead of the other by this.
private let epoch: UInt64 = 1_700_000_000 * second

private func instant(_ monotonic: UInt64) -> Instant { Instant(monotonic: monotonic, wall: epoch + monotonic) }

private func bridge(_ change: (inout ROSBridge.Options) -> Void = { _ in }) -> ROSBridge {
    var options = ROSBridge.Options()
    options.bootID = "this boot"
    change(&options)
    return ROSBridge(options)
}

private func wirePose(_ x: Double) -> Hfloc_V1_Pose {
    var pose = Hfloc_V1_Pose()
    pose.position.x = x
    pose.orientation.w = 1
    pose.covariance = (0..<36).map { $0 % 7 == 0 ? 0.25 : 0 }
    return pose
}

private func localization(
    at time: UInt64, sequence: UInt64, _ change: (inout Hfloc_V1_Localization) -> Void = { _ in }
) throws -> [UInt8] {
    var message = Hfloc_V1_Localization()
    (message.sessionID, message.sequence, message.bootID) = (1, sequence, "this boot")
    (message.captureMonotonicNs, message.captureWallNs) = (time, epoch + time)
    (message.mapFrame, message.cameraFrame, message.baseFrame) = ("map", "camera", "base_link")
    (message.state, message.pose, message.basePose) = (.localized, wirePose(1), wirePose(2))
    change(&message)
    return try message.serializedBytes()
}

private func stamps(_ messages: [Outgoing]?) -> [UInt64] {
    (messages ?? []).compactMap { if case .pose(let pose) = $0 { pose.header.stamp } else { nil } }
}

private func transforms(_ messages: [Outgoing]?) -> [TFMessage] {
    (messages ?? []).compactMap { if case .transform(let message) = $0 { message } else { nil } }
}

private func statuses(_ messages: [Outgoing]?) -> [DiagnosticStatus] {
    (messages ?? []).flatMap { message -> [DiagnosticStatus] in
        if case .diagnostics(let array) = message { array.status } else { [] }
    }
}

@Suite struct ROSBridgeTests {
    @Test func `a message of a later protocol is not passed on`() throws {
        var bridge = bridge()
        let now = instant(100 * second)
        let newer = try localization(at: 100 * second, sequence: 5) { $0.protocolVersion = 2 }
        #expect(stamps(bridge.take(localization: newer, at: now)).isEmpty)
        #expect(bridge.withheld == .newer)
        let known = try localization(at: 100 * second, sequence: 6) { $0.protocolVersion = 1 }
        #expect(stamps(bridge.take(localization: known, at: now)).count == 1 && bridge.withheld == nil)
    }

    @Test func `a pose is passed on once, in time order, and not when it is late or ahead`() throws {
        var bridge = bridge()
        let now = instant(100 * second)
        #expect(
            stamps(bridge.take(localization: try localization(at: 100 * second, sequence: 5), at: now)) == [
                epoch + 100 * second
            ])
        #expect(bridge.withheld == nil)
        let repeated = try localization(at: 100 * second, sequence: 5)
        #expect(stamps(bridge.take(localization: repeated, at: now)).isEmpty)
        #expect(bridge.withheld == nil, "a copy is no fault")
        let late = try localization(at: 99 * second, sequence: 6)
        #expect(stamps(bridge.take(localization: late, at: now)).isEmpty)
        #expect(bridge.withheld == .stale)
        let ahead = try localization(at: 101 * second, sequence: 7)
        #expect(stamps(bridge.take(localization: ahead, at: now)).isEmpty)
        #expect(bridge.withheld == .future)
        let slightlyAhead = try localization(at: 100 * second + 1000, sequence: 8)
        #expect(stamps(bridge.take(localization: slightlyAhead, at: now)).isEmpty, "ROS is not told of the future")
    }

    @Test func `after a step of the wall clock poses come again`() throws {
        var bridge = bridge()
        _ = bridge.take(localization: try localization(at: 100 * second, sequence: 1), at: instant(100 * second))
        let back = Instant(monotonic: 101 * second, wall: epoch + 41 * second)
        let message = try localization(at: 101 * second, sequence: 2) { $0.captureWallNs = epoch + 41 * second }
        #expect(stamps(bridge.take(localization: message, at: back)) == [epoch + 41 * second])
    }

    @Test func `a daemon that was started again counts from one`() throws {
        var bridge = bridge()
        _ = bridge.take(localization: try localization(at: 100 * second, sequence: 900), at: instant(100 * second))
        let message = try localization(at: 101 * second, sequence: 1) { $0.sessionID = 2 }
        #expect(stamps(bridge.take(localization: message, at: instant(101 * second))).count == 1)
    }

    @Test func `the transform's child follows what the daemon has, or the rule`() throws {
        let odom: (inout Hfloc_V1_Localization) -> Void = {
            $0.odomFrame = "odom"
            $0.mapFromOdom.translation.x = 9
            $0.mapFromOdom.rotation.w = 1
        }
        func child(_ rule: TransformRule, _ change: (inout Hfloc_V1_Localization) -> Void = { _ in }) throws -> [String]
        {
            var bridge = bridge { $0.transform = rule }
            let bytes = try localization(at: 100 * second, sequence: 1, change)
            return transforms(bridge.take(localization: bytes, at: instant(100 * second))).map(\.childFrame)
        }
        #expect(try child(.auto) == ["base_link"])
        #expect(try child(.auto, odom) == ["odom"])
        #expect(try child(.base, odom) == ["base_link"])
        #expect(try child(.camera, odom) == ["camera"])
        #expect(try child(.none, odom).isEmpty)
        // Odometry is configured, and does not come: base_link must not get a second parent.
        #expect(try child(.auto) { $0.odomFrame = "odom" }.isEmpty)
        #expect(try child(.auto) { ($0.baseFrame, $0.state) = ("", .localized) }.isEmpty)
    }

    @Test func `names that are given win, and lose their slash`() throws {
        var bridge = bridge { $0.frames = FrameNames(map: "/world", base: "chassis") }
        let out = bridge.take(localization: try localization(at: second, sequence: 1), at: instant(second))
        let transform = try #require(transforms(out).first)
        #expect(transform.header.frame == "world")
        #expect(transform.childFrame == "chassis")
    }

    @Test func `without a covariance there is no pose`() throws {
        var bridge = bridge()
        let bytes = try localization(at: second, sequence: 1) { $0.basePose.covariance = [] }
        #expect(stamps(bridge.take(localization: bytes, at: instant(second))).isEmpty)
        #expect(bridge.withheld == .noPose)
    }

    @Test func `silence makes diagnostics stale`() throws {
        var bridge = bridge()
        let begun = statuses(bridge.beat(at: instant(second)))
        #expect(begun.first?.level == .stale)
        _ = bridge.take(localization: try localization(at: 2 * second, sequence: 1), at: instant(2 * second))
        #expect(statuses(bridge.beat(at: instant(2 * second))).first?.level == .ok)
        #expect(bridge.beat(at: instant(2 * second + 1)).isEmpty, "once a second")
        let silent = statuses(bridge.beat(at: instant(8 * second)))
        #expect(silent.first?.level == .stale)
        #expect(bridge.withheld == .silence)
    }

    @Test func `bytes of no message are none`() {
        var bridge = bridge()
        #expect(bridge.take(localization: [0xff, 0xff], at: instant(second)) == nil)
        #expect(bridge.take(vehicleState: [0xff, 0xff], at: instant(second)) == nil)
        #expect(bridge.take(record: "status", payload: [0xff, 0xff], at: instant(second)).isEmpty)
        bridge.take(reply: [0xff, 0xff])
        #expect(bridge.priorOutcome.isEmpty)
    }
}

@Suite struct OdometryInputTests {
    private func odometry(_ stamp: UInt64) -> Odometry {
        Odometry(
            header: Header(stamp: stamp, frame: "/odom"), childFrame: "base_link",
            pose: Placement(position: SIMD3(1, 2, 3), attitude: SIMD4(1, 0, 0, 0)),
            covariance: [Double](repeating: 0, count: 36), velocity: SIMD3(4, 5, 6), rates: SIMD3(7, 8, 9),
            velocityCovariance: [Double](repeating: 0.5, count: 36))
    }

    private func sent(_ bridge: inout ROSBridge, _ odometry: Odometry, _ now: Instant) throws -> Hfloc_V1_Odometry? {
        try bridge.take(odometry: odometry, at: now).map { try Hfloc_V1_Odometry(serializedBytes: $0) }
    }

    @Test func `a stamp of ROS becomes one of the monotonic clock`() throws {
        var bridge = bridge()
        let message = try #require(
            try sent(&bridge, odometry(epoch + 99 * second), instant(100 * second)))
        #expect(message.monotonicNs == 99 * second)
        #expect(message.linearVelocity.y == 5)
        #expect(message.covariance.isEmpty, "all zero is ROS's word for not known")
        #expect(message.velocityCovariance.count == 36)
    }

    @Test func `what is of another clock or frame is refused with its cure`() throws {
        var bridge = bridge()
        _ = bridge.take(
            localization: try localization(at: 100 * second, sequence: 1) { $0.odomFrame = "odom" },
            at: instant(100 * second))
        let now = instant(100 * second)
        for stamp in [0, 5 * second, epoch + 80 * second, epoch + 102 * second] {
            #expect(try sent(&bridge, odometry(stamp), now) == nil)
            #expect(bridge.odometryProblem != nil)
        }
        var other = odometry(epoch + 100 * second)
        other.childFrame = "laser"
        #expect(try sent(&bridge, other, now) == nil)
        #expect(bridge.odometryProblem?.contains("--base-frame") == true)
        #expect(try sent(&bridge, odometry(epoch + 100 * second), now) != nil)
        #expect(bridge.odometryProblem == nil)
        let counts = statuses(bridge.beat(at: now)).first { $0.name.hasSuffix("odometry") }?.values.map(\.value)
        #expect(counts == ["1", "5"])
    }
}

@Suite struct PriorRequestTests {
    private func stated(_ frame: String, _ covariance: [Double]) -> PoseWithCovarianceStamped {
        PoseWithCovarianceStamped(
            header: Header(stamp: epoch, frame: frame),
            pose: Placement(position: SIMD3(1, 2, 3), attitude: SIMD4(1, 0, 0, 0)), covariance: covariance)
    }

    private func request(
        _ covariance: [Double], frame: String = "map", _ change: (inout Hfloc_V1_Localization) -> Void = { _ in }
    ) throws -> (Hfloc_V1_SetPrior?, String) {
        var bridge = bridge()
        _ = bridge.take(localization: try localization(at: second, sequence: 1, change), at: instant(second))
        let bytes = bridge.take(initialPose: stated(frame, covariance))
        return (try bytes.map { try Hfloc_V1_ControlRequest(serializedBytes: $0).setPrior }, bridge.priorOutcome)
    }

    @Test func `the largest deviation along the axes counts, and RViz's where none is said`() throws {
        var covariance = [Double](repeating: 0, count: 36)
        let unsaid = try #require(try request(covariance).0)
        #expect((unsaid.positionSigmaM, unsaid.rotationSigmaRad) == (0.5, 0.26))
        (covariance[0], covariance[14], covariance[28]) = (1, 4, 0.01)
        let said = try #require(try request(covariance).0)
        #expect(said.positionSigmaM == 2)
        #expect(abs(said.rotationSigmaRad - 0.1) < 1e-12)
        covariance[0] = 1e12
        #expect(try request(covariance).0?.positionSigmaM == 1e4)
    }

    @Test func `what cannot be a prior is refused in words`() throws {
        let none = [Double](repeating: 0, count: 36)
        #expect(try request(none, frame: "odom").1.contains("RViz"))
        #expect(try request(none) { $0.baseFrame = "" }.1.contains("base_from_camera"))
        var unheard = bridge()
        #expect(unheard.take(initialPose: stated("map", none)) == nil)
        #expect(unheard.priorOutcome.contains("said nothing"))
    }

    @Test func `the daemon's answer is told`() throws {
        var bridge = bridge()
        _ = bridge.take(localization: try localization(at: second, sequence: 1), at: instant(second))
        _ = bridge.take(initialPose: stated("map", []))
        var reply = Hfloc_V1_ControlReply()
        (reply.requestID, reply.ok, reply.error) = (7, false, "of another question")
        bridge.take(reply: try reply.serializedBytes())
        #expect(bridge.priorOutcome == "asked")
        (reply.requestID, reply.error) = (1, "no map")
        bridge.take(reply: try reply.serializedBytes())
        #expect(bridge.priorOutcome == "not taken: no map")
    }
}
