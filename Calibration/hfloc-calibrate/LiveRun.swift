internal import CameraCalibration
internal import Configuration
internal import Features
internal import Glibc
internal import Synchronization

/// Ctrl-C was pressed. A handler, and no blocked signals: the threads of the linear algebra library are older than the
/// program's main function.
private let isInterrupted = Atomic(false)

/// A live calibration from its first frame to its end: this thread reads the camera, the session's own do the rest.
struct LiveRun {
    let session: LiveSession
    let camera: LiveCamera
    let writer: LiveWriter

    /// How long a camera may adjust itself before its focus and exposure are locked, nanoseconds.
    private static let settlingTime: UInt64 = 2_000_000_000

    /// - Parameter endpoint: where to serve the page; nil for the terminal alone.
    /// - Returns: whether the calibration was finished.
    func run(endpoint: HTTPEndpoint?) throws -> Bool {
        for number in [SIGINT, SIGTERM] {
            _ = signal(number) { _ in isInterrupted.store(true, ordering: .relaxed) }
        }
        session.state.update { $0.isSettling = true }
        let server = try endpoint.map { try LiveServer($0, session: session) }
        if let server, let endpoint { greet(server, endpoint) }
        session.start()
        let terminal = server == nil ? TerminalScreen() : nil
        defer {
            terminal?.close()
            server?.stop()
            session.stop()
        }
        describeCamera()
        var image = GreyImage(width: 1, height: 1)
        var (wasDone, isPresent) = (false, false)
        var lockTime: UInt64?
        while !isInterrupted.load(ordering: .relaxed) {
            switch camera.next(into: &image) {
            case .frame(let time):
                if !isPresent { describeCamera() }
                isPresent = true
                session.show(image, time: time)
                if let due = lockTime {
                    if time >= due { lock(&lockTime) }
                } else if session.state.current.value.isSettling {
                    lockTime = time + Self.settlingTime
                    session.state.update { $0.hint = "The camera settles its focus and exposure: show it the board" }
                }
            case .missing(let reason):
                isPresent = false
                session.cameraFailed(reason)
            case .none: break
            }
            let state = session.state.current.value
            if state.phase == .done, !wasDone {
                wasDone = true
                terminal?.close()
                print(state.summary)
                if server != nil { print("The page stays up; Ctrl-C ends the program.") }
                fflush(nil)
            }
            guard let terminal else { continue }
            if wasDone { return true }
            if terminal.update(state, session) == .quit { break }
        }
        return wasDone || session.state.current.value.phase == .done
    }

    private func greet(_ server: LiveServer, _ endpoint: HTTPEndpoint) {
        print("Open \(server.url) in a browser, and show the board to the camera.")
        if endpoint.isPublic {
            print("Everyone on the network can open it: see the camera and press the buttons.")
        }
        fflush(nil)
    }

    /// What the camera adjusts by itself stays as it is from now on, and views are taken.
    private func lock(_ time: inout UInt64?) {
        guard session.state.current.value.isSettling else { return }
        let (controls, remark) = camera.lock()
        writer.camera.update { $0.controls = controls }
        session.state.update { state in
            state.isSettling = false
            state.controls = controls.map { "\($0.name) = \($0.value)" } + [remark]
        }
        time = nil
    }

    private func describeCamera() {
        let name = camera.description
        writer.camera.update { $0.name = name }
        session.state.update { $0.camera = name }
    }
}
