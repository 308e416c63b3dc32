import CAllocationCounter
import CZeroMQ
import Capture
import Daemon
import Geometry
import Localizer
import Messages
import Publishing
import SwiftProtobuf
import Testing

extension DaemonTests {
    @Suite("The way of a frame")
    struct FrameLoopTests {
        let bench: Bench

        init() throws {
            bench = try Bench()
        }

        @Test("a localized frame: its times, whose it is, the pose, the evidence and what each stage took")
        func localized() throws {
            let clock = bench.clock
            bench.frames.counts.skipped = 3
            bench.frames.counts.dropped = 2
            bench.frames.script = [.frame(age: 4_000_000)]
            try bench.start()
            let localizer = try bench.localizer
            localizer.answers = [.localized(x: 1.5, source: .retrieval, resets: 6)]
            localizer.answers[0].result.latencies.localFeatures = 11
            localizer.answers[0].result.latencies.globalDescriptor = 12
            localizer.answers[0].result.latencies.retrieval = 13
            localizer.answers[0].result.latencies.matching = 14
            localizer.answers[0].result.latencies.poseEstimation = 15
            localizer.duringFrame = { clock.advance(by: 20 * millisecond) }
            let captured = clock.now - 4 * millisecond
            try bench.step()
            let message = try #require(try bench.poses().first)
            #expect(message.sequence == 1 && message.frameSequence == 1 && message.state == .localized)
            #expect(message.frames.captured == 1 && message.frames.skipped == 3 && message.frames.dropped == 2)
            #expect(message.captureMonotonicNs == captured)
            #expect(message.captureWallNs == captured + 1_700_000_000_000_000_000)
            #expect(message.wallClockUncertaintyNs == 40 && message.wallClockSynchronized)
            #expect(message.wallClockMaxErrorNs == 2_500_000)
            #expect(message.publishMonotonicNs == captured + 24 * millisecond)
            #expect(message.pose.position == .with { $0.x = 1.5 })
            #expect(message.pose.orientation == .with { $0.w = 1 })
            #expect(message.resetCounter == 6 && message.evidence.source == .retrieval)
            #expect(message.evidence.failedGate == .none)
            #expect(message.evidence.keypoints == 400 && message.evidence.matches == 200)
            #expect(message.evidence.inliers == 100 && message.evidence.landmarksInView == 250)
            #expect(message.evidence.inlierRatio == 0.5 && message.evidence.spread == 0.6)
            #expect(message.evidence.reprojectionRmsPx == 1.25)
            let stages = message.latencies
            #expect(stages.captureNs == 4 * millisecond && stages.totalNs == 24 * millisecond)
            #expect([stages.localFeaturesNs, stages.globalDescriptorNs, stages.retrievalNs] == [11, 12, 13])
            #expect([stages.matchingNs, stages.poseNs] == [14, 15])
            let daemon = try bench.daemon
            #expect(message.sessionID == daemon.session.id && message.bootID == daemon.session.bootID)
            #expect(message.mapFrame == "map" && message.cameraFrame == "camera" && message.mapID.count == 64)
            #expect(try message.modelID == SmallMap.modelID && message.calibrationID.count == 64)
            #expect(!message.hasBasePose && !message.hasMapFromOdom && !message.retained)
        }

        @Test("a degraded frame has a pose, a lost one has none and names its gate")
        func otherStates() throws {
            try bench.start()
            try bench.frame(.degraded)
            try bench.frame(.lost)
            let messages = try bench.poses()
            try #require(messages.map(\.state) == [.degraded, .lost])
            #expect(messages[0].hasPose && messages[0].evidence.inliers == 17)
            #expect(!messages[1].hasPose && messages[1].evidence.failedGate == .inliers)
            #expect(messages.map(\.sequence) == [1, 2])
        }

        @Test("every gate of the localizer has its name on the wire")
        func gates() throws {
            try bench.start()
            for gate in Gate.allCases {
                var answer = ScriptedLocalizer.Answer.lost
                answer.result.failedGate = gate
                try bench.frame(answer)
            }
            let names = try bench.poses().map { "\($0.evidence.failedGate)" }
            #expect(names == Gate.allCases.map { "\($0)" })
            // What counts them has room for all.
            #expect(Wire.Gate.allCases.allSatisfy { Int($0.rawValue) < GateCounts.capacity })
        }

        @Test("before the first frame it says that it begins, once; then it waits in silence")
        func waiting() throws {
            try bench.start()
            for _ in 0..<25 { try bench.step() }
            let message = try #require(try bench.poses().first)
            #expect(message.state == .initializing && message.sequence == 1)
            #expect(message.captureMonotonicNs == 0 && !message.hasPose && !message.hasLatencies)
            #expect(try bench.poses().isEmpty)
            try bench.frame(.lost)
            #expect(try bench.poses().count == 1)
            for _ in 0..<25 { try bench.step() }
            #expect(try bench.poses().isEmpty)
        }

        @Test("who comes while it waits gets the last message, marked as retained")
        func lateJoiner() throws {
            try bench.start()
            try bench.frame(.localized())
            let late = try bench.client(ZMQ_SUB, "inproc://localization")
            try bench.step()
            let message = try Hfloc_V1_Localization(serializedBytes: try #require(late.receive()?.first))
            #expect(message.retained && message.sequence == 1 && message.state == .localized)
        }

        @Test("no camera is told at once, then once a second, with the cause; a frame ends it")
        func noCamera() throws {
            let gone = CaptureError.lost("/dev/video9", "no frames for 2 s")
            bench.frames.script = [.frame()] + Array(repeating: .noCamera(gone), count: 25)
            bench.frames.counts.reopened = 4
            try bench.start()
            for _ in 0..<26 { try bench.step() }
            let messages = try bench.poses()
            #expect(messages.map(\.state) == [.lost, .noCamera, .noCamera, .noCamera])
            #expect(messages[1].frames.reopened == 4 && messages[1].frames.captured == 1)
            #expect(try bench.status().camera.problem == "/dev/video9: no frames for 2 s")
            try bench.frame(.localized())
            #expect(try bench.poses().map(\.state) == [.localized])
            #expect(try bench.status().camera.problem.isEmpty)
        }

        @Test("a camera that came back with frames of another size waits for its calibration")
        func otherCamera() throws {
            bench.frames.script = [.noCamera(.anotherSize("/dev/video9", "delivers 320x240 pixels"))]
            try bench.start()
            try bench.step()
            try bench.tick()
            #expect(try bench.poses().map(\.state) == [.badCalibration])
            #expect(try bench.status().reason.hasPrefix("bad calibration: /dev/video9: delivers 320x240 pixels"))
        }

        @Test("at a folder's end, nothing is said of an image before")
        func endOfFolder() throws {
            bench.frames.script = [.corrupt(.frame("a.jpg", "half of it is missing")), .end, .end]
            try bench.start()
            for _ in 0..<3 { try bench.step() }
            #expect(try bench.poses().map(\.state) == [.badFrame, .noCamera])
            #expect(try bench.status().camera.problem == "the folder holds no more images")
        }

        @Test("a broken frame is answered, with its stamp and cause; it is not localized")
        func badFrame() throws {
            bench.frames.script = [.corrupt(.frame("/dev/video9", "short")), .corrupt()]
            try bench.start()
            for cause in ["/dev/video9: short", "the driver delivered a broken frame"] {
                try bench.step()
                try bench.tick()
                let message = try #require(try bench.poses().first)
                #expect(message.state == .badFrame && message.captureMonotonicNs > 0 && !message.hasEvidence)
                #expect(try bench.status().reason.hasPrefix("bad frame: \(cause); "))
            }
            #expect(try bench.localizer.frames == 0)
            #expect(try bench.status().frames.corrupt == 2)
        }

        @Test("a frame of another size than the calibration's is not localized")
        func otherSize() throws {
            bench.frames.script = [.frame(width: 32, height: 24), .frame()]
            try bench.start()
            try bench.step()
            try bench.tick()
            #expect(try bench.localizer.frames == 0)
            let reason = "bad calibration: the frame has 32x24 pixels, the calibration 96x64"
            #expect(try bench.status().reason.hasPrefix(reason))
            try bench.step()
            #expect(try bench.poses().map(\.state) == [.badCalibration, .lost])
        }

        @Test("after the folder's last image it ends if that was asked, and else says that there is no camera")
        func end() throws {
            bench.frames.script = [.frame(), .end]
            try bench.start(once: true)
            try bench.step()
            #expect(try bench.daemon.isRunning)
            try bench.step()
            #expect(try !bench.daemon.isRunning)
            #expect(try bench.poses().map(\.state) == [.lost])

            let other = try Bench()
            other.frames.script = Array(repeating: .end, count: 12)
            try other.start()
            for _ in 0..<12 { try other.step() }
            #expect(try other.poses().map(\.state) == [.noCamera, .noCamera])
            try other.tick()
            #expect(try other.status().reason == "no camera: the folder holds no more images")
        }

        @Test("a frame that is stamped while the clock is read is no younger than nothing")
        func youngFrame() throws {
            bench.clock.readingTime = 10
            bench.frames.script = [.frame()]
            try bench.start()
            try bench.step()
            bench.frames.script.append(.frame(age: -15))
            try bench.step()
            let captures = try bench.poses().map(\.latencies.captureNs)
            #expect(captures == [10, 0])
        }

        @Test("what an opening of the camera found is told once, after its first frame")
        func remarks() throws {
            bench.frames.script = [.waiting, .frame(), .frame(), .frame()]
            bench.frames.remarks = ["control brightness: set to 3", "stamps are of the arrival"]
            try bench.start()
            let before = bench.machine.lines
            try bench.step()
            #expect(bench.machine.lines == before)
            try bench.step()
            try bench.step()
            let first = ["camera: control brightness: set to 3", "camera: stamps are of the arrival"]
            #expect(bench.machine.lines == before + first)
            bench.frames.remarks = ["again"]
            try bench.step()
            #expect(bench.machine.lines == before + first + ["camera: again"])
        }

        @Test("a warm frame allocates nothing but ZeroMQ's one block per message", arguments: [true, false])
        func allocations(isLocalized: Bool) throws {
            bench.change(["record": "", "json": ""])
            bench.frames.script = Array(repeating: .frame(), count: 60)
            try bench.start()
            try bench.localizer.answers = [isLocalized ? .localized() : .lost]
            let loop = try #require(try bench.daemon.frameLoop)
            for _ in 0..<10 { _ = loop.step() }
            hf_allocations_begin()
            for _ in 0..<50 { _ = loop.step() }
            let allocations = hf_allocations_end()
            #expect(allocations == (hf_allocations_counted() == 1 ? 50 : 0))
            #expect(try bench.poses().count == 60)
        }
    }

    @Suite("The vehicle in the map")
    struct VehicleTests {
        private static let vehicle = """
            {base_frame: car, odom_frame: wheels, base_from_camera: {translation: [2, 0, 0], rotation: [1, 0, 0, 0]}}
            """

        @Test("a frame with a pose has the vehicle's, and with odometry the odometry's frame")
        func poses() throws {
            let bench = try Bench(["vehicle": Self.vehicle, "odometry": "inproc://odometry"])
            let odometry = try bench.client(ZMQ_PUB, "inproc://odometry")
            try bench.start()
            let sample =
                try Hfloc_V1_Odometry.with {
                    $0.monotonicNs = bench.clock.now
                    $0.position.x = 10
                    $0.orientation.w = 1
                }.serializedBytes() as [UInt8]
            odometry.send(sample)
            try bench.frame(.localized(x: 5))
            try bench.frame(.lost)
            let messages = try bench.poses()
            try #require(messages.count == 2)
            #expect(messages[0].basePose.position == .with { $0.x = 3 })
            #expect(messages[0].mapFromOdom.translation == .with { $0.x = -7 })
            #expect(messages[0].baseFrame == "car" && messages[0].odomFrame == "wheels")
            #expect(!messages[1].hasBasePose && !messages[1].hasMapFromOdom)
        }

        @Test("odometry with stamps of another clock is named, holds nothing up, and passes")
        func otherClock() throws {
            let bench = try Bench(["vehicle": Self.vehicle, "odometry": "inproc://odometry"])
            let odometry = try bench.client(ZMQ_PUB, "inproc://odometry")
            try bench.start()
            func send(_ stamp: UInt64) throws {
                let sample = Hfloc_V1_Odometry.with {
                    $0.monotonicNs = stamp
                    $0.orientation.w = 1
                }
                odometry.send(try sample.serializedBytes() as [UInt8])
                try bench.frame(.localized(x: 5))
            }
            try send(bench.clock.now + 1_700_000_000 * second)
            try send(.max)
            #expect(try bench.poses().allSatisfy { !$0.hasMapFromOdom })
            let problem = try #require(try bench.status().problems.first { $0.kind == .badOdometry })
            #expect(problem.text.hasPrefix("odometry: 2 messages were refused"), "\(problem.text)")
            try send(bench.clock.now)
            #expect(try bench.poses().allSatisfy { $0.hasMapFromOdom })
            bench.clock.advance(by: 11 * second)
            try send(bench.clock.now)
            #expect(try !bench.status().problems.contains { $0.kind == .badOdometry })
        }

        @Test("without odometry there is no such frame, and without a vehicle no pose of it")
        func without() throws {
            let bench = try Bench(["vehicle": Self.vehicle])
            try bench.start()
            try bench.frame(.localized(x: 5))
            let message = try #require(try bench.poses().first)
            #expect(message.hasBasePose && !message.hasMapFromOdom && message.odomFrame.isEmpty)
        }
    }
}
