import CAllocationCounter
import CZeroMQ
import Daemon
import Geometry
import Localizer
import Messages
import Publishing
import Recording
import SwiftProtobuf
import TestSupport
import Testing

extension DaemonTests {
    /// A vehicle that drives along the map's first axis at 10 m/s; its odometry begins elsewhere, and comes 100 times a
    /// second.
    @Suite("The vehicle between fixes")
    struct VehicleOutputTests {
        let bench: Bench
        private let odometry: TestSocket
        private let states: TestSocket

        init() throws {
            bench = try Bench([
                "vehicle": "{coasting_limit: 0.3, base_from_camera: {translation: [2, 0, 0], rotation: [1, 0, 0, 0]}}",
                "odometry": "inproc://odometry", "vehicle_state": "inproc://vehicle",
                "recording": "{folder: recordings, memory: 8}",
            ])
            odometry = try bench.client(ZMQ_PUB, "inproc://odometry")
            states = try bench.client(ZMQ_SUB, "inproc://vehicle")
            try bench.start()
        }

        private func seconds() -> Double { Double(bench.clock.now - 1_000_000_000_000) * 1e-9 }

        /// Where the camera is.
        private func truth() -> Double { 10 * seconds() }

        /// Ten milliseconds: one odometry; the states that it gave.
        @discardableResult
        private func drive(resets: UInt32 = 0, offset: Double = 100) throws -> [Hfloc_V1_VehicleState] {
            bench.clock.advance(by: 10 * millisecond)
            let message = Hfloc_V1_Odometry.with {
                ($0.monotonicNs, $0.orientation.w, $0.resetCounter) = (bench.clock.now, 1, resets)
                // The camera is 2 m ahead.
                ($0.position.x, $0.position.y) = (truth() - 2 + offset, 7)
            }
            odometry.send(try message.serializedBytes())
            try #require(bench.daemon.vehicleOutput).step(bench.clock)
            return try states.drain().map { try Hfloc_V1_VehicleState(serializedBytes: try #require($0.first)) }
        }

        /// A frame of now.
        private func frame(_ offset: Double? = 0) throws {
            guard let offset else { return try bench.frame(.lost) }
            var answer = ScriptedLocalizer.Answer.localized(x: truth() + offset)
            answer.result.covariance = SymmetricMatrix6(
                translation: .identity * 1e-4, cross: .zero, rotation: .identity * 1e-6)
            try bench.frame(answer)
        }

        /// So many frames, 33 ms apart.
        @discardableResult
        private func frames(_ count: Int, _ offset: Double? = 0) throws -> [Hfloc_V1_VehicleState] {
            var all: [Hfloc_V1_VehicleState] = []
            for _ in 0..<count {
                for _ in 0..<3 { all += try drive() }
                try frame(offset)
            }
            return all
        }

        @Test("at the odometry's rate: lost, fixed after three frames, coasting without them, lost again")
        func conditions() throws {
            let first = try drive()
            #expect(first.map(\.condition) == [.lost] && first[0].reason.contains("three frames"))
            #expect(!first[0].hasPose && first[0].baseFrame == "base_link" && first[0].odomFrame == "odom")
            try frames(5)
            let fixed = try #require(try drive().last)
            #expect(fixed.condition == .fixed && fixed.reason.isEmpty && fixed.resetCounter == 1)
            #expect(fixed.monotonicNs == bench.clock.now && fixed.fixAgeNs == 10 * millisecond)
            #expect(abs(fixed.pose.position.x - (truth() - 2)) < 0.02 && fixed.pose.covariance.count == 36)
            #expect(
                abs(fixed.mapFromOdom.translation.x + 100) < 0.02 && abs(fixed.mapFromOdom.translation.y + 7) < 0.02)
            #expect(abs(fixed.linearVelocity.x - 10) < 1e-6 && fixed.mapID.count == 64)
            let rest = try frames(400, nil)
            #expect(rest.count == 1200)
            var order: [Hfloc_V1_VehicleCondition] = []
            for state in rest where state.condition != order.last { order.append(state.condition) }
            #expect(order == [.fixed, .coasting, .lost])
            let coasting = rest.filter(\.hasPose).map { $0.pose.covariance[0] }
            #expect(zip(coasting, coasting.dropFirst()).allSatisfy { $0 < $1 })
            #expect(rest.last?.reason.contains("coasting_limit") == true)
            try frames(2)
            #expect(try drive().last?.condition == .fixed)
        }

        @Test("a fix that contradicts the odometry is withheld and named; its pose is published as a degraded one")
        func contradiction() throws {
            try frames(6)
            #expect(try bench.poses().allSatisfy { $0.state == .localized })
            try frames(4, 30)
            let doubted = try bench.poses().suffix(4)
            #expect(doubted.allSatisfy { $0.state == .degraded && $0.hasPose && $0.hasBasePose })
            #expect(
                doubted.allSatisfy { $0.evidence.failedGate == .odometry && $0.reason.contains("the odometry") })
            let gates = try bench.status().gates
            #expect(gates.map(\.gate) == [.odometry] && gates[0].degraded == 4 && gates[0].withheld == 0)
            let state = try #require(try drive().last)
            let problem = try #require(try bench.status().problems.first { $0.kind == .badOdometry })
            #expect(problem.text.hasPrefix("odometry: the last 4 poses"), "\(problem.text)")
            #expect(state.withheldFixes == 4 && state.reason.contains("contradict"))
            #expect(state.condition == .fixed && abs(state.pose.position.x - (truth() - 2)) < 0.1)
            try frames(30, 30)
            let other = try #require(try drive().last)
            #expect(other.resetCounter == 2 && abs(other.pose.position.x - (truth() + 28)) < 0.1)
            #expect(other.reason.isEmpty && other.withheldFixes == 20)
            #expect(try bench.poses().last?.state == .localized, "twenty that agree are believed")
            #expect(try !bench.status().problems.contains { $0.kind == .badOdometry })
        }

        @Test("the odometry says how the camera has moved, once fixes agree with it, and only then")
        func prediction() throws {
            try frames(8)
            let motions = try bench.localizer.motions
            #expect(motions[0] == nil && motions[1] == nil)
            let moved = try #require(motions.last ?? nil)
            #expect((moved.translation - Vector3(-0.3, 0, 0)).length < 1e-9)
            try frames(1, 30)
            try frames(1, nil)
            #expect(try bench.localizer.motions.last == .some(nil))
        }

        @Test("while the camera is lost the odometry says where it must be, unless fixes contradict it")
        func belief() throws {
            try frames(8)
            #expect(try bench.localizer.beliefs.allSatisfy { $0 == nil })
            try bench.localizer.forgetsAtOnce = true
            try frames(3, nil)
            let belief = try #require(bench.localizer.beliefs.last ?? nil)
            #expect(abs(belief.cameraFromMap.originInSource.x - truth()) < 0.1 && belief.deviation > 0)
            #expect(belief.deviation < 0.3)
            try frames(1, 30)
            try frames(2, nil)
            #expect(try bench.localizer.beliefs.last == .some(nil))
        }

        @Test("odometry that begins anew, another place that is stated: nothing jumps unsaid")
        func restarts() throws {
            try frames(6)
            // Nothing is known of the motion across it: less than the limit allows.
            let after = try #require(try drive(resets: 1, offset: -50).last)
            #expect(after.condition == .lost && after.reason.contains("coasting_limit"))
            for _ in 0..<3 { try drive(resets: 1, offset: -50) }
            try frame()
            let fixed = try #require(try drive(resets: 1, offset: -50).last)
            #expect(fixed.condition == .fixed && abs(fixed.mapFromOdom.translation.x - 50) < 0.05)
            #expect(fixed.withheldFixes == 0)
            _ = try bench.ask(.relocalize(.init()))
            try frame(nil)
            let lost = try #require(try drive(resets: 1, offset: -50).last)
            #expect(lost.condition == .lost && !lost.hasPose && lost.reason.contains("three frames"))
        }

        @Test("without odometry a message a second says so")
        func silence() throws {
            try frames(6)
            bench.clock.advance(by: 2 * second)
            let output = try #require(bench.daemon.vehicleOutput)
            output.step(bench.clock)
            output.step(bench.clock)
            let told = try states.drain().map { try Hfloc_V1_VehicleState(serializedBytes: try #require($0.first)) }
            #expect(told.count == 1 && told.last?.condition == .lost)
            #expect(told.last?.reason.hasPrefix("no odometry comes") == true && told.last?.hasPose == false)
        }

        @Test("what the odometry gives reaches the frames, and a recording, in their order; refusals are told")
        func relay() throws {
            try frames(6)
            #expect(try bench.poses().allSatisfy { $0.hasMapFromOdom })
            _ = try bench.ask(.startRecording(.init()))
            try frames(4)
            odometry.send([0xff])
            try #require(bench.daemon.vehicleOutput).step(bench.clock)
            try frame()
            #expect(try bench.status().problems.contains { $0.kind == .badOdometry })
            try bench.send(.stopRecording(.init()))
            try bench.tick()
            try bench.step()
            try #require(bench.machine.threads(named: "hfloc-record").last { !$0.isFinished }).run()
            let folder = bench.files.file("recordings")
            var reader = try MCAPReader(opening: "\(folder)/\(namesInFolder(folder)[0])")
            var order: [RecordingTopic] = []
            var state: Hfloc_V1_LocalizerState?
            while let message = reader.next() {
                let channel = try #require(reader.channel(of: message))
                let topic = try #require(RecordingTopic(name: channel.topic))
                if topic == .localizerState {
                    state = try Hfloc_V1_LocalizerState(serializedBytes: reader.bytes(message.content))
                }
                if topic == .odometry || topic == .frame { order.append(topic) }
            }
            let vehicle = try #require(state).vehicle
            #expect(vehicle.belief.count == 67 && vehicle.odometry.count % 13 == 0 && vehicle.resetCounter == 1)
            #expect(order.starts(with: [.odometry, .odometry, .odometry, .frame, .odometry]))
        }

        @Test("neither thread allocates more than ZeroMQ's one block a message")
        func allocations() throws {
            // What the optimizer keeps on the stack a debug build does not.
            var isOptimized = true
            assert(
                {
                    isOptimized = false
                    return true
                }())
            guard isOptimized, hf_allocations_counted() != 0 else { return }
            try frames(8)
            let output = try #require(bench.daemon.vehicleOutput)
            let loop = try #require(bench.daemon.frameLoop)
            var messages: [[UInt8]] = []
            for step in 1...20 as ClosedRange<UInt64> {
                messages.append(
                    try Hfloc_V1_Odometry.with {
                        ($0.monotonicNs, $0.orientation.w) = (bench.clock.now + step, 1)
                        $0.position.x = truth() + 98
                        $0.covariance = [Double](repeating: 0, count: 36)
                    }.serializedBytes())
            }
            bench.clock.advance(by: 30)
            for message in messages { odometry.send(message) }
            hf_allocations_begin()
            output.step(bench.clock)
            #expect(hf_allocations_end() == 20)
            bench.frames.script += [.frame(), .frame()]
            _ = loop.step()
            hf_allocations_begin()
            _ = loop.step()
            #expect(hf_allocations_end() <= 3)
        }
    }
}
