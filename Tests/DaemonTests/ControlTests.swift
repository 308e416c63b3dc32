import Capture
import Daemon
import Geometry
import LocalizationOptions
import Localizer
import Messages
import ReferenceMap
import Supervision
import SwiftProtobuf
import TestSupport
import Testing

/// A prior of the camera, or of another frame, that nothing is wrong with.
private func prior(_ change: (inout Hfloc_V1_SetPrior) -> Void = { _ in }) -> Hfloc_V1_ControlRequest.OneOf_Command {
    var prior = Hfloc_V1_SetPrior()
    (prior.position.x, prior.orientation.w) = (2.1, 1)
    (prior.positionSigmaM, prior.rotationSigmaRad) = (1, 0.1)
    change(&prior)
    return .setPrior(prior)
}

private func loadMap(_ path: String) -> Hfloc_V1_ControlRequest.OneOf_Command { .loadMap(.with { $0.path = path }) }

extension DaemonTests {
    @Suite("What somebody asks of it")
    struct ControlTests {
        let bench: Bench

        init() throws {
            bench = try Bench()
        }

        @Test("the status, with every answer")
        func status() throws {
            try bench.start()
            let session = try bench.daemon.session.id
            let reply = try bench.ask(.getStatus(.init()))
            #expect(reply.ok && reply.error.isEmpty && reply.status.sessionID == session)
            #expect(try bench.ask(.relocalize(.init())).status.state == .initializing)
        }

        @Test("a request without a command is refused")
        func unknown() throws {
            try bench.start()
            let reply = try bench.ask(nil)
            #expect(!reply.ok && reply.error == "no command, or one that this version does not know")
            #expect(reply.hasStatus)
        }

        @Test("many who ask at once wait for the next rounds")
        func flood() throws {
            try bench.start()
            for _ in 0..<20 { try bench.send(.getStatus(.init())) }
            try bench.tick()
            var replies = 0
            while try bench.reply() != nil { replies += 1 }
            #expect(replies == 16)
            try bench.tick()
            while try bench.reply() != nil { replies += 1 }
            #expect(replies == 20)
        }

        @Test("to relocalize: the place is forgotten before the next frame, once")
        func relocalize() throws {
            try bench.start()
            try bench.frame(.localized())
            #expect(try bench.ask(.relocalize(.init())).ok)
            #expect(bench.machine.lines.last == "asked to relocalize")
            #expect(try bench.localizer.forgotten == 0)
            try bench.frame(.localized())
            try bench.frame(.localized())
            #expect(try bench.localizer.forgotten == 1)
            #expect(try bench.records().events.map(\.kind).contains(.relocalizationAsked))
        }

        @Test("a prior: the localizer begins at the nearest keyframe, as somebody states")
        func setPrior() throws {
            try bench.start()
            #expect(try bench.ask(prior()).ok)
            #expect(bench.machine.lines.last == "a prior was set near keyframe 2")
            try bench.step()
            let begun = try #require(try bench.localizer.begun.first)
            #expect(begun.place.reference == 2 && begun.place.cameraFromMap.translation == Vector3(-2.1, 0, 0))
            #expect(begun.hint == .stated)
            try bench.tick()
            #expect(try bench.records().events.contains { $0.kind == .priorSet && $0.text.hasSuffix("keyframe 2") })
        }

        @Test("a prior of the vehicle is one of its camera")
        func vehiclePrior() throws {
            let vehicle = "{base_from_camera: {translation: [0.5, 0, 0], rotation: [1, 0, 0, 0]}}"
            let bench = try Bench(["vehicle": vehicle])
            try bench.start()
            #expect(try bench.ask(prior { $0.frame = "base_link" }).ok)
            try bench.step()
            #expect(try bench.localizer.begun.first?.place.cameraFromMap.translation == Vector3(-2.6, 0, 0))
            #expect(try bench.ask(prior { $0.frame = "camera" }).ok)
            let refused = "set_prior.frame: 'wheel' is unknown (allowed: camera, base_link)"
            #expect(try bench.ask(prior { $0.frame = "wheel" }).error == refused)
        }

        @Test(
            "a prior that is none is refused, with the field",
            arguments: [
                "position": prior { $0.position.x = .infinity }, "orientation": prior { $0.orientation.w = 0.5 },
                "position_sigma_m": prior { $0.positionSigmaM = -1 },
                "rotation_sigma_rad": prior { $0.rotationSigmaRad = 4 }, "frame": prior { $0.frame = "wheel" },
            ])
        func badPrior(field: String, request: Hfloc_V1_ControlRequest.OneOf_Command) throws {
            try bench.start()
            let reply = try bench.ask(request)
            #expect(!reply.ok && reply.error.hasPrefix("set_prior.\(field): "), "\(reply.error)")
            try bench.step()
            #expect(try bench.localizer.begun.isEmpty)
        }

        @Test(
            "a map without a path that could be one is refused at once",
            arguments: ["", "map.hfmap", "/a\0b", "/" + String(repeating: "x", count: 4096)])
        func badMapPath(path: String) throws {
            try bench.start()
            let reply = try bench.ask(loadMap(path))
            #expect(!reply.ok && reply.error == "load_map.path: expected an absolute path of less than 4096 bytes")
            #expect(bench.machine.threads(named: "hfloc-loader").isEmpty)
        }

        @Test("shutdown is answered before the end")
        func shutdown() throws {
            try bench.start()
            #expect(try bench.ask(.shutdown(.init())).ok)
            #expect(try !bench.daemon.isRunning)
            #expect(bench.machine.lines.last == "asked to shut down")
        }
    }

    @Suite("Another map, another configuration")
    struct ReplacementTests {
        let bench: Bench

        init() throws {
            bench = try Bench()
        }

        private func start() throws {
            try bench.start()
            try bench.frame(.localized(x: 1, keyframe: 1, resets: 4))
            _ = try bench.poses()
            _ = try bench.records()
        }

        /// Writes another map beside the first, and gives its path.
        private func otherMap(keyframes: Int = 3, modelID: String? = nil) throws -> String {
            let path = "\(bench.files.path)/other.hfmap"
            try SmallMap.write(to: path, seed: 2, keyframes: keyframes, modelID: modelID)
            return path
        }

        @Test("a map is loaded beside the frames, taken between two of them, and then the request is answered")
        func map() throws {
            try start()
            let path = try otherMap()
            let before = try bench.status().map
            try bench.send(loadMap(path))
            try bench.tick()
            #expect(try bench.reply() == nil)
            // The frames go on while it loads.
            try bench.frame(.localized(x: 1, keyframe: 1, resets: 4))
            try bench.load()
            try bench.tick()
            #expect(try bench.reply() == nil)
            #expect(try bench.poses().map(\.mapID) == [before.id])
            bench.localizers[1].answers = [.localized()]
            bench.frames.script.append(.frame())
            try bench.step()
            try bench.tick()
            let reply = try #require(try bench.reply())
            #expect(reply.ok && reply.status.map.path == path && reply.status.map.id != before.id)
            #expect(try bench.poses().map(\.mapID) == [reply.status.map.id])
            #expect(bench.machine.lines.last == "map \(path) is in use")
            #expect(try bench.records().events.map(\.kind) == [.mapLoaded])
            // Another map: the place means nothing in it, the resets go on.
            #expect(bench.localizers.count == 2 && bench.localizers[1].begun.isEmpty)
            #expect(bench.localizers[1].frames == 1)
        }

        @Test("the localizer of a map that was replaced is released")
        func release() throws {
            try start()
            weak let first = try bench.localizer
            #expect(first != nil)
            bench.keepsLocalizers = false
            #expect(try bench.replace(by: loadMap(try otherMap())).ok)
            #expect(first == nil)
        }

        @Test("the same map again: the camera is where it was")
        func sameMap() throws {
            try start()
            try bench.sendAndLoad(loadMap("\(bench.files.path)/map.hfmap"))
            try bench.step()
            let next = bench.localizers[1]
            #expect(next.begun.map(\.place.reference) == [1] && next.begun.map(\.hint) == [.stated])
            #expect(next.resetCounter == 4)
        }

        @Test("a map that is missing, damaged or another model's is refused: with the file, and the map before stays")
        func refusedMap() throws {
            try start()
            let damaged = bench.files.write("damaged.hfmap", "this is no map\n")
            let foreign = try otherMap(modelID: String(repeating: "ab", count: 32))
            for path in ["/nowhere.hfmap", damaged, foreign] {
                try bench.sendAndLoad(loadMap(path))
                let reply = try #require(try bench.reply())
                #expect(!reply.ok && reply.error.hasPrefix(path), "\(reply.error)")
                #expect(bench.machine.lines.last == "the map before stays: \(reply.error)")
                #expect(reply.status.problems == [.with { ($0.kind, $0.text) = (.badMap, reply.error) }])
                #expect(reply.status.map.path.hasSuffix("/map.hfmap"))
            }
            #expect(try bench.records().events.count { $0.kind == .mapRefused } == 3)
            // One that is taken ends the problem.
            #expect(try bench.replace(by: loadMap(try otherMap())).status.problems.isEmpty)
        }

        @Test("while one is on its way another is refused; so is one for which there is no thread")
        func busy() throws {
            try start()
            let path = try otherMap()
            try bench.send(loadMap(path))
            try bench.tick()
            let reply = try bench.ask(loadMap(path))
            let busy = "a map or a configuration is being loaded already; ask again in a moment"
            #expect(!reply.ok && reply.error == busy)
            try bench.load()
            try bench.tick()
            let another = try bench.ask(.reload(.init()))
            #expect(another.error == busy)
            try bench.step()
            try bench.tick()
            #expect(try #require(try bench.reply()).ok)

            bench.machine.threadRefusal = .thread(11, priority: nil, cpus: [])
            let last = try bench.ask(loadMap(path))
            #expect(!last.ok && last.error.hasPrefix("cannot start a thread: "))
        }

        @Test("a prior that comes while a map is on its way to the frames is of that map")
        func priorMeanwhile() throws {
            try start()
            try bench.sendAndLoad(loadMap(try otherMap(keyframes: 2)))
            #expect(try bench.ask(prior()).ok)
            try bench.step()
            #expect(bench.localizers[1].begun.map(\.place.reference) == [1])
        }

        @Test("a configuration: what can be taken over is, the rest waits for a restart", arguments: [true, false])
        func configuration(bySignal: Bool) throws {
            try start()
            bench.change([
                "map_frame": "town", "localizer": "{keypoints: 600}", "real_time": "{lock_memory: true}",
                "camera": "{folder: images, calibration: camera.yaml, frame: front}",
            ])
            if bySignal { bench.machine.signals = [.reload] } else { try bench.send(.reload(.init())) }
            try bench.tick()
            #expect(bench.machine.told.contains { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") })
            try bench.load()
            try bench.tick()
            bench.localizers[1].answers = [.localized()]
            bench.frames.script.append(.frame())
            try bench.step()
            try bench.tick()
            if !bySignal { #expect(try #require(try bench.reply()).ok) }
            let message = try #require(try bench.poses().last)
            #expect(message.mapFrame == "town" && message.cameraFrame == "front")
            #expect(bench.localizers[1].options.maximumKeypoints == 600)
            // The same map: the place goes with it.
            #expect(bench.localizers[1].begun.map(\.place.reference) == [1])
            #expect(
                bench.machine.lines.suffix(2) == [
                    "configuration reloaded", "real_time.lock_memory: waits for a restart",
                ])
            #expect(bench.machine.told.contains("READY=1\nSTATUS=reloaded"))
            #expect(try bench.status().configurationGeneration == 2)
            let records = try bench.records()
            #expect(records.events.map(\.kind).contains(.configurationReloaded))
            #expect(records.cameras.map(\.cameraFrame) == ["front"])
        }

        @Test("a configuration that is wrong is refused, with every mistake; frames go on with the one before")
        func refusedConfiguration() throws {
            try start()
            bench.change(["localizer": "{keypoints: 6}", "speed": "3"])
            let reply = try bench.ask(.reload(.init()))
            #expect(!reply.ok && reply.error.contains("localizer.keypoints") && reply.error.contains("speed"))
            #expect(bench.machine.told.last == "READY=1\nSTATUS=reload refused")
            #expect(bench.machine.lines.last?.hasPrefix("the configuration before stays: ") == true)
            let status = try bench.status()
            #expect(status.configurationGeneration == 1 && status.problems.map(\.kind) == [.badConfiguration])
            #expect(try bench.records().events.map(\.kind).contains(.configurationRefused))
            // The good one again ends the problem.
            bench.change(["localizer": "", "speed": ""])
            #expect(try bench.replace(by: .reload(.init())).status.problems.isEmpty)
        }

        @Test("a calibration of another size needs a restart; a missing model is refused")
        func refusedFiles() throws {
            try start()
            let small = "model: PINHOLE\nwidth: 32\nheight: 24\nparameters: [25, 25, 15.5, 11.5]\n"
            bench.files.write("small.yaml", small)
            let files = bench.files.path
            let cases = [
                (
                    ["camera": "{folder: images, calibration: small.yaml}"],
                    "\(files)/small.yaml: width, height: 32x24, but the camera delivers 96x64; restart the daemon for "
                        + "another resolution"
                ),
                (["camera": "{folder: images, calibration: camera.yaml}", "model": "none"], "\(files)/none: "),
            ]
            for (change, reason) in cases {
                bench.change(change)
                try bench.sendAndLoad(.reload(.init()))
                let reply = try #require(try bench.reply())
                #expect(!reply.ok && reply.error.hasPrefix(reason), "\(reply.error)")
            }
            #expect(bench.localizers.count == 2)
        }
    }
}
