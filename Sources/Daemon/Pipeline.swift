package import Configuration
internal import Container
internal import Errors
package import Geometry
package import Inference
package import LocalizationOptions
internal import Localizer
package import Parallelism
internal import Publishing
package import ReferenceMap
internal import Supervision

/// The files from which a pipeline is made, open and checked. Any thread may read them.
package struct PipelineResources: Sendable {
    package let map: ReferenceMap
    package let model: Model
    package let cameraFile: CameraFile
    /// Of the frames as they are localized: a part of the calibrated frame, perhaps reduced.
    package let camera: Camera
    package let calibrationID: String

    package init(
        _ configuration: DaemonConfiguration, cameraFile known: CameraFile? = nil,
        openModel: (String) throws -> Model = { try Model(opening: $0) }
    ) throws(StartupError) {
        cameraFile = try StartupError.blaming(.badCalibration) {
            try known ?? CameraFile(reading: configuration.calibration)
        }
        let (calibrated, part) = (cameraFile.camera, cameraFile.record.part)
        camera = try StartupError.blaming(.badCalibration) { try configuration.camera(of: calibrated, part: part) }
        calibrationID = camera.identity.description
        map = try StartupError.blaming(.badMap) {
            let map = try ReferenceMap(opening: configuration.map, copyingUpTo: configuration.mapMemory * 1_000_000)
            // A file that was half written over is found before it gives a pose.
            try map.verifyBytes()
            return map
        }
        model = try StartupError.blaming(.badModel) {
            try openModel(try InstalledModel.resolve(configuration.model))
        }
    }
}

/// Makes a localizer of the files, with options, on threads.
package typealias LocalizerMaker = (PipelineResources, LocalizerOptions, WorkerTeam) throws -> any FrameLocalizer

/// What makes messages of frames: a localizer, and who its messages are from. Replaced as a whole, between two frames.
///
/// Sendable unchecked: made by one thread and handed over to the frame loop, which alone touches it until it hands it
/// back.
package final class Pipeline: @unchecked Sendable {
    let resources: PipelineResources
    let localizer: any FrameLocalizer
    var encoder: LocalizationEncoder
    /// Where the map lies on the Earth; nil where it does not know.
    let earth: LocalFrame?

    /// The map's identity, as the messages have it.
    let mapID: [UInt8]

    var camera: Camera { resources.camera }

    /// - Parameters:
    ///   - configuration: what the daemon is told, checked.
    ///   - session: this run of the daemon.
    ///   - cameraFile: one that is read already; nil: the one that the configuration names.
    ///   - openModel: reads the model at a path.
    ///   - processors: that the process may use.
    ///   - makeLocalizer: of these files, with these options, on these threads; what it throws is blamed on the map.
    package init(
        _ configuration: DaemonConfiguration, session: Session, cameraFile: CameraFile? = nil,
        openModel: (String) throws -> Model = { try Model(opening: $0) },
        processors: Int = Parallel.processors,
        makeLocalizer: LocalizerMaker = Pipeline.localizer
    ) throws(StartupError) {
        let resources = try PipelineResources(configuration, cameraFile: cameraFile, openModel: openModel)
        self.resources = resources
        mapID = Array(resources.map.identity.utf8)
        earth = resources.map.origin.map(LocalFrame.init(origin:))
        // The network's input has the size with which the map was built.
        var options = configuration.localizer
        options.longSide = resources.map.longSide
        let madeWith = options
        let realTime = configuration.realTime
        let team = WorkerTeam(
            threads: realTime.threads(of: processors), priority: realTime.helperPriority, processors: realTime.cpus)
        localizer = try StartupError.blaming(.badMap) { try makeLocalizer(resources, madeWith, team) }
        encoder = LocalizationEncoder(
            identity: SessionIdentity(
                sessionID: session.id, bootID: session.bootID, mapFrame: configuration.mapFrame,
                cameraFrame: configuration.cameraFrame, mapID: resources.map.identity, modelID: resources.model.modelID,
                calibrationID: resources.calibrationID, baseFrame: configuration.wire.vehicle?.baseFrame ?? "",
                odomFrame: configuration.wire.odometry.isEmpty ? "" : configuration.wire.vehicle?.odomFrame ?? ""))
        if configuration.realTime.locksMemory { resources.map.preload() }
    }

    package static func localizer(
        of resources: PipelineResources, options: LocalizerOptions, team: WorkerTeam
    ) throws -> any FrameLocalizer {
        let file = resources.cameraFile
        let covariance = file.record.intrinsicCovariance(
            of: file.camera, focalLength: resources.camera.focalLength)
        return try Localizer(
            model: resources.model, map: resources.map, camera: resources.camera, calibration: covariance,
            options: options, team: team)
    }
}

/// One run of the daemon.
package struct Session: Sendable {
    /// Random.
    package let id = UInt64.random(in: 1 ... .max)
    /// The kernel's.
    package let bootID = BootID.read()

    package init() {}
}
