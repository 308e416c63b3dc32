import Configuration
import Geometry
import LocalizationOptions
import TestSupport
import Testing

private let minimal = """
    map: site.map
    publish: ipc:///tmp/a
    camera:
      device: /dev/video9
      calibration: cam.yaml

    """

/// The message that the text gives, without the file's name; nil if the text is right.
private func complaint(_ text: String) -> String? {
    let file = TemporaryFile(text)
    do {
        _ = try ConfigurationDraft(reading: file.path).complete()
        return nil
    } catch {
        let text = error.description
        return text.hasPrefix(file.path) ? String(text.dropFirst(file.path.utf8.count)) : text
    }
}

@Suite("Configuration file")
struct ConfigurationTests {
    @Test("Every field is read; paths are relative to the file's folder")
    func everything() throws {
        let file = TemporaryFile(
            """
            map: maps/site.safetensors
            model: /models/m.safetensors
            map_frame: site
            publish: [ipc:///run/a, "tcp://127.0.0.1:5556"]
            camera:
              folder: drive
              calibration: cam.yaml
              rate: 12.5
              loop: yes
              frame: front
            localizer:
              keypoints: 500
              priors: 7
              cached_keyframes: 6
              failures_until_lost: 3
              gates:
                minimum_inliers: 30
                minimum_tracked_inliers: 12
                maximum_rival_share: 0.25
                minimum_spread: 0.1
                minimum_recognition: 0.3
                minimum_purity: 0.6
              degraded: {inliers: 40, position_deviation_m: 0.5, rotation_deviation_deg: 2}
            real_time: {lock_memory: true, priority: 20, cpus: [2, 3]}
            """)
        let c = try ConfigurationDraft(reading: file.path).complete()
        #expect(c.map == "/tmp/maps/site.safetensors" && c.model == "/models/m.safetensors")
        #expect(c.mapFrame == "site" && c.cameraFrame == "front" && c.calibration == "/tmp/cam.yaml")
        #expect(c.endpoints == ["ipc:///run/a", "tcp://127.0.0.1:5556"])
        guard case .folder("/tmp/drive", 12.5, true, false) = c.source else {
            Issue.record("\(c.source)")
            return
        }
        #expect(c.localizer.maximumKeypoints == 500 && c.localizer.priors == 7 && c.localizer.cachedKeyframes == 6)
        #expect(c.localizer.failuresUntilLost == 3)
        let (gates, degradation) = (c.localizer.gates, c.localizer.degradation)
        #expect(gates.minimumInliers == 30 && gates.minimumTrackedInliers == 12 && gates.maximumRivalShare == 0.25)
        #expect(gates.minimumSpread == 0.1 && gates.minimumRecognition == 0.3 && gates.minimumPurity == 0.6)
        #expect(degradation.minimumInliers == 40 && degradation.maximumPositionDeviation == 0.5)
        #expect(degradation.maximumRotationDeviation == 2 * Double.pi / 180)
        #expect(c.realTime.locksMemory && c.realTime.priority == 20 && c.realTime.cpus == [2, 3])
    }

    @Test("What is left out has its default")
    func defaults() throws {
        let file = TemporaryFile(minimal + "localizer:\nreal_time: ~\n")
        let c = try ConfigurationDraft(reading: file.path).complete()
        guard case .device("/dev/video9", nil, nil) = c.source else {
            Issue.record("\(c.source)")
            return
        }
        #expect(c.mapFrame == "map" && c.cameraFrame == "camera" && c.model == nil)
        #expect(c.localizer == LocalizerOptions() && !c.realTime.locksMemory && c.realTime.cpus.isEmpty)
    }

    @Test("Threads share a frame's work: as many as configured, or those that are left over, four at most")
    func threads() throws {
        var settings = RealTimeSettings()
        #expect([1, 2, 4, 16].map(settings.threads) == [1, 1, 3, 4])
        #expect(settings.helperPriority == 0)
        settings.cpus = [2, 3]
        #expect([4, 16].map(settings.threads) == [2, 2])
        settings.priority = 20
        #expect(settings.helperPriority == 19)
        settings.priority = 1
        #expect(settings.helperPriority == 0)
        let file = TemporaryFile(minimal + "localizer: {threads: 6}\n")
        let configured = try ConfigurationDraft(reading: file.path).complete().realTime
        #expect([1, 16].map(configured.threads) == [6, 6])
    }

    @Test("The network runs behind cheap frames where it has a processor beside the frames'")
    func networkBehind() throws {
        var settings = RealTimeSettings()
        #expect([1, 2, 16].map(settings.runsNetworkBehind) == [false, true, true])
        settings.cpus = [3]
        #expect(!settings.runsNetworkBehind(on: 4))
        settings.cpus = [2, 3]
        #expect([1, 4].map(settings.runsNetworkBehind) == [false, true])
        let file = TemporaryFile(minimal + "localizer: {network_behind: false}\n")
        let configured = try ConfigurationDraft(reading: file.path).complete().realTime
        #expect(!configured.runsNetworkBehind(on: 4))
    }

    @Test("The part of a device's frame, and its controls in their order")
    func view() throws {
        let text = """
              size: [1280, 960]
              crop: [16, 8, 640, 480]
              reduction: 2
              controls:
                zoom_absolute: 3
                auto_exposure: 1
                backlight: off

            """
        let file = TemporaryFile(minimal.replacing("/dev/video9\n", with: "/dev/video9\n" + text))
        let c = try ConfigurationDraft(reading: file.path).complete()
        #expect(c.controls.map(\.name) == ["zoom_absolute", "auto_exposure", "backlight"])
        #expect(c.controls.map(\.value) == [3, 1, 0])
        // Calibrated at half the size: twice the focal length, then the part's corner, then half of all.
        let calibrated = try Camera(
            model: .pinhole, parameters: [400, 410, 320, 240], width: 640, height: 480)
        let camera = try c.camera(of: calibrated)
        #expect((camera.width, camera.height) == (320, 240))
        #expect(abs(camera.focalLength.x - 400) < 1e-12 && abs(camera.focalLength.y - 410) < 1e-12)
        // (320 + 0.5) * 2 - 0.5 = 640.5; - 16 = 624.5; (624.5 + 0.5) / 2 - 0.5 = 312.
        #expect(abs(camera.principalPoint.x - 312) < 1e-12 && abs(camera.principalPoint.y - 236) < 1e-12)
    }

    @Test(
        "A truth value is written as YAML 1.2 and 1.1 have it, in fields and in controls",
        arguments: [
            ("true", true), ("True", true), ("TRUE", true), ("yes", true), ("Yes", true), ("YES", true), ("on", true),
            ("On", true), ("ON", true), ("false", false), ("False", false), ("FALSE", false), ("no", false),
            ("No", false), ("NO", false), ("off", false), ("Off", false), ("OFF", false),
        ])
    func truth(text: String, value: Bool) throws {
        let folder = minimal.replacing("device: /dev/video9", with: "folder: drive\n  loop: \(text)")
        let file = TemporaryFile(folder)
        guard case .folder(_, _, let loops, _) = try ConfigurationDraft(reading: file.path).complete().source else {
            Issue.record("\(text)")
            return
        }
        #expect(loops == value)
        let control = TemporaryFile(minimal + "  controls: {backlight: \(text)}\n")
        #expect(try ConfigurationDraft(reading: control.path).complete().controls.map(\.value) == [value ? 1 : 0])
    }

    @Test("What only looks like a truth value is none", arguments: ["tRUE", "y", "1", "'true'", "oN"])
    func noTruth(text: String) {
        #expect(complaint(minimal.replacing("device: /dev/video9", with: "folder: drive\n  loop: \(text)")) != nil)
    }

    @Test("A calibration of a part of the frame holds for this part and what lies in it")
    func calibratedPart() throws {
        let calibrated = try Camera(model: .pinhole, parameters: [400, 410, 320, 240], width: 640, height: 480)
        let part = CalibrationRecord.Part(frameWidth: 1280, frameHeight: 960, x: 300, y: 200)
        func configuration(_ lines: String) throws -> DaemonConfiguration {
            let file = TemporaryFile(minimal.replacing("/dev/video9\n", with: "/dev/video9\n\(lines)"))
            return try ConfigurationDraft(reading: file.path).complete()
        }
        let plain = try configuration("")
        #expect(plain.view.frameSize(of: calibrated, part: part) == (1280, 960))
        let crop = try #require(plain.view.crop(of: calibrated, part: part))
        #expect(crop == (300, 200, 640, 480))
        #expect(try plain.camera(of: calibrated, part: part) == calibrated)
        let inner = try configuration("  crop: [310, 204, 320, 240]\n").camera(of: calibrated, part: part)
        #expect((inner.width, inner.height) == (320, 240) && inner.principalPoint == Vector2(310, 236))
        for (line, expected) in [
            ("  crop: [0, 0, 640, 480]\n", "camera.crop': 640x480 pixels at (0, 0) reach beyond what was calibrated"),
            ("  size: [640, 480]\n", "camera.size': 640x480, but the calibration is of 640x480 pixels at (300, 200)"),
        ] {
            let wrong = try configuration(line)
            let error = #expect(throws: ConfigurationError.self) { try wrong.camera(of: calibrated, part: part) }
            #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        }
        // The whole frame, said: as if nothing were said.
        let whole = CalibrationRecord.Part(frameWidth: 640, frameHeight: 480, x: 0, y: 0)
        let cut = try configuration("  crop: [16, 8, 320, 240]\n").camera(of: calibrated, part: whole)
        #expect(cut.principalPoint == Vector2(304, 232))
    }

    @Test(
        "A part that cannot be is named with its line",
        arguments: [
            (
                "size: [1280, 720]",
                ":LINE: field 'camera.size': 1280x720 has not the shape of the calibration's 640x480"
            ),
            ("size: [1280]", ":LINE: field 'camera.size': expected [width, height], found a list of 1"),
            ("size: [1280, 9]", ":LINE: field 'camera.size': '9' is not a number of pixels (allowed: 16...16384)"),
            (
                "crop: [1, 0, 640, 480]",
                ":LINE: field 'camera.crop': 640x480 pixels at (1, 0) are not in the frame of 640x480"
            ),
            ("crop: [0, 0, 8, 480]", ":LINE: field 'camera.crop': 8x480 pixels at (0, 0) are not"),
            (
                "crop: [0, 0, -640, 480]",
                ":LINE: field 'camera.crop': '-640' is not a number of pixels (allowed: 0...16384)"
            ),
            ("crop: 7", ":LINE: field 'camera.crop': expected [x, y, width, height], found '7'"),
            ("reduction: 3", ":LINE: field 'camera.reduction': expected 1, 2, 4 or 8, found '3'"),
            (
                "{reduction: 4, crop: [0, 2, 640, 400]}",
                "field 'camera.reduction': 4 does not divide the frame's part, 640x400 pixels at (0, 2)"
            ),
            (
                "controls: {zoom: much}",
                ":LINE: field 'camera.controls.zoom': expected a whole number, true or false, found 'much'"
            ),
            ("controls: [1]", ":LINE: field 'camera.controls': expected fields"),
        ])
    func wrongView(line: String, expected: String) throws {
        let lines = line.hasPrefix("{") ? "reduction: 4\n  crop: [0, 2, 640, 400]" : line
        let text = minimal.replacing("/dev/video9\n", with: "/dev/video9\n  \(lines)\n")
        let number =
            text.prefix(upTo: text.firstRange(of: lines)?.lowerBound ?? text.startIndex).count { $0 == "\n" } + 1
        let file = TemporaryFile(text)
        let calibrated = try Camera(model: .pinhole, parameters: [400, 410, 320, 240], width: 640, height: 480)
        let error = #expect(throws: ConfigurationError.self) {
            _ = try ConfigurationDraft(reading: file.path).complete().camera(of: calibrated)
        }
        let message = error?.description ?? ""
        #expect(message.contains(expected.replacing("LINE", with: "\(number)")), "\(message)")
    }

    @Test("The command line wins over the environment, the environment over the file")
    func overrides() throws {
        let file = TemporaryFile(minimal)
        var draft = try ConfigurationDraft(reading: file.path)
        let environment = try ConfigurationOverrides(environment: [
            "HFLOC_FRAMES": "/other", "HFLOC_RATE": "7", "HFLOC_MAP": "/environment.map", "HFLOC_CONFIG": "x",
            "PATH": "/bin",
            "HFLOC_MODEL": "", "HFLOC_SPEED": "1",
        ])
        #expect(environment.unknownVariables == ["HFLOC_SPEED"])
        draft.apply(environment)
        draft.apply(
            try ConfigurationOverrides(options: [
                "frames": ["/images"], "rate": ["5.0"], "publish": ["ipc:///b"], "map": [],
            ]))
        let c = try draft.complete()
        #expect(c.endpoints == ["ipc:///b"] && c.map == "/environment.map" && c.model == nil)
        guard case .folder("/images", 5, false, false) = c.source else {
            Issue.record("\(c.source)")
            return
        }
    }

    @Test(
        "What is wrong is named with its line, its field and what is allowed",
        arguments: [
            (minimal + "cmaera: 1\n", ":6: field 'cmaera': unknown (allowed here: camera, "),
            (
                minimal + "  rate: fast\n",
                ":6: field 'camera.rate': expected a number, found 'fast' (allowed: 0.0...1000.0)"
            ),
            (minimal + "  rate: 1001\n", ":6: field 'camera.rate': 1001 is out of range (allowed: 0.0...1000.0)"),
            (minimal + "  rate: nan\n", ":6: field 'camera.rate': expected a number"),
            (minimal + "  rate: \"5\"\n", ":6: field 'camera.rate': expected a number"),
            (minimal + "  rte: 5\n", ":6: field 'camera.rte': unknown"),
            (minimal + "  device: b\n", ":6: field 'device': given twice; first on line 4"),
            (minimal + "  folder: b\n", ": field 'camera.folder': stands beside camera.device"),
            (
                minimal + "real_time: {cpus: 2}\n",
                ":6: field 'real_time.cpus': expected a list of whole numbers, as in [2, 3], "
                    + "found '2' (allowed: 0...1023)"
            ),
            (
                minimal + "real_time: {cpus: [1, -1]}\n",
                ":6: field 'real_time.cpus': expected a whole number, found '-1' (allowed: 0...1023)"
            ),
            (minimal + "  size: 640x480\n", ":6: field 'camera.size': expected [width, height], found '640x480'"),
            (minimal + "  loop: true\n", ": field 'camera.loop': belongs to a folder"),
            (minimal + "  follow: true\n", ": field 'camera.follow': belongs to a folder"),
            (
                minimal + "localizer:\n  keypoints: 10\n",
                ":7: field 'localizer.keypoints': 10 is out of range (allowed: 16...8192)"
            ),
            (minimal + "localizer:\n  keypoints: 1e3\n", ":7: field 'localizer.keypoints': expected a whole number"),
            (minimal + "localizer: 5\n", ":6: field 'localizer': expected fields"),
            (
                minimal + "localizer:\n  gates:\n    minimum_spread: [1]\n",
                ":8: field 'localizer.gates.minimum_spread': expected a number, found a list"
            ),
            (
                minimal + "real_time:\n  lock_memory: maybe\n",
                ":7: field 'real_time.lock_memory': expected true or false"
            ),
            (
                minimal + "real_time:\n  cpus: [0, -1]\n",
                ":7: field 'real_time.cpus': expected a whole number, found '-1'"
            ),
            (
                minimal + "real_time:\n  priority: 0\n",
                ":7: field 'real_time.priority': 0 is out of range (allowed: 1...99)"
            ),
            ("map: &a x\n", ":1: anchors"), ("map: *a\n", ":1: "), ("map: [\n", "not YAML"),
            ("a\tb: : c\n\t- x", "not YAML"),
            ("- map\n", ":1: expected fields"), ("map: x\n---\nmap: y\n", ":2: a second document"),
            ("map: \"a\\0b\"\n", ":1: field 'map': expected text"), ("? [a]\n: b\n", ":1: a name must stand"),
            ("", ": field 'camera.calibration': missing"),
            ("camera: {calibration: c}\n", ": field 'map': missing"),
            ("map: m\ncamera: {calibration: c}\n", ": field 'publish': missing"),
            ("map: m\npublish: p\ncamera: {calibration: c}\n", ":3: field 'camera.device': missing"),
            ("map: m\n\ncamera: {device: d}\n", ":3: field 'camera.calibration': missing"),
            (String(repeating: "[", count: 40), "nested more than"),
            ("map: \u{1}\n", "not YAML"),
        ])
    func wrong(text: String, expected: String) throws {
        let message = try #require(complaint(text))
        #expect(message.contains(expected))
    }

    @Test("All mistakes are told at once, in the order of their lines, each with its line, field and range")
    func all() throws {
        let text =
            minimal + """
                  rate: fast
                  colour: red
                localizer:
                  keypoints: 10
                  gates: {minimum_spread: 2, minimum_inliers: many}
                real_time: {priority: 100, cpus: [5000]}
                speed: 3

                """
        let file = TemporaryFile(text)
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationDraft(reading: file.path) }
        let mistakes = try #require(error).mistakes
        #expect(mistakes.map(\.line) == [6, 7, 9, 10, 10, 11, 11, 12])
        #expect(
            mistakes.map(\.field) == [
                "camera.rate", "camera.colour", "localizer.keypoints", "localizer.gates.minimum_inliers",
                "localizer.gates.minimum_spread", "real_time.priority", "real_time.cpus", "speed",
            ])
        #expect(mistakes.allSatisfy { $0.reason.contains("allowed") })
        #expect(error?.description.split(separator: "\n").count == 8)
    }

    @Test("Everything that is missing is told at once")
    func nothingGiven() {
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationDraft().complete() }
        #expect(error?.mistakes.map(\.field) == ["camera.calibration", "map", "publish", "camera.device"])
        #expect(error?.mistakes.allSatisfy { $0.origin == "command line" && $0.reason.hasPrefix("missing") } == true)
    }

    @Test("What the environment says wrongly is named with the variable")
    func environment() {
        for (name, value) in [("HFLOC_RATE", "fast"), ("HFLOC_RATE", "-1"), ("HFLOC_RATE", "1e9")] {
            let error = #expect(throws: ConfigurationError.self) {
                try ConfigurationOverrides(environment: [name: value])
            }
            #expect(error?.description.hasPrefix("environment: field '\(name)': '\(value)'") == true)
        }
        #expect(throws: ConfigurationError.self) {
            try ConfigurationOverrides(environment: ["HFLOC_DEVICE": "a", "HFLOC_FRAMES": "b"])
        }
    }

    @Test("A reload takes over what a running daemon can, and names what waits for a restart")
    func reload() throws {
        func configuration(_ text: String) throws -> DaemonConfiguration {
            let file = TemporaryFile(text)
            return try withExtendedLifetime(file) { try ConfigurationDraft(reading: file.path).complete() }
        }
        let old = try configuration(minimal)
        let taken = try configuration(minimal.replacing("site.map", with: "/other.map") + "localizer: {priors: 3}\n")
        var (effective, waiting) = old.reloaded(as: taken)
        #expect(effective == taken && waiting.isEmpty)
        let next = try configuration(
            """
            map: /other.map
            publish: ipc:///other
            state: /state
            camera: {folder: /x, loop: true, calibration: cam.yaml}
            localizer: {priors: 3}
            real_time: {priority: 5}
            """)
        (effective, waiting) = old.reloaded(as: next)
        #expect(waiting == ["publish", "state", "camera.device", "camera.folder", "camera.loop", "real_time.priority"])
        #expect(effective.map == "/other.map" && effective.localizer.priors == 3)
        #expect(
            effective.source == old.source && effective.endpoints == old.endpoints && effective.realTime == old.realTime
        )
    }

    @Test("Fields of gates that are gone are accepted for a release, with a remark that names what took their place")
    func retired() throws {
        let file = TemporaryFile(
            minimal
                + "localizer:\n  gates:\n    minimum_inlier_ratio: 0.2\n    maximum_reprojection_rms_px: 3\n")
        let draft = try ConfigurationDraft(reading: file.path)
        #expect(try draft.complete().localizer == LocalizerOptions())
        #expect(draft.remarks.count == 2)
        let successor = "without effect since 0.2, see localizer.gates.minimum_purity"
        #expect(draft.remarks.allSatisfy { $0.contains(successor) })
        #expect(draft.remarks.first?.contains("localizer.gates.minimum_inlier_ratio") == true)
    }

    @Test("A file that is missing, a folder or huge is named")
    func unreadable() {
        #expect(throws: ConfigurationError.self) { try ConfigurationDraft(reading: "/tmp") }
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationDraft(reading: "/nonexistent.yaml") }
        #expect(error?.kind == .missing)
        #expect(error?.description == "/nonexistent.yaml: does not exist; give the path of a configuration")
        #expect(complaint(String(repeating: "# long\n", count: 200_000))?.contains("larger than the 1 MiB") == true)
    }

    @Test("Damaged text never does worse than an error")
    func damaged() {
        var state: UInt64 = 88172645463325252
        for _ in 0..<2000 {
            var bytes = Array((minimal + "localizer: {gates: {minimum_spread: 0.5}}\n").utf8)
            for _ in 0..<3 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                bytes[Int(state % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: state >> 32)
            }
            _ = complaint(String(decoding: bytes, as: UTF8.self))
        }
    }
}
