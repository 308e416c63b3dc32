internal import Configuration
internal import Container
internal import FailureReporting
internal import Geometry
internal import Inference
internal import Localizer
internal import Publishing
internal import ReferenceMap
internal import Supervision

/// The files from which an engine is made, open and checked. Any thread may read them.
struct EngineParts: Sendable {
    let map: ReferenceMap
    let model: Model
    let cameraFile: CameraFile
    let calibrationID: String

    init(_ configuration: DaemonConfiguration) throws {
        cameraFile = try CameraFile(reading: configuration.calibration)
        map = try ReferenceMap(opening: configuration.map)
        model = try Model(opening: try Self.modelPath(configuration))
        var hasher = Hasher256()
        unsafe cameraFile.bytes.withUnsafeBytes { unsafe hasher.update($0) }
        calibrationID = hasher.finish().description
    }

    private static func modelPath(_ configuration: DaemonConfiguration) throws(Failure) -> String {
        if let path = configuration.model ?? InstalledModel.find() { return path }
        throw Failure(
            .missingInput,
            "model: not found in \(InstalledModel.candidates().joined(separator: ", ")); give --model FILE or set HFLOC_MODEL"
        )
    }
}

/// What makes messages of frames: a localizer, and who its messages are from. Replaced as a whole, between two frames.
///
/// Sendable unchecked: made by one thread and handed over to the frame loop, which alone touches it until it hands it back.
final class Engine: @unchecked Sendable {
    let parts: EngineParts
    let camera: Camera
    let localizer: Localizer
    var encoder: LocalizationEncoder

    init(_ configuration: DaemonConfiguration, session: Session) throws {
        parts = try EngineParts(configuration)
        camera = try configuration.camera(of: parts.cameraFile.camera, part: parts.cameraFile.record.part)
        var options = LocalizerOptions()
        options.apply(configuration.localizer, map: parts.map)
        localizer = try Localizer(model: parts.model, map: parts.map, camera: camera, options: options)
        encoder = LocalizationEncoder(
            identity: SessionIdentity(
                sessionID: session.id, bootID: session.bootID, mapFrame: configuration.mapFrame,
                cameraFrame: configuration.cameraFrame, mapID: parts.map.identity, modelID: parts.model.modelID,
                calibrationID: parts.calibrationID, baseFrame: configuration.wire.vehicle?.baseFrame ?? "",
                odomFrame: configuration.wire.odometry.isEmpty ? "" : configuration.wire.vehicle?.odomFrame ?? ""))
        if configuration.realTime.locksMemory { parts.map.preload() }
    }
}

/// One run of the daemon.
struct Session: Sendable {
    /// Random.
    let id = UInt64.random(in: 1 ... .max)
    /// The kernel's.
    let bootID = BootID.read()
}
