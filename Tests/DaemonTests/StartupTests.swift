import CZeroMQ
import Daemon
import Errors
import Messages
import Supervision
import SwiftProtobuf
import TestSupport
import Testing

extension DaemonTests {
    @Suite("What cannot start")
    struct StartupTests {
        let bench: Bench
        var machine: TestHost { bench.machine }

        init() throws {
            bench = try Bench()
            let files = bench.files
            files.write("text", "no map, no model, no camera: at all\n")
            files.write("wrong.yaml", "model: PINHOLE\nwidth: -96\nheight: 64\nparameters: [50, 50, 47.5, 31.5]\n")
            try SmallMap.write(to: "\(files.path)/foreign.hfmap", modelID: String(repeating: "ab", count: 32))
        }

        /// A wrong thing, and what the daemon makes of it.
        struct Case: Sendable, CustomTestStringConvertible {
            let testDescription: String
            var change: [String: String] = [:]
            var prepare: @Sendable (Bench) -> Void = { _ in }
            let state: Hfloc_V1_State
            let problem: Hfloc_V1_Problem.Kind
            let status: Errors.ExitStatus
            let name: String
            /// What the words name.
            let naming: String
        }

        static let cases: [Case] = [
            Case(
                testDescription: "missing map", change: ["map": "none.hfmap"], state: .badMap, problem: .badMap,
                status: .missingInput, name: "bad map", naming: "/none.hfmap"),
            Case(
                testDescription: "text as a map", change: ["map": "text"], state: .badMap, problem: .badMap,
                status: .badData, name: "bad map", naming: "/text"),
            Case(
                testDescription: "map of another model", change: ["map": "foreign.hfmap"], state: .badMap,
                problem: .badMap, status: .badData, name: "bad map", naming: "map was made with model ababab"),
            Case(
                testDescription: "missing model", change: ["model": "none"], state: .badModel, problem: .badModel,
                status: .missingInput, name: "bad model", naming: "/none"),
            Case(
                testDescription: "map as a model", change: ["model": "map.hfmap"], state: .badModel,
                problem: .badModel, status: .badData, name: "bad model", naming: "/map.hfmap"),
            Case(
                testDescription: "missing camera file", change: ["camera": "{folder: images, calibration: none.yaml}"],
                state: .badCalibration, problem: .badCalibration, status: .missingInput, name: "bad calibration",
                naming: "/none.yaml"),
            Case(
                testDescription: "wrong camera file", change: ["camera": "{folder: images, calibration: wrong.yaml}"],
                state: .badCalibration, problem: .badCalibration, status: .configuration, name: "bad calibration",
                naming: "/wrong.yaml:2"),
            Case(
                testDescription: "memory that may not be locked", change: ["real_time": "{lock_memory: true}"],
                prepare: { $0.machine.memoryRefusal = .memory(12) }, state: .fault, problem: .badConfiguration,
                status: .system, name: "cannot run", naming: "real_time.lock_memory: cannot lock memory"),
            Case(
                testDescription: "no such CPU", change: ["real_time": "{cpus: [1000]}"],
                prepare: { $0.machine.threadRefusal = .thread(22, priority: nil, cpus: [1000]) }, state: .fault,
                problem: .badConfiguration, status: .system, name: "cannot run", naming: "real_time.cpus"),
        ]

        @Test("everybody who listens hears why, for a second and a half, and it ends with its status", arguments: cases)
        func failures(_ wrong: Case) throws {
            bench.change(wrong.change)
            wrong.prepare(bench)
            try bench.send(.getStatus(.init()))
            let begin = bench.clock.now
            let end = #expect(throws: ExitRequest.self) { try bench.start() }
            #expect(end?.status == wrong.status)
            #expect(bench.clock.now - begin == 1500 * millisecond)

            let message = try #require(try bench.poses().first)
            #expect(message.state == wrong.state && message.sequence == 1 && message.sessionID != 0)
            #expect(message.publishMonotonicNs == begin && message.captureMonotonicNs == 0 && !message.hasPose)
            let records = try bench.records()
            let reply = try #require(try bench.reply())
            #expect(reply.ok)
            for status in [try #require(records.statuses.first), reply.status] {
                #expect(status.state == wrong.state && status.problems.map(\.kind) == [wrong.problem])
                #expect(status.problems[0].text.contains(wrong.naming), "\(status.problems[0].text)")
                let reason =
                    "\(wrong.name): \(status.problems[0].text); hflocd ends with status \(wrong.status.rawValue)"
                #expect(status.reason == reason && status.sessionID == message.sessionID)
                #expect(status.camera.source.hasSuffix("/images") && status.calibration.path.hasSuffix(".yaml"))
            }
            let event = try #require(records.events.first)
            #expect(event.kind == .stopping && event.from == .initializing && event.to == wrong.state)
            #expect(event.text.contains(wrong.naming))
            #expect(machine.lines.count == 1 && machine.lines[0].contains(wrong.naming))
            #expect(machine.told.count == 1 && machine.told[0].hasPrefix("STATUS="))
            #expect(machine.told[0].contains(wrong.naming))
        }

        @Test("a signal ends that, and so does a request; to anything else it is about to end")
        func last() throws {
            bench.change(["map": "none.hfmap"])
            machine.signals = [.reload, .stop]
            let begin = bench.clock.now
            #expect(throws: ExitRequest.self) { try bench.open() }
            #expect(bench.clock.now - begin == 20 * millisecond)

            let other = try Bench(["map": "none.hfmap"])
            for command in [
                .relocalize(.init()), .loadMap(.with { $0.path = "/a" }), .reload(.init()),
                .setPrior(
                    .with { ($0.orientation.w, $0.positionSigmaM, $0.rotationSigmaRad) = (1, 1, 1) }),
                .shutdown(.init()),
            ] as [Hfloc_V1_ControlRequest.OneOf_Command] {
                try other.send(command)
            }
            let start = other.clock.now
            #expect(throws: ExitRequest.self) { try other.open() }
            #expect(other.clock.now - start == 20 * millisecond)
            for _ in 0..<4 {
                let reply = try #require(try other.reply())
                #expect(!reply.ok && reply.error.hasPrefix("hflocd is about to end: ") && reply.status.state == .badMap)
            }
            #expect(try #require(try other.reply()).ok)
        }

        @Test("who comes meanwhile hears it too")
        func lateJoiner() throws {
            bench.change(["map": "none.hfmap"])
            var late: TestSocket?
            machine.duringWait = { [bench] in
                if late == nil { late = try? bench.client(ZMQ_SUB, "inproc://localization") }
            }
            #expect(throws: ExitRequest.self) { try bench.open() }
            let message = try Hfloc_V1_Localization(serializedBytes: try #require(late?.receive()?.first))
            #expect(message.retained && message.state == .badMap)
        }

        @Test("an endpoint that is taken ends it at once: nobody could be told but the service manager")
        func endpoints() throws {
            let address = "ipc://\(bench.files.path)/none/localization"
            var openers = bench.openers
            openers.sockets = { configuration, session in
                try Sockets(configuration, session: session, keys: Keys(environment: [:]))
            }
            bench.change(["publish": address, "record": "", "json": "", "control": ""])
            bench.replacedOpeners = openers
            let error = #expect(throws: (any Error).self) { try bench.open() }
            let failure = error.map(Failure.init(describing:))
            #expect(failure?.status == .unavailable && failure?.description.contains(address) == true)
            #expect(machine.told.count == 1 && machine.told[0].hasPrefix("STATUS=endpoint '\(address)'"))
            #expect(machine.lines.isEmpty && bench.clock.now == ManualClock().now)
        }

        @Test("a check opens everything but the endpoints, and says what it found")
        func check() throws {
            bench.frames.remarks = ["control brightness: set to 3"]
            bench.change(["odometry": "inproc://odometry", "state": "/no/such", "real_time": "{lock_memory: true}"])
            bench.change(["vehicle": "{base_from_camera: {translation: [2, 0, 0], rotation: [1, 0, 0, 0]}}"])
            let daemon = try bench.open(publishes: false)
            let files = bench.files.path
            let lines = daemon.checkReport.split(separator: "\n").map(String.init)
            #expect(
                lines == [
                    "source  a script", "        control brightness: set to 3",
                    "camera  \(files)/camera.yaml: PINHOLE, 96x64",
                    "map     \(files)/map.hfmap: 3 keyframes, 20 landmarks",
                    "model   \(SmallMap.modelPath): \(lines[4].split(separator: " ").last ?? "")",
                    "publish inproc://localization", "control inproc://control", "record  inproc://record",
                    "json    inproc://json", "odometry inproc://odometry", "ok",
                ])
            #expect(!machine.hasLockedMemory && machine.told.isEmpty && machine.lines.isEmpty)
            // There is nothing to run.
            try daemon.run()
            #expect(daemon.frameLoop == nil)
        }

        @Test("a check that fails says why by its error alone")
        func failedCheck() throws {
            bench.change(["map": "none.hfmap"])
            let failure = #expect(throws: Failure.self) { try bench.open(publishes: false) }
            #expect(failure?.status == .missingInput && failure?.description.contains("none.hfmap") == true)
            #expect(machine.told.isEmpty && machine.lines.isEmpty)
        }
    }

    @Suite("The keys")
    struct KeysTests {
        let bench: Bench
        let files: Scratch
        static let key = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"

        init() throws {
            bench = try Bench()
            files = bench.files
            files.write("secret", Self.key + "\n")
            files.write("allow", "; nobody yet\n")
        }

        private func failure(_ security: String) throws -> Failure? {
            bench.change(["security": security])
            do {
                try bench.open(publishes: false)
                return nil
            } catch {
                return Failure(describing: error)
            }
        }

        @Test("a secret key and an allow-list, from a file or as systemd's credential")
        func good() throws {
            #expect(try failure("{secret_key: secret, allow: allow}") == nil)
            files.write("hfloc.curve", Self.key)
            bench.machine.environment["CREDENTIALS_DIRECTORY"] = files.path
            #expect(try failure("{allow: allow}") == nil)
        }

        @Test("what is wrong with them is named, with the field, before anything else")
        func bad() throws {
            files.write("short", "abc")
            files.write("open", Self.key, mode: 0o604)
            files.write("names", "not a key\n")
            files.write("large", String(repeating: "x", count: 1 << 17))
            let path = files.path
            for (security, status, text) in [
                ("{allow: allow}", Errors.ExitStatus.configuration, "security.secret_key: missing: "),
                (
                    "{secret_key: none, allow: allow}", .missingInput,
                    "security.secret_key: \(path)/none: "
                ),
                ("{secret_key: ., allow: allow}", .inputOutput, "security.secret_key: \(path)/.: "),
                ("{secret_key: short, allow: allow}", .configuration, "security.secret_key: \(path)/short: not a key"),
                (
                    "{secret_key: open, allow: allow}", .configuration,
                    "security.secret_key: \(path)/open: everybody may read it"
                ),
                ("{secret_key: secret, allow: none}", .missingInput, "security.allow: \(path)/none: "),
                ("{secret_key: secret, allow: names}", .configuration, "\(path)/names:1: security.allow: "),
                ("{secret_key: secret, allow: large}", .configuration, "security.allow: \(path)/large: "),
            ] {
                let failure = try failure(security)
                #expect(failure?.status == status, "\(security)")
                #expect(failure?.description.hasPrefix(text) == true, "\(failure?.description ?? "")")
            }
            #expect(bench.machine.told.count == 8)
        }
    }
}
