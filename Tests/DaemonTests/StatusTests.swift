import CZeroMQ
import Capture
import Daemon
import Geometry
import Integrity
import Localizer
import Messages
import Publishing
import Supervision
import SwiftProtobuf
import TestSupport
import Testing

extension DaemonTests {
    @Suite("How it says that it is")
    struct StatusTests {
        let bench: Bench
        var machine: TestHost { bench.machine }

        init() throws {
            bench = try Bench()
        }

        /// A way into a state: the events of the camera, the last answer of the localizer, and what is then said.
        struct Way: Sendable, CustomTestStringConvertible {
            let state: Hfloc_V1_State
            var events: @Sendable () -> [ScriptedFrames.Event] = { [.frame()] }
            var isDegraded: Bool?
            let reason: String
            var problem: Hfloc_V1_Problem.Kind?
            var testDescription: String { "\(state)" }
        }

        static let ways = [
            Way(state: .initializing, events: { [.waiting] }, reason: "ready, waiting for the first frame"),
            Way(state: .localized, isDegraded: false, reason: "localized, 100 inliers, 0.0 frames/s, 7 ms, 0 missed"),
            Way(
                state: .degraded, isDegraded: true,
                reason: """
                    degraded: the pose is uncertain: use it with its covariance (17 inliers), 0.0 frames/s, 7 ms, \
                    0 missed
                    """),
            Way(
                state: .lost,
                reason: """
                    lost: no pose passed the gate 'inliers' (7 inliers): too little of the map is recognized to fix \
                    a pose; 0.0 frames/s, 7 ms, 0 missed
                    """,
                problem: .lost),
            Way(
                state: .noCamera, events: { [.noCamera(.lost("/dev/video9", "no frames for 2 s"))] },
                reason: "no camera: /dev/video9: no frames for 2 s", problem: .noCamera),
            Way(
                state: .badFrame, events: { [.corrupt(.frame("/dev/video9", "short"))] },
                reason: "bad frame: /dev/video9: short; 0.0 frames/s, 0 ms, 1 missed", problem: .badFrame),
            Way(
                state: .badCalibration, events: { [.noCamera(.anotherSize("/dev/video9", "delivers 8x6 pixels"))] },
                reason: "bad calibration: /dev/video9: delivers 8x6 pixels; 0.0 frames/s, 0 ms, 0 missed",
                problem: .badCalibration),
        ]

        @Test("every state has its line, and those that are none of a good frame their problem", arguments: ways)
        func states(way: Way) throws {
            bench.frames.script = way.events()
            try bench.start()
            let clock = bench.clock
            try bench.localizer.duringFrame = { clock.advance(by: 7 * millisecond) }
            if let isDegraded = way.isDegraded { try bench.localizer.answers = [isDegraded ? .degraded : .localized()] }
            try bench.step()
            try bench.tick()
            let status = try bench.status()
            #expect(status.state == way.state && status.reason == way.reason)
            #expect(status.problems.map(\.kind) == (way.problem.map { [$0] } ?? []))
            #expect(machine.told.last == "STATUS=\(way.reason)")
            let isNoCamera = way.state == .noCamera
            #expect(status.camera.connected == !isNoCamera)
            #expect(status.camera.problem.isEmpty != [.noCamera, .badFrame, .badCalibration].contains(way.state))
            // The journal hears of a start without a camera, and else of changes only.
            #expect(machine.lines.contains(way.reason) == isNoCamera)
        }

        @Test("a camera file that the frames contradict is a problem, with numbers; one that they bear out is none")
        func calibration() throws {
            try bench.start()
            var verdict = CalibrationVerdict(
                frames: 7, chiSquare: 400, contradicts: true, correction: FreeCamera(logFocal: 0.05, shift: .zero),
                deviations: Vector3(0.002, 1, 1.5))
            try bench.localizer.calibration = verdict
            try bench.frame(.lost)
            var status = try bench.status()
            let watch = status.calibrationWatch
            #expect(watch.frames == 7 && watch.contradicts && watch.chiSquare == 400)
            #expect(abs(watch.focalLengthError - 0.0513) < 1e-4 && watch.principalPointYDeviation == 1.5)
            let problem = try #require(status.problems.first { $0.kind == .calibrationContradicted })
            #expect(problem.text.hasPrefix("the focal length seems 5.1 +- 0.2 % longer than camera.yaml says: another"))
            (verdict.contradicts, verdict.chiSquare) = (false, 1)
            try bench.localizer.calibration = verdict
            try bench.frame(.localized())
            status = try bench.status()
            #expect(status.problems.isEmpty && !status.calibrationWatch.contradicts)
        }

        @Test("the service manager hears once a second and at a change; the journal of changes")
        func lines() throws {
            try bench.start()
            try bench.frame(.localized())
            let (told, lines) = (machine.told.count, machine.lines.count)
            for _ in 0..<60 {
                bench.clock.advance(by: 50 * millisecond)
                bench.frames.script.append(.frame())
                try bench.step()
                try bench.tick()
            }
            #expect(machine.told.count == told + 3 && machine.lines.count == lines)
            #expect(machine.told.last?.hasSuffix("20.0 frames/s, 0 ms, 0 missed") == true)
            try bench.frame(.lost)
            #expect(machine.told.count == told + 4)
            #expect(machine.lines.count == lines + 1 && machine.lines.last?.hasPrefix("lost: ") == true)
        }

        @Test("latencies of each stage that ran, of the last second and since the start; the rate of frames")
        func latencies() throws {
            bench.clock.readingTime = 1000
            try bench.start()
            var answer = ScriptedLocalizer.Answer.localized()
            answer.result.latencies.localFeatures = 3000
            answer.result.latencies.matching = 2000
            try bench.frame(answer)
            #expect(try bench.status().latencies.isEmpty)
            for _ in 0..<11 {
                bench.clock.advance(by: 100 * millisecond)
                try bench.frame(answer)
            }
            let status = try bench.status()
            let stages = status.latencies
            #expect(stages.map(\.stage) == [.capture, .localFeatures, .matching, .publish, .total])
            #expect(stages.allSatisfy { $0.interval.count > 9 && $0.sinceStart.count == $0.interval.count })
            #expect(stages[1].interval.maxNs == 3000 && stages[1].interval.p50Ns >= 2900)
            #expect(stages[1].interval.p99Ns <= 3000)
            #expect(status.intervalNs >= second && status.intervalNs < 11 * second / 10)
            #expect(abs(status.framesPerSecond - 10) < 1)
            #expect(status.messages == 12 && status.poses == 12)
        }

        @Test("what it takes of the machine: memory, and processor time of the last second and since the start")
        func usage() throws {
            machine.usage.residentBytes = 50_000_000
            machine.usage.processorTime = 200 * millisecond
            try bench.start()
            try bench.tick()
            bench.clock.advance(by: 2 * second)
            machine.usage.processorTime = 700 * millisecond
            try bench.tick()
            let status = try bench.status()
            #expect(status.residentBytes == 50_000_000)
            #expect(status.cpuShare == 0.25 && status.cpuShareSinceStart == 0.35)
            #expect(status.uptimeNs == 2 * second && status.monotonicNs == bench.clock.now)
            #expect(status.wallNs == bench.clock.now + 1_700_000_000_000_000_000)
            // A change just after the second would measure nothing.
            machine.usage.processorTime = 710 * millisecond
            bench.clock.advance(by: 100 * millisecond)
            try bench.frame(.lost)
            #expect(try bench.status().cpuShare == 0.25)
        }

        @Test("frames that are skipped are a problem for as long as they are")
        func tooSlow() throws {
            try bench.start()
            try bench.frame(.localized())
            bench.frames.counts.skipped = 4
            bench.clock.advance(by: second)
            try bench.frame(.localized())
            let status = try bench.status()
            #expect(status.problems.map(\.kind) == [.tooSlow] && status.frames.skipped == 4)
            #expect(status.problems[0].text.contains("camera.rate or localizer.keypoints"))
            bench.clock.advance(by: second)
            try bench.frame(.localized())
            #expect(try bench.status().problems.isEmpty)
        }

        @Test("a wall clock that is set is counted and told once, on the wire too; poses are not touched")
        func clockSteps() throws {
            try bench.start()
            try bench.frame(.localized())
            _ = try bench.records()
            // A clock that is slewed is not set.
            for hour in [0, 3600, 3600, -60] as [Int64] {
                bench.clock.wall = WallClock(
                    offset: 1_700_000_000_000_000_000 + hour * 1_000_000_000 + 9_000_000, uncertainty: 40)
                bench.clock.advance(by: second)
                try bench.frame(.localized())
            }
            let told = machine.lines.filter { $0.contains("was set") }
            #expect(
                told
                    == [3_600_000, -3_660_000].map {
                        "the wall clock was set by \($0) ms; poses are not touched by it"
                    })
            let status = try bench.status()
            #expect(status.clock.steps == 2 && status.clock.offsetNs == bench.clock.wall.offset)
            let events = try bench.records().events.filter { $0.kind == .clockStepped }
            #expect(events.map(\.text) == [3_600_000, -3_660_000].map { "the wall clock was set by \($0) ms" })
            #expect(events.last?.wallNs == bench.clock.wall.time(ofMonotonic: events.last?.monotonicNs ?? 0))
        }

        @Test("a clock that is not synchronized is a problem, and told at each change")
        func synchronization() throws {
            bench.clock.synchronization.state = .notSynchronized
            try bench.start()
            try bench.tick()
            let states: [Wire.ClockSynchronization] = [
                .notSynchronized, .unspecified, .synchronized, .synchronized, .notSynchronized,
            ]
            for state in states {
                bench.clock.synchronization.state = state
                bench.clock.advance(by: second)
                try bench.tick()
                let status = try bench.status()
                #expect(status.clock.synchronization.rawValue == Int(state.rawValue))
                #expect(status.problems.map(\.kind) == (state == .notSynchronized ? [.clockNotSynchronized] : []))
                #expect(status.clock.maxErrorNs == 2_500_000 && status.clock.estimatedErrorNs == 700_000)
            }
            let told = machine.lines.filter { $0.hasPrefix("the wall clock is") }
            #expect(told.map { $0.contains("not synchronized") } == [true, false, true])
        }

        @Test("the files in use, the camera and its delivery, the place, and who listens")
        func identities() throws {
            let listener = try bench.client(ZMQ_SUB, "inproc://json")
            bench.frames.delivery = (PixelFormat("GREY"), 40 * millisecond)
            try bench.start()
            try bench.frame(.localized(x: 1, keyframe: 1))
            var status = try bench.status()
            #expect(status.map.path == "\(bench.files.path)/map.hfmap" && status.map.id.count == 64)
            #expect(try status.model.path == SmallMap.modelPath && status.model.id == SmallMap.modelID)
            #expect(status.calibration.path == "\(bench.files.path)/camera.yaml")
            #expect(try status.calibration.id == bench.poses().last?.calibrationID)
            #expect(status.camera.source == "\(bench.files.path)/images")
            #expect(status.camera.width == 96 && status.camera.height == 64)
            #expect(status.camera.pixelFormat == "GREY" && status.camera.nominalRate == 25)
            #expect(status.place.cached && status.place.keyframe == 1 && status.place.keyframeName == "1.jpg")
            #expect(!status.place.restored && !status.place.restoreConfirmed)
            #expect(status.subscriptions == .with { ($0.localization, $0.record, $0.json) = (1, 1, 1) })
            #expect(status.configurationGeneration == 1 && status.publishFailures == 0 && !status.hasRealTime)
            withExtendedLifetime(listener) {}
            try bench.frame(.lost)
            status = try bench.status()
            #expect(!status.place.cached && status.place.keyframeName.isEmpty)
        }

        @Test("how the kernel runs the thread of the frames")
        func realTime() throws {
            bench.change(["real_time": "{priority: 12, cpus: [1], lock_memory: true}"])
            try bench.start()
            #expect(machine.hasLockedMemory)
            let thread = try bench.frameThread
            #expect(thread.priority == 12 && thread.cpus == [1])
            thread.scheduling = ThreadScheduling(priority: 12, cpus: "1")
            let expected = Hfloc_V1_RealTimeStatus.with { ($0.priority, $0.cpus, $0.memoryLocked) = (12, "1", true) }
            #expect(try bench.status().realTime == expected)
        }
    }

    @Suite("What it tells those who record")
    struct TelemetryTests {
        let bench: Bench

        init() throws {
            bench = try Bench()
        }

        @Test("who was there before the start hears of it, of the camera, and of the end")
        func startAndStop() throws {
            bench.change([
                "vehicle": "{base_frame: car, base_from_camera: {translation: [2, 0, 0.5], rotation: [1, 0, 0, 0]}}"
            ])
            try bench.start()
            let records = try bench.records()
            #expect(records.events.map(\.kind) == [.started])
            #expect(records.events[0].text.hasPrefix("hflocd ") && records.events[0].text.hasSuffix(" is ready"))
            #expect(records.events[0].monotonicNs == bench.clock.now)
            let info = try #require(records.cameras.first)
            #expect(info.cameraFrame == "camera" && info.model == "PINHOLE" && info.width == 96 && info.height == 64)
            #expect(info.parameters == [50, 50, 47.5, 31.5] && info.calibrationID.count == 64)
            #expect(info.baseFrame == "car")
            #expect(info.baseFromCamera.translation == .with { ($0.x, $0.z) = (2, 0.5) })
            try bench.frameThread.isFinished = true
            try bench.daemon.stop()
            #expect(try bench.records().events.map(\.kind) == [.stopping])
        }

        @Test("the status comes once a second and at each change, numbered")
        func cadence() throws {
            try bench.start()
            try bench.tick()
            try bench.pass(seconds: 3)
            #expect(try bench.records().statuses.map(\.sequence) == [1, 2, 3, 4])
            try bench.frame(.localized())
            let last = try #require(try bench.records().statuses.last)
            #expect(last.sequence == 5 && last.state == .localized)
        }

        @Test("a change of state is an event; a camera that is lost and found is one more")
        func changes() throws {
            try bench.start()
            try bench.frame(.localized())
            bench.frames.script.append(.noCamera(.lost("/dev/video9", "no frames for 2 s")))
            try bench.step()
            try bench.tick()
            try bench.frame(.lost)
            let events = try bench.records().events
            let kinds: [Hfloc_V1_Event.Kind] = [
                .started, .stateChanged, .stateChanged, .cameraLost, .stateChanged, .cameraFound,
            ]
            try #require(events.map(\.kind) == kinds)
            #expect(events[1].text == "unspecified to localized" && events[1].to == .localized)
            #expect(events[2].from == .localized && events[2].to == .noCamera)
            #expect(events[3].text == "/dev/video9: no frames for 2 s")
            #expect(events[5].text == "frames arrive")
        }

        @Test("the poses are there too; without such an endpoint nothing is missed")
        func poses() throws {
            try bench.start()
            try bench.frame(.localized())
            try bench.tick()
            #expect(try bench.records().poses.map(\.sequence) == [1])

            let other = try Bench(["record": "", "json": ""])
            try other.start()
            try other.frame(.localized())
            #expect(try other.status().subscriptions == .with { $0.localization = 1 })
        }
    }
}
