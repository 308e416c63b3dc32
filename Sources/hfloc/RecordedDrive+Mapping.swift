internal import Configuration
internal import Errors
internal import Geometry
internal import Mapping
internal import Publishing
internal import Recording

extension Drive {
    /// The drive of a recording.
    ///
    /// - Parameters:
    ///   - recorded: what its files hold.
    ///   - name: of the recording, for messages.
    ///   - camera: a camera file; nil takes the recording's.
    ///   - vehicle: hflocd's configuration, which says how the camera sits on the vehicle; nil takes the recording's.
    ///   - baseFromCamera: the same, said directly.
    init(
        _ recorded: RecordedDrive, name: String, camera: String?, vehicle: String?, baseFromCamera: RigidTransform?
    ) throws {
        let file = try Self.cameraFile(recorded, name, camera)
        let mounting = try baseFromCamera ?? Self.mounting(recorded, name, vehicle)
        let samples = recorded.odometry.compactMap { message in
            RigidTransform(position: message.position, orientation: message.orientation)
                .map { (time: message.monotonicNs, odomFromBase: $0) }
        }
        self.init(
            name: name, frameTimes: recorded.images.map(\.time), camera: file.camera, baseFromCamera: mounting,
            odometry: OdometryPath(samples),
            fixes: recorded.positions.compactMap(AntennaFix.init).sorted { $0.time < $1.time },
            readFrame: { recorded.file(of: recorded.images[$0]) })
    }

    private static func cameraFile(_ recorded: RecordedDrive, _ name: String, _ path: String?) throws -> CameraFile {
        if let path { return try CameraFile(reading: path) }
        guard let bytes = recorded.cameraFile else {
            throw RecordingError(name, "holds no camera file", cure: "give --camera")
        }
        return try CameraFile(parsing: bytes, path: "\(name): \(RecordingDescription.cameraFile)")
    }

    private static func mounting(
        _ recorded: RecordedDrive, _ name: String, _ path: String?
    ) throws -> RigidTransform {
        var draft: ConfigurationDraft?
        if let path {
            draft = try ConfigurationDraft(parsing: try TextFile.read(path, what: "a configuration"), path: path)
        } else if let bytes = recorded.configuration {
            draft = try ConfigurationDraft(
                parsing: bytes, path: "\(name): \(RecordingDescription.configuration)")
        }
        // Without odometry there is a better reason to refuse it.
        guard !recorded.odometry.isEmpty else { return .identity }
        guard let vehicle = draft?.vehicle else {
            throw RecordingError(
                name,
                "does not say how the camera sits on the vehicle, so that its odometry says nothing of the camera",
                cure: "give --config with vehicle.base_from_camera, or --base-from-camera")
        }
        return vehicle.baseFromCamera
    }
}

extension AntennaFix {
    /// Standard deviations, metres, of receivers that do not say theirs.
    private static let usual: [Wire.Position.Fix: (horizontal: Double, vertical: Double)] = [
        .differential: (1, 2), .rtkFloat: (0.4, 0.8), .rtkFixed: (0.03, 0.06),
    ]
    /// The same of one receiver alone.
    private static let alone = (horizontal: 3.0, vertical: 6.0)
    /// None is better than this, metres.
    private static let least = 0.01

    /// Nil of a message that says that there is no fix, or is no position.
    fileprivate init?(_ message: Wire.Position) {
        let position = GeodeticPosition(
            latitude: message.latitudeDeg, longitude: message.longitudeDeg, height: message.heightM)
        let lever = message.baseFromAntenna ?? Wire.Vector3()
        guard message.fix != .none, position.isValid, lever.isWithinReach else { return nil }
        var sigma = Self.usual[message.fix] ?? Self.alone
        if message.covariance.count == 9 {
            let horizontal = (message.covariance[0] + message.covariance[4]) / 2
            let vertical = message.covariance[8]
            if horizontal > 0, vertical > 0, horizontal.isFinite, vertical.isFinite {
                sigma = (horizontal.squareRoot(), vertical.squareRoot())
            }
        }
        self.init(
            time: message.monotonicNs, position: position,
            sigma: (max(sigma.horizontal, Self.least), max(sigma.vertical, Self.least)),
            baseFromAntenna: Vector3(lever.x, lever.y, lever.z))
    }
}
