internal import Configuration
internal import Geometry
internal import ProgramVersion
internal import Publishing
internal import Recording

/// What the recorder's subscribers hear besides the poses: status once a second and on change, events, and the camera.
/// Main thread.
struct TelemetryPublisher {
    private var sequence: UInt64 = 0
    private var lastStatus: UInt64 = 0
    private var lastState = Wire.State.unspecified
    private var hasToldOfRestoredPlace = false

    /// Between status messages: nanoseconds.
    private static let period: UInt64 = 1_000_000_000

    mutating func started(_ daemon: LocalizationDaemon) {
        tell(daemon, .started, "hflocd \(Version.text) is ready")
        describeCamera(daemon)
    }

    func stopping(_ daemon: LocalizationDaemon) {
        tell(daemon, .stopping, "stopping")
    }

    /// Call often.
    mutating func update(_ daemon: LocalizationDaemon, _ loop: FrameLoopReport, at now: UInt64) {
        let (recorder, recording) = (daemon.sockets?.poller.recorder, daemon.telemetryInput)
        guard recorder != nil || recording != nil else { return }
        let isNews = loop.state != lastState
        if isNews { tellChange(daemon, to: loop.state) }
        if loop.hasConfirmedHint, !hasToldOfRestoredPlace {
            hasToldOfRestoredPlace = true
            tell(daemon, .placeRestored, "a frame confirmed the place of the run before")
        }
        guard isNews || now >= lastStatus + Self.period else { return }
        lastStatus = now
        sequence += 1
        var status = daemon.status(at: now)
        status.sequence = sequence
        recorder?.publish(status)
        recording?.record(.status, status.encoded(), of: now, at: now)
    }

    func tell(
        _ daemon: LocalizationDaemon, _ kind: Wire.Event.Kind, _ text: String,
        from: Wire.State = .unspecified, to: Wire.State = .unspecified
    ) {
        let clock = daemon.host.clock
        let now = clock.monotonic
        let event = Wire.Event(
            kind: kind, monotonicNs: now, wallNs: clock.wall.time(ofMonotonic: now), from: from, to: to, text: text)
        daemon.sockets?.poller.recorder?.publish(event)
        daemon.telemetryInput?.record(.event, event.encoded(), of: now, at: now)
    }

    func describeCamera(_ daemon: LocalizationDaemon) {
        let camera = daemon.resources.camera
        var info = Wire.CameraInfo()
        info.cameraFrame = daemon.configuration.cameraFrame
        info.model = camera.model.rawValue
        info.width = UInt32(clamping: camera.width)
        info.height = UInt32(clamping: camera.height)
        info.parameters = camera.parameters
        info.calibrationID = daemon.resources.calibrationID
        if let vehicle = daemon.configuration.wire.vehicle {
            info.baseFrame = vehicle.baseFrame
            info.baseFromCamera = Wire.Transform(vehicle.baseFromCamera)
        }
        daemon.sockets?.poller.recorder?.publish(info)
        let now = daemon.host.clock.monotonic
        daemon.telemetryInput?.record(.cameraInfo, info.encoded(), of: now, at: now)
    }

    private mutating func tellChange(_ daemon: LocalizationDaemon, to state: Wire.State) {
        let before = lastState
        lastState = state
        tell(daemon, .stateChanged, "\(before) to \(state)", from: before, to: state)
        if state == .noCamera { tell(daemon, .cameraLost, daemon.exchange.problemText) }
        if before == .noCamera { tell(daemon, .cameraFound, "frames arrive") }
    }
}
