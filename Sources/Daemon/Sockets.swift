internal import Configuration
internal import Errors
internal import Files
internal import Geometry
internal import Glibc
internal import Publishing

/// Everything through which the daemon speaks, open and bound.
struct Sockets {
    /// The frame loop's.
    let publisher: Publisher
    let odometry: OdometryReceiver?
    let vehicle: VehicleFrame?
    /// The main thread's.
    let poller: SocketPoller
    /// nil without a control endpoint.
    let dispatcher: ControlDispatcher?

    init(_ configuration: DaemonConfiguration, session: Session) throws {
        let wire = configuration.wire
        let hasKey = wire.security != nil
        func endpoints(
            _ addresses: [String], _ purpose: Endpoint.Purpose = .publishing
        ) throws(PublishingError) -> [Endpoint] {
            try addresses.map { (address) throws(PublishingError) in
                try Endpoint(address, for: purpose, hasKey: hasKey)
            }
        }
        let key = try wire.security.map { try Keys.secret($0.secretKey) }
        let context = try ZeroMQContext()
        publisher = try Publisher(context, endpoints: try endpoints(configuration.endpoints), curve: key)
        let authenticator = try wire.security.map { try ZAPAuthenticator(context, allowed: try Keys.allowed($0.allow)) }
        let control =
            configuration.control.isEmpty
            ? nil : try ControlServer(context, endpoints: try endpoints(configuration.control, .control), curve: key)
        let recorder =
            wire.record.isEmpty && wire.json.isEmpty
            ? nil
            : try Recorder(
                context, of: publisher, record: try endpoints(wire.record), json: try endpoints(wire.json),
                curve: key, session: Recorder.Session(bootID: session.bootID, sessionID: session.id))
        odometry =
            wire.odometry.isEmpty
            ? nil : try OdometryReceiver(context, endpoints: try endpoints(wire.odometry), curve: key)
        vehicle = wire.vehicle.map { VehicleFrame(baseFromCamera: $0.baseFromCamera) }
        poller = SocketPoller(control: control, recorder: recorder, authenticator: authenticator)
        let frames = [configuration.cameraFrame] + (wire.vehicle.map { [$0.baseFrame] } ?? [])
        dispatcher = control.map { ControlDispatcher(server: $0, frames: frames) }
    }

    /// Every address that is bound, with what is there.
    static func text(_ configuration: DaemonConfiguration) -> String {
        let wire = configuration.wire
        let fields = [
            ("publish", configuration.endpoints), ("control", configuration.control), ("record", wire.record),
            ("json", wire.json), ("odometry", wire.odometry),
        ]
        return fields.filter { !$0.1.isEmpty }
            .map { $0.0 + String(repeating: " ", count: 8 - $0.0.utf8.count) + $0.1.joined(separator: ", ") }
            .joined(separator: "\n")
    }
}

/// The files of `security:`.
enum Keys {
    /// - Parameter path: nil for systemd's credential.
    static func secret(_ path: String?) throws -> CurveKey {
        let path = try path ?? credential()
        let text = try read(path, "security.secret_key")
        guard let key = CurveKey(z85: trimmed(text)) else {
            throw Failure(
                .configuration,
                "security.secret_key: \(path): not a key: expected 40 characters of Z85, as `hfloc keys` writes")
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & 0o007 == 0 else {
            throw Failure(
                .configuration, "security.secret_key: \(path): everybody may read it; chmod 640 it, and make a new key")
        }
        return key
    }

    /// Both files, before anything is bound.
    static func check(_ security: SecuritySettings) throws {
        _ = (try secret(security.secretKey), try allowed(security.allow))
    }

    static func allowed(_ path: String) throws -> AllowList {
        let text = try read(path, "security.allow")
        do throws(AllowList.Failure) {
            return try AllowList(parsing: text)
        } catch {
            throw Failure(.configuration, "\(path):\(error.line): security.allow: \(error.reason)")
        }
    }

    private static func credential() throws(Failure) -> String {
        guard let folder = unsafe getenv("CREDENTIALS_DIRECTORY") else {
            throw Failure(
                .configuration,
                "security.secret_key: missing: a file of `hfloc keys generate` (or the systemd credential hfloc.curve)")
        }
        return unsafe String(cString: folder) + "/hfloc.curve"
    }

    private static func trimmed(_ text: String) -> Substring {
        text.split(whereSeparator: \.isWhitespace).first ?? ""
    }

    private static func read(_ path: String, _ field: String) throws(Failure) -> String {
        do throws(FileError) {
            return try WholeFile.text(path, atMost: 1 << 16)
        } catch {
            let status = error.kind == .tooLarge ? ExitStatus.configuration : error.exitStatus
            throw Failure(status, "\(field): \(path): \(error.reason)")
        }
    }
}
