import CalibrationFixtures
import CameraCalibration
import Configuration
import Features
import Geometry
import TestSupport
import Testing

/// Without a camera and without waiting: what a camera does is a script, and its frames bear the time.
@Suite("A live calibration from its first frame to its end")
struct LiveRunTests {
    /// A camera that does what the script says, one event each time it is asked.
    private final class ScriptedCamera: LiveCameraSource {
        var events: [LiveCameraEvent]
        /// Called before each event, with how many are left.
        let before: (Int) -> Void
        private(set) var locks = 0

        init(_ events: [LiveCameraEvent], before: @escaping (Int) -> Void = { _ in }) {
            self.events = events.reversed()
            self.before = before
        }

        var description: String { "camera after \(locks) locks" }

        func lock() -> (controls: [CalibrationRecord.Control], remark: String) {
            locks += 1
            return ([.init(name: "focus_absolute", value: 30)], "locked")
        }

        func next(into image: inout GreyImage) -> LiveCameraEvent {
            before(events.count)
            image.reshape(width: 64, height: 48)
            return events.popLast() ?? .none
        }
    }

    /// A terminal that goes on until it has been updated a number of times.
    private final class ScriptedTerminal: LiveTerminal {
        var left: Int
        var closed = 0
        init(updates: Int) { left = updates }

        func update(_ state: LiveState, _ session: LiveSession) -> Bool {
            left -= 1
            return left > 0
        }

        func close() { closed += 1 }
    }

    private final class Lines {
        var all: [String] = []
    }

    private let device = Latest(LiveResult.Device())
    private let lines = Lines()

    private func session() throws -> LiveSession {
        LiveSession(board: try TestCameras.board()) { _, _ in (.init(), "") }
    }

    private func run(_ session: LiveSession, _ camera: ScriptedCamera, isInterrupted: @escaping () -> Bool = { false })
        -> LiveRun
    {
        LiveRun(
            session: session, camera: camera, device: device, isInterrupted: isInterrupted,
            say: { [lines] in lines.all.append($0) })
    }

    private let second: UInt64 = 1_000_000_000

    @Test("two seconds after the first frame, focus and exposure are locked, once, and the camera file will say so")
    func locks() throws {
        let session = try session()
        let camera = ScriptedCamera([5, 6, 6, 7, 8, 20].map { .frame(time: $0 * second) }) { left in
            // Before the frame of the seventh second, two seconds after the first.
            guard left == 3 else { return }
            let state = session.state.current.value
            #expect(state.isSettling && state.hint == "The camera settles its focus and exposure: show it the board")
        }
        let terminal = ScriptedTerminal(updates: 6)
        #expect(!run(session, camera).run(terminal: terminal))
        #expect(camera.locks == 1 && terminal.closed == 1)
        let state = session.state.current.value
        #expect(!state.isSettling && state.controls == ["focus_absolute = 30", "locked"])
        #expect(device.current.value.controls == [.init(name: "focus_absolute", value: 30)])
        #expect(lines.all.isEmpty)
    }

    @Test("a camera that goes is said to be gone, and described anew when it is back")
    func missing() throws {
        let session = try session()
        let camera = ScriptedCamera([.missing("unplugged"), .none, .frame(time: 1)]) { left in
            if left == 2 { #expect(session.state.current.value.detail == "unplugged") }
        }
        #expect(!run(session, camera).run(terminal: ScriptedTerminal(updates: 3)))
        #expect(session.state.current.value.camera == "camera after 0 locks")
        #expect(device.current.value.name == "camera after 0 locks" && camera.locks == 0)
    }

    /// A camera whose driver keeps a call until it is let go.
    private final class StuckCamera: LiveCameraSource, Sendable {
        let isStuck = Latest(true)

        var description: String { "stuck camera" }

        func lock() -> (controls: [CalibrationRecord.Control], remark: String) {
            wait()
            return ([.init(name: "focus_absolute", value: 30)], "locked")
        }

        func next(into image: inout GreyImage) -> LiveCameraEvent {
            wait()
            image.reshape(width: 64, height: 48)
            return .frame(time: 7)
        }

        private func wait() {
            var version: UInt64 = 0
            while isStuck.current.value {
                version = isStuck.next(after: version, milliseconds: 1000)?.version ?? version
            }
        }
    }

    @Test("a driver that never returns is named, and the run ends when it is told to; a driver that returns is used")
    func stuckDriver() throws {
        let camera = StuckCamera()
        let supervised = SupervisedCamera(camera, patience: .milliseconds(150))
        let session = try session()
        let hears = { session.state.current.value.detail.hasPrefix("the camera driver does not answer") }
        let run = LiveRun(
            session: session, camera: supervised, device: device, isInterrupted: hears,
            say: { [lines] in lines.all.append($0) })
        #expect(try !run.run(page: HTTPEndpoint(parsing: "127.0.0.1:0")))
        camera.isStuck.set(false)
        var image = GreyImage(width: 1, height: 1)
        while true {
            guard case .frame(let time) = supervised.next(into: &image) else { continue }
            #expect(time == 7 && image.width == 64 && supervised.description == "stuck camera")
            break
        }
        #expect(supervised.lock().controls.count == 1)
        camera.isStuck.set(true)
        #expect(supervised.lock().remark.hasSuffix("the camera driver does not answer"))
        camera.isStuck.set(false)
    }

    @Test("in a terminal the end is the end, and what was written is said")
    func done() throws {
        let session = try session()
        let camera = ScriptedCamera([.none, .none, .none]) { left in
            if left == 2 { session.state.update { ($0.phase, $0.summary) = (.done, "Good") } }
        }
        let terminal = ScriptedTerminal(updates: 9)
        #expect(run(session, camera).run(terminal: terminal))
        #expect(lines.all == ["Good"] && camera.events.count == 1 && terminal.left == 8 && terminal.closed == 2)
    }

    @Test("a page stays up after the end, until the program is interrupted")
    func page() throws {
        let session = try session()
        let camera = ScriptedCamera(Array(repeating: .none, count: 4)) { left in
            if left == 3 { session.state.update { ($0.phase, $0.summary) = (.done, "Good") } }
        }
        let endpoint = try HTTPEndpoint(parsing: "127.0.0.1:0")
        #expect(try run(session, camera, isInterrupted: { camera.events.isEmpty }).run(page: endpoint))
        #expect(lines.all.count == 3 && lines.all[0].hasPrefix("Open http://127.0.0.1:"))
        #expect(lines.all[1...] == ["Good", "The page stays up; Ctrl-C ends the program."])
    }

    @Test("interrupted before the end, nothing is finished; an address for everybody is warned of")
    func interrupted() throws {
        let session = try session()
        let endpoint = try HTTPEndpoint(parsing: "0.0.0.0:0")
        #expect(try !run(session, ScriptedCamera([]), isInterrupted: { true }).run(page: endpoint))
        #expect(lines.all.last == "Everyone on the network can open it: see the camera and press the buttons.")
    }

    @Test("keys are commands; q ends, and nothing after it counts")
    func keys() throws {
        let session = try session()
        #expect(TerminalScreen.obey([], session) && TerminalScreen.obey(Array(" uafx\u{1B}".utf8), session))
        #expect(!TerminalScreen.obey(Array("aq ".utf8), session))
    }

    @Test("a screen draws over what it drew before, five times a second at most")
    func screen() {
        let lines = Lines()
        var screen = TerminalScreen(isTerminal: true) { lines.all.append($0) }
        var state = LiveState()
        state.hint = String(repeating: "x", count: 150)
        screen.show(state, time: second)
        screen.show(state, time: second + 100_000_000)
        screen.show(state, time: second + 200_000_000)
        #expect(
            lines.all.count == 2 && lines.all[0].hasPrefix("\r\u{1B}[K" + String(repeating: "x", count: 100) + "\n"))
        let height = lines.all[0].count { $0 == "\n" }
        #expect(lines.all[1] == "\u{1B}[\(height)A" + lines.all[0])
    }

    @Test("elsewhere each new hint is a line")
    func log() {
        let lines = Lines()
        var screen = TerminalScreen(isTerminal: false) { lines.all.append($0) }
        var state = LiveState()
        for step in 1...3 { screen.show(state, time: UInt64(step) * second) }
        state.views = [[]]
        screen.show(state, time: 4 * second)
        #expect(lines.all == ["0 views. Waiting for the camera\n", "1 views. Waiting for the camera\n"])
    }
}

@Suite("What a live calibration is written as")
struct LiveResultTests {
    @Test("images as PGM, a camera file that names those that were used, and a report")
    func written() throws {
        var calibration = try CalibrationTextTests.calibration()
        calibration.views[1].isRejected = true
        let shots = calibration.views.map { view in
            LiveSession.CapturedView(
                view: BoardView(name: view.name, width: 640, height: 480, corners: []),
                image: GreyImage(width: 4, height: 2, filledWith: 65))
        }
        let device = LiveResult.Device(name: "/dev/video7, YUYV", controls: [.init(name: "gain", value: 3)])
        let result = try LiveResult(
            calibration, shots, device: device, part: nil, program: "hfloc-calibrate 9", date: "2026-11-22T18:00:00Z")
        #expect(result.images.count == 12 && result.images[0].name == "images/0.jpg")
        #expect(result.images[0].bytes == Array("P5\n4 2\n255\nAAAAAAAA".utf8))
        let file = try CalibratedCamera(parsing: Array(result.cameraFile.utf8), path: "camera.yaml")
        #expect(file.record.images.count == 11 && !file.record.images.contains { $0.name == "images/1.jpg" })
        #expect(file.record.device == "/dev/video7, YUYV" && file.record.controls == device.controls)
        #expect(file.record.part == .init(frameWidth: 640, frameHeight: 480, x: 0, y: 0))
        #expect(result.report.hasPrefix("<!doctype html>") && result.report.contains("images/1.jpg"))
        #expect(
            result.summary(output: "c.yaml", report: "r.html")
                == "Good: 95 % of the image is known to 0.50 px. Written: c.yaml, r.html")
    }

    @Test("the part of the frames is in the camera file; an uncertainty without bounds is said so")
    func part() throws {
        var calibration = try CalibrationTextTests.calibration()
        calibration.projectionUncertainty.values = calibration.projectionUncertainty.values.map { _ in .infinity }
        let part = try FramePart(parsing: "8,16,640,480", within: "1280x720")
        let result = try LiveResult(calibration, [], device: .init(name: "camera"), part: part, program: "p", date: "d")
        let file = try CalibratedCamera(parsing: Array(result.cameraFile.utf8), path: "camera.yaml")
        #expect(file.record.part == part.part && file.record.images.isEmpty && result.images.isEmpty)
        #expect(result.summary(output: "c", report: "r").contains("known to unbounded px"))
    }
}
