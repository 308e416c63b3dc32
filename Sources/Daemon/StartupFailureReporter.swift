internal import Configuration
internal import Errors
internal import ProgramVersion
internal import Publishing
internal import Supervision

/// What a daemon that cannot do its work says before it ends: one message with its state, a status with the reason, and
/// answers to who asks. Otherwise subscribers could not tell a wrong map from a daemon that nobody has started.
final class StartupFailureReporter: ControlTarget {
    private let startupError: StartupError
    private let configuration: DaemonConfiguration
    private let session: Session
    private let sockets: Sockets
    private let host: Host
    private let start: UInt64
    private var hasBeenToldToEnd = false

    /// Longer than the second that subscribers with the documented options pause between two attempts to connect:
    /// nanoseconds.
    private static let patience: UInt64 = 1_500_000_000

    init(
        _ startupError: StartupError, _ configuration: DaemonConfiguration, _ session: Session, _ sockets: Sockets,
        _ host: Host
    ) {
        self.startupError = startupError
        self.configuration = configuration
        self.session = session
        self.sockets = sockets
        self.host = host
        start = host.clock.monotonic
    }

    /// Says it, and repeats it to everybody who comes in time. A signal ends that.
    func speak() {
        // Who has subscribed meanwhile is to hear all of it.
        sockets.poller.serve()
        sockets.publisher.publish(message())
        sockets.poller.recorder?.publish(status(at: start))
        sockets.poller.recorder?.publish(
            Wire.Event(
                kind: .stopping, monotonicNs: start, wallNs: host.clock.wall.time(ofMonotonic: start),
                from: .initializing, to: startupError.state, text: startupError.failure.description))
        while host.clock.monotonic < start + Self.patience, !hasBeenToldToEnd, host.nextSignal() != .stop {
            host.wait(sockets.poller, 20)
            sockets.poller.serve()
            sockets.dispatcher?.serve(self, at: host.clock.monotonic)
            sockets.publisher.greetLateJoiners()
        }
    }

    private func message() -> [UInt8] {
        var encoder = LocalizationEncoder(
            identity: SessionIdentity(
                sessionID: session.id, bootID: session.bootID, mapFrame: configuration.mapFrame,
                cameraFrame: configuration.cameraFrame, mapID: "", modelID: "", calibrationID: ""))
        var message = LocalizationMessage()
        (message.sequence, message.state, message.publishMonotonic) = (1, startupError.state, start)
        return encoder.encode(message)
    }

    func status(at now: UInt64) -> Wire.Status {
        var status = Wire.Status(daemonVersion: Version.text, sessionID: session.id, bootID: session.bootID)
        (status.sequence, status.messages) = (1, 1)
        (status.monotonicNs, status.wallNs) = (now, host.clock.wall.time(ofMonotonic: now))
        status.uptimeNs = now - start
        status.state = startupError.state
        status.reason =
            """
            \(name): \(startupError.failure.description); hflocd ends with status \
            \(startupError.failure.status.rawValue)
            """
        status.problems = [Wire.Problem(kind: kind, text: startupError.failure.description)]
        status.map?.path = configuration.map
        status.model?.path = configuration.model ?? InstalledModel.find() ?? ""
        status.calibration?.path = configuration.calibration
        status.camera?.source = configuration.source.path
        status.residentBytes = host.usage().residentBytes
        return status
    }

    private var kind: Wire.Problem.Kind {
        switch startupError.state {
        case .badMap: .badMap
        case .badModel: .badModel
        case .badCalibration: .badCalibration
        default: .badConfiguration
        }
    }

    private var name: String {
        switch startupError.state {
        case .badMap: "bad map"
        case .badModel: "bad model"
        case .badCalibration: "bad calibration"
        default: "cannot run"
        }
    }

    func shutdown() -> ControlAnswer {
        hasBeenToldToEnd = true
        return .done
    }

    func relocalize() -> ControlAnswer { isEnding }
    func setPrior(_ prior: Wire.SetPrior) -> ControlAnswer { isEnding }
    func loadMap(_ path: String, ticket: ControlServer.Ticket) -> ControlAnswer { isEnding }
    func reload(ticket: ControlServer.Ticket) -> ControlAnswer { isEnding }
    func startRecording() -> ControlAnswer { isEnding }
    func stopRecording(ticket: ControlServer.Ticket) -> ControlAnswer { isEnding }

    private var isEnding: ControlAnswer { .refused("hflocd is about to end: \(startupError.failure.description)") }
}
