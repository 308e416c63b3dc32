import Capture
import Daemon
import Errors
import Glibc
import Publishing
import Supervision
import TestSupport
import Testing

extension DaemonTests {
    @Suite("What the doctor finds")
    struct DiagnosticsTests {
        let files = Scratch()
        /// A machine on which all is well.
        var machine: Machine

        init() throws {
            try SmallMap.write(to: "\(files.path)/map.hfmap")
            files.write("camera.yaml", SmallMap.cameraFile)
            _ = files.folder("images")
            files.write("images/0.pgm", Array("P5 96 64 255\n".utf8) + [UInt8](repeating: 9, count: 96 * 64))
            var clock = ClockSynchronization()
            (clock.state, clock.maximumError) = (.synchronized, 2_500_000)
            machine = Machine(
                tryDevice: { _ in ("96x64 GREY", []) }, clock: clock, kernels: "avx2", processorCount: 4,
                memoryLockLimit: .max, priorityLimit: 99, canLock: { _ in true },
                startThread: { name, priority, cpus, body in
                    TestThread(name: name, priority: priority, cpus: cpus, body: body)
                })
        }

        /// - Parameter changes: fields of a good configuration that are replaced, or come to it; "" takes one out.
        func diagnose(
            _ changes: [String: String] = [:], environment: [String: String] = [:]
        ) -> Diagnostics {
            let good = [
                "map": "map.hfmap", "model": SmallMap.modelPath, "publish": "ipc://\(files.path)/localization",
                "camera": "{folder: images, calibration: camera.yaml}",
            ]
            let fields = good.merging(changes) { $1 }.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            let path = files.write("hflocd.yaml", fields.map { "\($0.key): \($0.value)\n" }.joined())
            return Diagnostics(
                configuration: path, environment: environment, machine: machine, openModel: SmallMap.openModel)
        }

        private func finding(_ name: String, _ changes: [String: String] = [:]) throws -> Finding {
            try #require(diagnose(changes).findings.first { $0.name == name })
        }

        @Test("all is well: every check, in the order of the start, and the verdict")
        func good() throws {
            let diagnostics = diagnose()
            let names = [
                "configuration", "model", "map", "calibration", "camera", "endpoint", "state", "clock", "cpu",
                "memory lock", "priority", "cpus",
            ]
            #expect(diagnostics.findings.map(\.name) == names)
            #expect(diagnostics.findings.allSatisfy { $0.verdict == .ok && $0.cure == nil && $0.failure == nil })
            let lines = diagnostics.text.split(separator: "\n").map(String.init)
            #expect(lines[2] == "ok       map            \(files.path)/map.hfmap: 3 keyframes, 20 landmarks")
            #expect(lines[3] == "ok       calibration    \(files.path)/camera.yaml: PINHOLE, 96x64")
            #expect(lines[4] == "ok       camera         \(files.path)/images, 1 images")
            #expect(lines[7] == "ok       clock          synchronized, at most 2 ms off")
            #expect(lines[8] == "ok       cpu            kernels for avx2")
            #expect(lines.last == "hflocd can run")
        }

        @Test("what failed and what could be better are counted, each with its cure below it")
        func verdicts() throws {
            var bench = self
            bench.machine.kernels = "scalar"
            let warned = bench.diagnose()
            #expect(warned.text.hasSuffix("\nhflocd can run, 1 warnings"))
            let cure = "-> x86 needs AVX2; 64-bit ARM always has NEON. Unset HFLOC_KERNELS if it is set"
            #expect(warned.text.contains("\n" + String(repeating: " ", count: 24) + cure))
            let failed = bench.diagnose(["map": "none.hfmap", "publish": "ipc:///no/such/x"])
            #expect(failed.text.hasSuffix("\nhflocd cannot run: 2 failed"))
        }

        @Test("without a configuration the rest is examined as far as it can be")
        func noConfiguration() {
            let diagnostics = Diagnostics(
                configuration: "/nowhere.yaml", environment: [:], machine: machine,
                openModel: { _ in try SmallMap.openModel(SmallMap.modelPath) })
            let verdicts = diagnostics.findings.filter { $0.name != "model" }.map { "\($0.name) \($0.verdict)" }
            #expect(
                verdicts == [
                    "configuration failed", "map unknown", "calibration unknown", "camera unknown", "clock ok",
                    "cpu ok", "memory lock ok", "priority ok", "cpus ok",
                ])
            #expect(diagnostics.findings[0].failure == .missingInput)
        }

        @Test("the environment counts, as it does for the daemon")
        func environment() {
            let findings = diagnose(environment: ["HFLOC_MAP": "/elsewhere.hfmap"]).findings
            #expect(findings.first { $0.name == "map" }?.found.first?.hasPrefix("/elsewhere.hfmap") == true)
        }

        @Test("files that are missing, wrong, or do not fit each other")
        func wrongFiles() throws {
            try SmallMap.write(to: "\(files.path)/foreign.hfmap", modelID: String(repeating: "ab", count: 32))
            files.write("small.yaml", "model: PINHOLE\nwidth: 32\nheight: 24\nparameters: [25, 25, 15.5, 11.5]\n")
            let path = files.path
            for (name, change, status, text) in [
                ("configuration", ["speed": "3"], Errors.ExitStatus.configuration, "\(path)/hflocd.yaml:"),
                ("configuration", ["publish": "tcp://0.0.0.0:1"], .configuration, "\(path)/hflocd.yaml:"),
                ("model", ["model": "none"], .missingInput, "\(path)/none: "),
                ("map", ["map": "none"], .missingInput, "\(path)/none: "),
                ("map", ["map": "foreign.hfmap"], .badData, "\(path)/foreign.hfmap: "),
                (
                    "calibration", ["camera": "{folder: images, calibration: none.yaml}"], .missingInput,
                    "\(path)/none.yaml: "
                ),
                (
                    "camera", ["camera": "{folder: images, calibration: small.yaml}"], .badData,
                    "\(path)/images/0.pgm has 96x64 pixels, \(path)/small.yaml is of 32x24"
                ),
                ("camera", ["camera": "{folder: none, calibration: camera.yaml}"], .missingInput, "\(path)/none: "),
                ("endpoint", ["publish": "ipc:///no/such/x"], .unavailable, "endpoint 'ipc:///no/such/x': "),
            ] {
                let found = try finding(name, change)
                #expect(found.failure == status, "\(change)")
                #expect(found.found.first?.hasPrefix(text) == true, "\(found.found)")
            }
            #expect(try finding("camera", ["camera": "{folder: none, calibration: none.yaml}"]).verdict == .unknown)
            for (state, reason) in [
                ("/no/such", "state: /no/such: is not there (No such file or directory); "),
                ("camera.yaml/x", "state: \(path)/camera.yaml/x: is not there (Not a directory); "),
                ("camera.yaml", "state: \(path)/camera.yaml: is no folder; "),
            ] {
                let found = try finding("state", ["state": state])
                #expect(found.verdict == .warning && found.cure != nil)
                #expect(found.found.first?.hasPrefix("the last place is not kept: " + reason) == true, "\(found.found)")
            }
            #expect(try finding("state", ["state": "images"]).found == ["\(path)/images"])
            for (folder, reason) in [("camera.yaml", "is no folder"), ("camera.yaml/new", "is no folder")] {
                let found = try finding("recording", ["recording": "{folder: \(folder)}"])
                #expect(found.verdict == .warning && found.cure != nil)
                #expect(found.found == ["nothing can be recorded: \(path)/camera.yaml: \(reason)"])
            }
            #expect(try finding("recording", ["recording": "{folder: new/one}"]).found == ["\(path)/new/one"])
        }

        @Test("keys that the daemon would refuse")
        func keys() throws {
            files.write("secret", DaemonTests.KeysTests.key)
            files.write("allow", "")
            let security = "{secret_key: secret, allow: allow}"
            #expect(try finding("keys", ["security": security]).found == ["\(files.path)/secret, \(files.path)/allow"])
            let missing = try finding("keys", ["security": "{secret_key: none, allow: allow}"])
            #expect(missing.failure == .missingInput)
            #expect(missing.found.first?.hasPrefix("security.secret_key: \(files.path)/none: ") == true)
            files.write("hfloc.curve", DaemonTests.KeysTests.key)
            let credential = diagnose(
                ["security": "{allow: allow}"], environment: ["CREDENTIALS_DIRECTORY": files.path])
            #expect(
                credential.findings.first { $0.name == "keys" }?.found
                    == ["the credential hfloc.curve, \(files.path)/allow"])
        }

        @Test("an endpoint that is in use belongs to a running daemon")
        func usedEndpoint() throws {
            let address = "ipc://\(files.path)/used"
            let publisher = try Publisher(endpoints: [try Endpoint(address)])
            let found = try finding("endpoint", ["publish": address])
            #expect(found.verdict == .ok && found.found == ["\(address): in use, by a running hflocd if there is one"])
            withExtendedLifetime(publisher) {}
        }

        @Test("a machine that is not what the configuration asks for")
        func machineFindings() throws {
            var bench = self
            func found(_ name: String, _ fields: String = "{}") throws -> Finding {
                try bench.finding(name, ["real_time": fields])
            }
            #expect(try found("memory lock", "{lock_memory: true}").verdict == .ok)
            #expect(try found("priority", "{priority: 12}").found == ["SCHED_FIFO 12"])
            #expect(try found("cpus", "{cpus: [0, 3]}").found == ["[0, 3] of 4; 2 threads share a frame's work"])
            #expect(try found("cpus").found == ["4, any of them; 3 threads share a frame's work"])

            bench.machine.canLock = { _ in false }
            bench.machine.memoryLockLimit = 8 << 20
            bench.machine.priorityLimit = 0
            bench.machine.startThread = { (_, priority, cpus, _) throws(SupervisionError) in
                throw .thread(priority == nil ? EINVAL : EPERM, priority: priority, cpus: cpus)
            }
            let unasked = "not asked for (real_time.lock_memory); the limit is 8 MiB"
            #expect(try found("memory lock").found == [unasked])
            let memory = try found("memory lock", "{lock_memory: true}")
            #expect(memory.failure == .system && memory.cure?.contains("LimitMEMLOCK=infinity") == true)
            #expect(memory.found == ["real_time.lock_memory: 256 MiB cannot be locked, the limit is 8 MiB"])
            let priority = try found("priority", "{priority: 12}")
            #expect(priority.failure == .system && priority.found[0].hasSuffix("the limit is 0"))
            #expect(priority.cure?.contains("LimitRTPRIO=12") == true)
            let cpus = try found("cpus", "{cpus: [0, 3]}")
            let reason = "real_time.cpus: no thread may run on [0, 3]; CPUs here: 0 to 3"
            #expect(cpus.failure == .system && cpus.found == [reason])

            bench.machine.clock.state = .notSynchronized
            #expect(try found("clock").verdict == .warning)
            #expect(try found("clock").cure == "run chrony or systemd-timesyncd")
            bench.machine.clock.state = .unspecified
            #expect(try found("clock").verdict == .unknown)
        }

        @Test("this machine may lock a page", .onKernel)
        func locking() { #expect(Machine.thisOne.canLock(4096)) }

        @Test("this machine has a clock, a processor and limits")
        func thisMachine() {
            let machine = Machine.thisOne
            #expect(machine.processorCount > 0 && !machine.kernels.isEmpty)
            #expect(throws: CaptureError.self) { try machine.tryDevice(VideoOptions(path: "/dev/null")) }
        }
    }

    @Suite("What the doctor finds on a camera")
    struct CameraDiagnosticsTests {
        var bench: DiagnosticsTests

        init() throws {
            bench = try DiagnosticsTests()
        }

        /// A node that exists and that everybody may open: what is made of it is a script's.
        private func findings(
            _ fields: String = "", device: String = "/dev/null",
            _ tryDevice: @escaping (VideoOptions) throws(CaptureError) -> (description: String, remarks: [String])
        ) -> [Finding] {
            var bench = bench
            bench.machine.tryDevice = tryDevice
            let camera = "{device: \(device), calibration: camera.yaml\(fields)}"
            return bench.diagnose(["camera": camera]).findings.filter { ["camera", "controls"].contains($0.name) }
        }

        @Test("what it would deliver, with the part and the controls that are asked for")
        func good() throws {
            let plain = findings { _ in ("96x64 GREY, 30.0 frames/s", []) }
            #expect(plain == [try #require(plain.first)] && plain[0].found == ["/dev/null: 96x64 GREY, 30.0 frames/s"])
            var options: VideoOptions?
            let asked = findings(", crop: [0, 8, 96, 32], reduction: 2, controls: {gain: 3}") {
                options = $0
                return ("96x64 GREY", ["the part is cut out here"])
            }
            #expect(asked.map(\.verdict) == [.ok, .ok])
            #expect(asked[0].found == ["/dev/null: 96x64 GREY, part of 96x32 at (0, 8), reduced by 2"])
            #expect(asked[1].found == ["gain = 3", "the part is cut out here"])
            #expect(options?.reduction == 2 && options?.controls == [ControlSetting("gain", 3)])
        }

        @Test("controls that did not take are a warning")
        func controls() {
            let found = findings(", controls: {gain: 300}") { _ in ("96x64 GREY", ["control gain: allowed: 0...100"]) }
            #expect(found.last?.verdict == .warning && found.last?.found == ["control gain: allowed: 0...100"])
            #expect(found.last?.cure?.hasPrefix("correct camera.controls: the automatic one first") == true)
        }

        @Test("what the camera refuses, with its field")
        func refusals() {
            let cases: [(CaptureError, Finding.Verdict, String?)] = [
                (.system("open the camera", "/dev/null", EBUSY), .warning, "fuser --verbose /dev/null"),
                (.system("ask for the format", "/dev/null", EIO), .warning, "hflocd waits for it"),
                (.anotherSize("/dev/null", "delivers 8x6"), .failed(.badData), "camera.size"),
                (.unsupportedFormat("/dev/null", "no NV12"), .failed(.configuration), "--list-formats-ext"),
                (.control("/dev/null", "no 'warp'"), .failed(.configuration), "camera.controls"),
                (.notACamera("/dev/null", "is none"), .failed(.configuration), nil),
            ]
            for (error, verdict, cure) in cases {
                let found = findings { (_) throws(CaptureError) in throw error }
                #expect(found.map(\.verdict) == [verdict], "\(error)")
                #expect(cure.map { found[0].cure?.contains($0) == true } ?? (found[0].cure == nil), "\(error)")
            }
            let format = findings(", format: QQQQQ") { _ in ("", []) }
            #expect(format[0].failure == .configuration && format[0].found[0].contains("camera.format: 'QQQQQ'"))
            let part = findings(", crop: [0, 50, 96, 20]") { _ in ("", []) }
            #expect(part[0].failure == .configuration && part[0].found[0].contains("camera.crop"))
        }

        @Test("a node that is not there is waited for; a file is no device")
        func nodes() {
            let missing = findings(device: "/dev/no-such-camera") { _ in ("", []) }
            #expect(missing.map(\.verdict) == [.warning])
            #expect(missing[0].found == ["/dev/no-such-camera: No such file or directory"])
            #expect(missing[0].cure?.hasPrefix("plug the camera in") == true)
            let file = findings(device: "camera.yaml") { _ in ("", []) }
            #expect(file[0].failure == .configuration && file[0].cure == "correct camera.device")
        }
    }
}
