import Container
import Daemon
import Geometry
import Localizer
import Messages
import SwiftProtobuf
import TestSupport
import Testing

extension DaemonTests {
    @Suite("The last place over restarts")
    struct LastPoseStoreTests {
        let bench: Bench
        let folder: String
        let place = LastPose(
            reference: 1, cameraFromMap: RigidTransform(rotation: .identity, translation: Vector3(-1, 0, 0)))

        init() throws {
            bench = try Bench()
            folder = bench.files.folder("state")
            bench.change(["state": "state"])
        }

        private var lines: [String] { bench.machine.lines }

        /// The file as a daemon with these files writes it.
        private func file(map: String? = nil, model: String? = nil, calibration: String? = nil) throws -> LastPoseFile {
            let status = try {
                let other = try Bench(); try other.start(); return try other.status()
            }()
            return LastPoseFile(
                folder: folder, mapID: map ?? status.map.id, modelID: model ?? status.model.id,
                calibrationID: calibration ?? status.calibration.id)
        }

        @Test("it begins where the last session ended, and says whether a frame has confirmed it")
        func restored() throws {
            try file().save(place, syncs: false)
            try bench.start()
            #expect(try bench.localizer.begun.map(\.place) == [place])
            #expect(try bench.localizer.begun.map(\.hint) == [.remembered])
            #expect(lines == ["\(folder)/last-place.json: trying the last place, keyframe 1"])
            try bench.frame(.lost)
            var status = try bench.status().place
            #expect(status.restored && !status.restoreConfirmed && !status.cached)
            try bench.frame(.localized(x: 1, keyframe: 1))
            status = try bench.status().place
            #expect(!status.restored && status.restoreConfirmed && status.keyframe == 1)
            try bench.frame(.localized(x: 1, keyframe: 1))
            let events = try bench.records().events.filter { $0.kind == .placeRestored }
            #expect(events.map(\.text) == ["a frame confirmed the place of the run before"])
        }

        @Test("a place that retrieval found meanwhile is not a confirmed one")
        func notConfirmed() throws {
            try file().save(place, syncs: false)
            try bench.start()
            try bench.frame(.localized(source: .retrieval))
            let status = try bench.status().place
            #expect(!status.restored && !status.restoreConfirmed)
            #expect(try !bench.records().events.contains { $0.kind == .placeRestored })
        }

        @Test("a file of another map, model or calibration, or a damaged one, is named and not used")
        func foreign() throws {
            let path = try file().path
            for (file, reason) in [
                (try file(map: "x"), "is of another map"), (try file(model: "x"), "is of another model"),
                (try file(calibration: "x"), "is of another calibration"), (nil, "is damaged"),
            ] {
                if let file {
                    try file.save(place, syncs: false)
                } else {
                    bench.files.write("state/last-place.json", "{")
                }
                let other = try Bench(["state": folder])
                try other.start()
                #expect(other.machine.lines.count == 1)
                #expect(other.machine.lines.first?.hasPrefix("\(path): \(reason); ") == true)
                #expect(try other.localizer.begun.isEmpty)
            }
        }

        @Test("a keyframe that the map does not have is none")
        func beyond() throws {
            try file().save(LastPose(reference: 9, cameraFromMap: place.cameraFromMap), syncs: false)
            try bench.start()
            let reason = "names a keyframe that the map does not have; not used"
            #expect(lines == ["\(folder)/last-place.json: \(reason)"])
        }

        @Test("it is kept at each change of place, once a second at most, and at the end")
        func kept() throws {
            let file = try file()
            try bench.start()
            try bench.frame(.localized(keyframe: 0))
            #expect(try file.recall()?.reference == 0)
            try bench.frame(.localized(x: 1, keyframe: 1))
            #expect(try file.recall()?.reference == 0)
            bench.clock.advance(by: second)
            try bench.frame(.localized(x: 1, keyframe: 1))
            #expect(try file.recall() == place)
            // The same keyframe, another pose: not worth a write while driving.
            bench.clock.advance(by: second)
            try bench.frame(.localized(x: 1.25, keyframe: 1))
            #expect(try file.recall() == place)
            try bench.frame(.lost)
            try bench.frame(.localized(x: 1.25, keyframe: 1))
            try bench.frameThread.isFinished = true
            try bench.daemon.stop()
            #expect(try file.recall()?.cameraFromMap.translation == Vector3(-1.25, 0, 0))
            #expect(!lines.contains { $0.contains("last") })
        }

        @Test("a folder that refuses is told of once, and once more after it took one")
        func refusing() throws {
            try bench.start()
            func save(_ keyframe: Int) throws {
                bench.clock.advance(by: second)
                try bench.frame(.localized(x: Double(keyframe), keyframe: keyframe))
            }
            removeRecursively(folder)
            try save(0)
            try save(1)
            #expect(lines.count == 1 && lines[0].hasPrefix("the last place is not kept: \(folder)/"))
            _ = bench.files.folder("state")
            try save(2)
            removeRecursively(folder)
            try save(0)
            #expect(lines.count == 2)
        }

        @Test(
            "a folder that cannot be used stops nothing: it is said once, in the status too, until it takes a place",
            arguments: ["/no/such", "text", "text/state"])
        func unusable(state: String) throws {
            bench.files.write("text", text: "mine")
            bench.change(["state": state])
            try bench.start()
            #expect(lines.count == 1 && lines[0].hasPrefix("the last place is not kept: state: /"))
            try bench.frame(.localized(x: 1, keyframe: 1))
            let status = try bench.status()
            #expect(status.state == .localized && status.problems.map(\.kind) == [.placeNotKept])
            #expect(status.problems.first?.text.hasPrefix("the last place is not kept: ") == true)
            #expect(lines.count == 1)
            guard state == "text" else { return }
            removeRecursively(bench.files.file("text"))
            _ = bench.files.folder("text")
            bench.clock.advance(by: second)
            try bench.frame(.localized(x: 2, keyframe: 2))
            #expect(try bench.status().problems.isEmpty)
        }

        @Test("where the place is in a map that is no longer in use is not kept as one of the new map")
        func replacedMap() throws {
            try bench.start()
            try bench.frame(.localized(x: 1, keyframe: 1))
            let path = "\(bench.files.path)/other.hfmap"
            try SmallMap.write(to: path, seed: 2)
            try bench.sendAndLoad(.loadMap(.with { $0.path = path }))
            // The frame loop takes the map, and no frame comes: what it said last is of the map before.
            try bench.step()
            try bench.tick()
            let status = try #require(try bench.reply()).status
            #expect(!status.place.cached)
            let new = try file(map: status.map.id)
            #expect(throws: LastPoseFile.Unusable.self) { try new.recall() }
            bench.clock.advance(by: second)
            bench.frames.script.append(.frame())
            bench.localizers[1].answers = [.localized(keyframe: 2)]
            try bench.step()
            try bench.tick()
            #expect(try new.recall()?.reference == 2)
        }

        @Test("without a field it is the service manager's first folder; without either nothing is kept")
        func managersFolder() throws {
            bench.change(["state": ""])
            bench.machine.environment["STATE_DIRECTORY"] = "\(folder):/elsewhere"
            try bench.start()
            try bench.frame(.localized())
            #expect(namesInFolder(folder) == ["last-place.json"])

            let other = try Bench()
            try other.start()
            try other.frame(.localized())
            #expect(other.machine.lines.isEmpty)
        }
    }
}
