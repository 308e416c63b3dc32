package import Configuration
internal import Container
internal import Errors
package import Geometry
package import Inference
package import LocalizationOptions
package import Localizer
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

/// The threads that work for the frame's own.
package struct FrameThreads {
    /// That share a frame's work.
    package let team: WorkerTeam
    /// What runs the network behind cheap frames.
    package let runner: NetworkRunner

    /// - Parameters:
    ///   - realTime: how many, where, and how urgent: below the frame's own.
    ///   - processors: that the process may use.
    ///   - runner: nil: a thread, if it is wanted and has a processor beside the frame's.
    init(_ realTime: RealTimeSettings, processors: Int, runner: NetworkRunner?) {
        team = WorkerTeam(
            threads: realTime.threads(of: processors), priority: realTime.helperPriority, processors: realTime.cpus)
        let thread = NetworkRunner.thread(priority: realTime.helperPriority, processors: realTime.cpus)
        self.runner = runner ?? (realTime.runsNetworkBehind(on: processors) ? thread : .none)
    }
}

/// Makes a localizer of the files, with options, on threads.
package typealias LocalizerMaker = (PipelineResources, LocalizerOptions, FrameThreads) throws -> any FrameLocalizer

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
    ///   - runner: what runs the network behind cheap frames; nil: as the configuration has it.
    ///   - makeLocalizer: of these files, with these options, on these threads; what it throws is blamed on the map.
    package init(
        _ configuration: DaemonConfiguration, session: Session, cameraFile: CameraFile? = nil,
        openModel: (String) throws -> Model = { try Model(opening: $0) },
        processors: Int = Parallel.processors, runner: NetworkRunner? = nil,
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
        let threads = FrameThreads(configuration.realTime, processors: processors, runner: runner)
        localizer = try StartupError.blaming(.badMap) { try makeLocalizer(resources, madeWith, threads) }
        encoder = LocalizationEncoder(
            identity: SessionIdentity(
                sessionID: session.id, bootID: session.bootID, mapFrame: configuration.mapFrame,
                cameraFrame: configuration.cameraFrame, mapID: resources.map.identity, modelID: resources.model.modelID,
                calibrationID: resources.calibrationID, baseFrame: configuration.wire.vehicle?.baseFrame ?? "",
                odomFrame: configuration.wire.odometry.isEmpty ? "" : configuration.wire.vehicle?.odomFrame ?? ""))
        if configuration.realTime.locksMemory { resources.map.preload() }
    }

    package static func localizer(
        of resources: PipelineResources, options: LocalizerOptions, threads: FrameThreads
    ) throws -> any FrameLocalizer {
        let file = resources.cameraFile
        let covariance = file.record.intrinsicCovariance(
            of: file.camera, focalLength: resources.camera.focalLength)
        return try Localizer(
            model: resources.model, map: resources.map, camera: resources.camera, calibration: covariance,
            options: options, team: threads.team, runner: threads.runner)
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
