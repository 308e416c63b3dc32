package import Configuration
package import Features

/// The camera of a live calibration.
package protocol LiveCameraSource {
    /// The device and its mode.
    var description: String { get }
    /// Holds focus, exposure, gain and white balance where they are now.
    ///
    /// - Returns: the controls with their values, and a line for the person.
    func lock() -> (controls: [CalibrationRecord.Control], remark: String)
    /// The newest frame, within a tenth of a second.
    func next(into image: inout GreyImage) -> LiveCameraEvent
}

/// What became of asking a camera for a frame.
package enum LiveCameraEvent: Sendable, Equatable {
    /// Taken at this time, CLOCK_MONOTONIC nanoseconds.
    case frame(time: UInt64)
    case none
    /// There is no camera: why.
    case missing(String)
}

/// The terminal of a live calibration without a page.
package protocol LiveTerminal {
    /// Shows the state and carries out what the person asks for; false to end.
    func update(_ state: LiveState, _ session: LiveSession) -> Bool
    /// Gives the terminal back as it was.
    func close()
}

/// A live calibration from its first frame to its end: this thread reads the camera, the session's own do the rest.
package struct LiveRun {
    private let session: LiveSession
    private let camera: any LiveCameraSource
    private let device: Latest<LiveResult.Device>
    private let isInterrupted: () -> Bool
    private let say: (String) -> Void

    /// How long a camera may adjust itself before its focus and exposure are locked, nanoseconds.
    private static let settlingTime: UInt64 = 2_000_000_000

    /// - Parameters:
    ///   - device: is kept up to what the camera says and what was locked.
    ///   - isInterrupted: asked after each frame; true ends the run.
    ///   - say: takes lines for the person.
    package init(
        session: LiveSession, camera: any LiveCameraSource, device: Latest<LiveResult.Device>,
        isInterrupted: @escaping () -> Bool, say: @escaping (String) -> Void
    ) {
        self.session = session
        self.camera = camera
        self.device = device
        self.isInterrupted = isInterrupted
        self.say = say
    }

    /// With a page, at its address; it stays up after the end until the run is interrupted.
    ///
    /// - Returns: whether the calibration was finished.
    package func run(page endpoint: HTTPEndpoint) throws(HTTPError) -> Bool {
        session.state.update { $0.isSettling = true }
        let server = try LiveServer(endpoint, session: session)
        defer { server.stop() }
        say("Open \(server.url) in a browser, and show the board to the camera.")
        if endpoint.isPublic { say("Everyone on the network can open it: see the camera and press the buttons.") }
        return follow(nil)
    }

    /// With a terminal, until the end.
    ///
    /// - Returns: whether the calibration was finished.
    package func run(terminal: any LiveTerminal) -> Bool {
        session.state.update { $0.isSettling = true }
        defer { terminal.close() }
        return follow(terminal)
    }

    private func follow(_ terminal: (any LiveTerminal)?) -> Bool {
        session.start()
        defer { session.stop() }
        describeCamera()
        var image = GreyImage(width: 1, height: 1)
        var (wasDone, isPresent) = (false, false)
        var lockTime: UInt64?
        while !isInterrupted() {
            switch camera.next(into: &image) {
            case .frame(let time):
                if !isPresent { describeCamera() }
                isPresent = true
                session.show(image, time: time)
                settle(at: time, &lockTime)
            case .missing(let reason):
                isPresent = false
                session.cameraFailed(reason)
            case .none: break
            }
            let state = session.state.current.value
            if state.phase == .done, !wasDone {
                wasDone = true
                terminal?.close()
                say(state.summary)
                if terminal == nil { say("The page stays up; Ctrl-C ends the program.") }
            }
            guard let terminal else { continue }
            if wasDone { return true }
            if !terminal.update(state, session) { break }
        }
        return wasDone || session.state.current.value.phase == .done
    }

    /// Two seconds after the first frame, what the camera adjusts by itself stays as it is, and views are taken.
    private func settle(at time: UInt64, _ lockTime: inout UInt64?) {
        guard session.state.current.value.isSettling else { return }
        guard let due = lockTime else {
            lockTime = time + Self.settlingTime
            session.state.update { $0.hint = "The camera settles its focus and exposure: show it the board" }
            return
        }
        guard time >= due else { return }
        let (controls, remark) = camera.lock()
        device.update { $0.controls = controls }
        session.state.update { state in
            state.isSettling = false
            state.controls = controls.map { "\($0.name) = \($0.value)" } + [remark]
        }
    }

    private func describeCamera() {
        let name = camera.description
        device.update { $0.name = name }
        session.state.update { $0.camera = name }
    }
}
