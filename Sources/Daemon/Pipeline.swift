internal import Configuration
internal import Container
internal import Errors
internal import Geometry
internal import Inference
internal import LocalizationOptions
internal import Localizer
internal import Publishing
internal import ReferenceMap
internal import Supervision

/// The files from which a pipeline is made, open and checked. Any thread may read them.
struct PipelineResources: Sendable {
    let map: ReferenceMap
    let model: Model
    let cameraFile: CameraFile
    /// Of the frames as they are localized: a part of the calibrated frame, perhaps reduced.
    let camera: Camera
    let calibrationID: String

    init(_ configuration: DaemonConfiguration) throws(StartupError) {
        cameraFile = try StartupError.blaming(.badCalibration) { try CameraFile(reading: configuration.calibration) }
        let (calibrated, part) = (cameraFile.camera, cameraFile.record.part)
        camera = try StartupError.blaming(.badCalibration) { try configuration.camera(of: calibrated, part: part) }
        calibrationID = camera.identity.description
        map = try StartupError.blaming(.badMap) { try ReferenceMap(opening: configuration.map) }
        model = try StartupError.blaming(.badModel) { try Model(opening: try Self.modelPath(configuration)) }
    }

    private static func modelPath(_ configuration: DaemonConfiguration) throws(Failure) -> String {
        if let path = configuration.model ?? InstalledModel.find() { return path }
        throw Failure(
            .missingInput,
            """
            model: not found in \(InstalledModel.candidates().joined(separator: ", ")); \
            give --model FILE or set HFLOC_MODEL
            """
        )
    }
}

/// What makes messages of frames: a localizer, and who its messages are from. Replaced as a whole, between two frames.
///
/// Sendable unchecked: made by one thread and handed over to the frame loop, which alone touches it until it hands it
/// back.
final class Pipeline: @unchecked Sendable {
    let resources: PipelineResources
    let localizer: Localizer
    var encoder: LocalizationEncoder

    var camera: Camera { resources.camera }

    init(_ configuration: DaemonConfiguration, session: Session) throws(StartupError) {
        let resources = try PipelineResources(configuration)
        self.resources = resources
        // The network's input has the size with which the map was built.
        var options = configuration.localizer
        options.longSide = resources.map.longSide
        localizer = try StartupError.blaming(.badMap) {
            try Localizer(model: resources.model, map: resources.map, camera: resources.camera, options: options)
        }
        encoder = LocalizationEncoder(
            identity: SessionIdentity(
                sessionID: session.id, bootID: session.bootID, mapFrame: configuration.mapFrame,
                cameraFrame: configuration.cameraFrame, mapID: resources.map.identity, modelID: resources.model.modelID,
                calibrationID: resources.calibrationID, baseFrame: configuration.wire.vehicle?.baseFrame ?? "",
                odomFrame: configuration.wire.odometry.isEmpty ? "" : configuration.wire.vehicle?.odomFrame ?? ""))
        if configuration.realTime.locksMemory { resources.map.preload() }
    }
}

/// One run of the daemon.
struct Session: Sendable {
    /// Random.
    let id = UInt64.random(in: 1 ... .max)
    /// The kernel's.
    let bootID = BootID.read()
}
