import DaemonPoses
import MAVLink
import Testing

import MAVLinkBridge

private let second: UInt64 = 1_000_000_000

private func reading(at time: UInt64, session: UInt64 = 1, resets: UInt32 = 0) -> VehicleReading {
    var pose = VehiclePose(
        position: SIMD3(3, 5, 7), attitude: SIMD4(1, 0, 0, 0),
        covariance: (0..<36).map { $0 % 7 == 0 ? 0.25 : 0 }, quality: 100)
    pose.isOnEarth = true
    return VehicleReading(session: session, bootID: "this boot", time: time, resetCounter: resets, pose: .success(pose))
}

private func bridge(_ change: (inout PoseBridge.Options) -> Void = { _ in }) -> PoseBridge {
    var options = PoseBridge.Options()
    options.bootID = "this boot"
    change(&options)
    return PoseBridge(options)
}

private func odometry(_ frames: [[UInt8]]) -> [Odometry] { messages(frames) }

private func messages<M: Message>(_ frames: [[UInt8]]) -> [M] {
    var parser = FrameParser()
    return parser.take(frames.joined()).compactMap { $0.message() }
}

@Suite struct PoseBridgeTests {
    @Test func `a pose is sent in the autopilot's axes, with its covariance and the stamp of capture`() throws {
        var bridge = bridge()
        let sent = odometry(bridge.take(reading(at: 100 * second), at: 100 * second + 30_000_000))
        let message = try #require(sent.first)
        #expect(message.time == 100_000_000)
        #expect(message.position == SIMD3(5, 3, -7))
        #expect(message.attitude == SIMD4(1, 0, 0, 1) * Float(0.5).squareRoot())
        #expect(message.poseCovariance == UpperTriangle { $0 == $1 ? 0.25 : 0 })
        #expect(message.velocityCovariance.values[0].isNaN)
        #expect(message.velocity.x.isNaN)
        #expect(message.frame == .frd)
        #expect(message.quality == 100)
    }

    @Test func `a pose without a covariance says that it has none`() throws {
        var bridge = bridge()
        var unsure = reading(at: 100 * second)
        unsure.pose = unsure.pose.map {
            var pose = $0
            pose.covariance = nil
            return pose
        }
        let message = try #require(odometry(bridge.take(unsure, at: 100 * second)).first)
        #expect(message.poseCovariance.values[0].isNaN)
        #expect(message.poseCovariance.values.dropFirst().allSatisfy { $0 == 0 })
    }

    @Test func `the reset counter moves exactly with the daemon's, and wraps`() {
        var bridge = bridge()
        var time = 100 * second
        for count: UInt32 in [0, 0, 1, 254, 255, 256, 256, 258, .max, 3] {
            let sent = odometry(bridge.take(reading(at: time, resets: count), at: time))
            #expect(sent.map(\.resetCounter) == [UInt8(truncatingIfNeeded: count)])
            time += second
        }
    }

    @Test func `the reset counter follows the daemon while no pose is sent`() {
        var bridge = bridge()
        _ = bridge.take(reading(at: 100 * second, resets: 4), at: 100 * second)
        var lost = reading(at: 101 * second, resets: 5)
        lost.pose = .failure(.notLocalized("LOST", ""))
        #expect(bridge.take(lost, at: 101 * second).isEmpty)
        let sent = odometry(bridge.take(reading(at: 102 * second, resets: 6), at: 102 * second))
        #expect(sent.map(\.resetCounter) == [6])
    }

    @Test func `a restarted daemon moves the reset counter by one, and goes on from there`() {
        var bridge = bridge()
        let sent = [(1, 7), (2, 0), (2, 0), (2, 1)].enumerated().flatMap { index, step in
            let time = UInt64(100 + index) * second
            let reading = reading(at: time, session: UInt64(step.0), resets: UInt32(step.1))
            return odometry(bridge.take(reading, at: time))
        }
        #expect(sent.map(\.resetCounter) == [7, 8, 8, 9])
    }

    @Test func `a pose that is late, of the future or of another clock is not sent`() {
        var bridge = bridge()
        #expect(bridge.take(reading(at: 100 * second), at: 100 * second + 250_000_001).isEmpty)
        #expect(bridge.withheld == .stale)
        #expect(bridge.take(reading(at: 101 * second), at: 100 * second).isEmpty)
        #expect(bridge.withheld == .future)
        var other = reading(at: 101 * second)
        other.bootID = "another boot"
        #expect(bridge.take(other, at: 101 * second).isEmpty)
        #expect(bridge.withheld == .otherMachine)
        #expect(!bridge.take(reading(at: 102 * second), at: 102 * second + 250_000_000).isEmpty)
        #expect(bridge.withheld == nil)
    }

    @Test func `a pose is sent once, and none before the last`() {
        var bridge = bridge()
        #expect(bridge.take(reading(at: 100 * second), at: 100 * second).count == 1)
        #expect(bridge.take(reading(at: 100 * second), at: 100 * second).isEmpty)
        #expect(bridge.take(reading(at: 100 * second - 40_000_000), at: 100 * second).isEmpty)
    }

    @Test func `of 200 poses a second 50 are sent, of 30 all`() {
        for (rate, expected) in [(200, 50), (30, 30)] {
            var bridge = bridge { $0.rate = 50 }
            let sent = (0..<rate).flatMap { index in
                let time = 100 * second + UInt64(index) * second / UInt64(rate)
                return bridge.take(reading(at: time), at: time)
            }
            #expect(sent.count == expected)
        }
    }

    @Test func `a slow serial port gets as many poses as it carries`() {
        var options = PoseBridge.Options()
        // 57600 baud: 5760 bytes a second, of which 4608 for frames of 245.
        let isLowered = options.limitRate(bytesPerSecond: 5760)
        #expect(isLowered)
        #expect(abs(options.rate - 4608.0 / 245) < 1e-9)
        options.rate = 50
        let isLoweredAgain = options.limitRate(bytesPerSecond: 92_160)
        #expect(!isLoweredAgain && options.rate == 50)
    }

    @Test func `each second there is a heartbeat, which says whether poses are sent`() {
        var bridge = bridge()
        let before = bridge.beat(at: 100 * second)
        _ = bridge.take(reading(at: 100 * second), at: 100 * second)
        #expect(bridge.beat(at: 100 * second + 900_000_000).isEmpty)
        _ = bridge.take(reading(at: 100 * second + 900_000_000), at: 100 * second + 900_000_000)
        let during = bridge.beat(at: 101 * second)
        let after = bridge.beat(at: 102 * second)
        let states = [before, during, after].map { (messages($0) as [Heartbeat]).map(\.state) }
        #expect(states == [[.standby], [.active], [.standby]])
        let known = [before, during, after].map { (messages($0) as [EstimatorStatus]).map(\.known.isEmpty) }
        #expect(known == [[true], [false], [true]])
        let status: [EstimatorStatus] = messages(during)
        #expect(status.map(\.horizontalAccuracy) == [Float(0.5).squareRoot()])
        #expect(status.map(\.verticalAccuracy) == [0.5])
    }

    @Test func `a silent daemon is named`() {
        var bridge = bridge()
        _ = bridge.beat(at: 100 * second)
        #expect(bridge.withheld == nil)
        _ = bridge.beat(at: 103 * second)
        #expect(bridge.withheld == .silence)
        _ = bridge.take(reading(at: 104 * second), at: 104 * second)
        #expect(bridge.withheld == nil)
    }

    @Test func `a question of the time is answered with the clock of the stamps`() {
        var bridge = bridge()
        var autopilot = FrameWriter(system: 1, component: 1)
        var parser = FrameParser()
        let asked = autopilot.frame(TimeSync(answered: 0, asked: 77)) + autopilot.frame(Heartbeat(state: .active))
        let answers = parser.take(asked).flatMap { bridge.answer($0, at: 5 * second) }
        #expect(messages(answers) == [TimeSync(answered: Int64(5 * second), asked: 77)])
    }

    @Test func `the global estimate is sent on request, of a map that lies on the Earth`() {
        var bridge = bridge { $0.sendsGlobal = true }
        let frames = bridge.take(reading(at: 100 * second, resets: 9), at: 100 * second)
        let sent: [GlobalVisionPositionEstimate] = messages(frames)
        #expect(sent.map(\.position) == [SIMD3(5, 3, -7)])
        #expect(sent.map { abs($0.angles.z - .pi / 2) < 1e-6 && $0.angles.x == 0 && $0.angles.y == 0 } == [true])
        #expect(sent.map(\.resetCounter) == [9])
        var elsewhere = reading(at: 101 * second)
        elsewhere.pose = elsewhere.pose.map {
            var pose = $0
            pose.isOnEarth = false
            return pose
        }
        #expect((messages(bridge.take(elsewhere, at: 101 * second)) as [GlobalVisionPositionEstimate]).isEmpty)
    }
}
