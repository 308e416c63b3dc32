internal import CLinux
internal import Capture
internal import Configuration
internal import Container
internal import Features
internal import Geometry
internal import Inference
internal import Localizer
internal import Publishing
internal import ReferenceMap
internal import Supervision
internal import Synchronization

/// The daemon, ready to run: everything that its configuration names is open and checked.
struct Daemon {
    private let configuration: DaemonConfiguration
    private let manager: ServiceManager
    private let cameraFile: CameraFile
    private let endpoints: [Endpoint]
    /// nil if nothing is to be published: `--check`.
    private let publisher: Publisher?
    private let source: FrameSource
    private let map: ReferenceMap
    private let model: Model
    private let localizer: Localizer
    private let endsWithFolder: Bool

    /// The start, in order: what may be refused comes first, what takes long last. Subscribers can connect meanwhile.
    init(configuration: DaemonConfiguration, endsWithFolder: Bool, publishes: Bool) throws {
        Termination.blockSignals()
        manager = ServiceManager()
        self.configuration = configuration
        self.endsWithFolder = endsWithFolder
        do {
            cameraFile = try CameraFile(reading: configuration.calibration)
            endpoints = try configuration.endpoints.map { try Endpoint($0) }
            publisher = publishes ? try Publisher(endpoints: endpoints) : nil
            source = try Self.open(configuration.source, camera: cameraFile)
            map = try ReferenceMap(opening: configuration.map)
            model = try Model(opening: try Self.modelPath(configuration))
            var options = LocalizerOptions()
            options.apply(configuration.localizer, map: map)
            localizer = try Localizer(model: model, map: map, camera: cameraFile.camera, options: options)
        } catch {
            manager.failed(DaemonFailure(describing: error).description)
            throw error
        }
    }

    /// `--check`: what was found.
    func reportCheck() {
        let camera = cameraFile.camera
        print(
            """
            source  \(Self.describe(configuration.source, source))
            camera  \(cameraFile.path): \(camera.model.rawValue), \(camera.width)x\(camera.height)
            map     \(map.path): \(map.keyframeCount) keyframes, \(map.landmarkCount) landmarks
            model   \(model.path): \(model.name)
            publish \(endpoints.map(\.address).joined(separator: ", "))
            ok
            """)
    }

    /// Runs until a signal, or until the folder's end if so asked.
    func run() throws {
        guard let publisher else { return }
        let status = LoopStatus()
        let description = Self.describe(configuration.source, source)
        let thread: RealTimeThread
        do {
            let loop = FrameLoop(
                source: source, localizer: localizer, camera: cameraFile.camera, publisher: publisher,
                encoder: LocalizationEncoder(identity: identity), status: status, endsWithSource: endsWithFolder)
            if configuration.realTime.locksMemory { try lockMemory() }
            thread = try RealTimeThread(
                name: "hfloc-frames", priority: configuration.realTime.priority, cpus: configuration.realTime.cpus
            ) { loop.run() }
        } catch {
            manager.failed(DaemonFailure(describing: error).description)
            throw error
        }
        manager.ready(status: "ready: \(description)")
        supervise(thread, status)
        manager.stopping()
        try stop(thread, status)
    }

    /// Feeds the watchdog and keeps the status line until the end is asked for, or the thread has finished.
    private func supervise(_ thread: RealTimeThread, _ status: LoopStatus) {
        var watchdog = Watchdog.fromEnvironment()
        var report = StatusReport()
        // Several times per watchdog interval, at least five times a second.
        let tick = Int32(clamping: min(200, max(1, (watchdog?.interval ?? .max) / 4_000_000)))
        while !thread.isFinished, !Termination.isRequested(within: tick) {
            let now = hf_monotonic_ns()
            if watchdog?.isDue(now: now, progress: status.progress.load(ordering: .relaxed)) == true {
                manager.feedWatchdog()
            }
            if let text = report.update(status, at: now) { manager.status(text) }
        }
    }

    /// Gives the thread less than a second to finish its frame.
    private func stop(_ thread: RealTimeThread, _ status: LoopStatus) throws {
        status.mustStop.store(true, ordering: .relaxed)
        let deadline = hf_monotonic_ns() + 900_000_000
        while !thread.isFinished {
            guard hf_monotonic_ns() < deadline else {
                Journal.write("the frame loop does not answer; leaving it")
                hf_abandon(DaemonFailure.Status.software.rawValue)
                return
            }
            hf_sleep_until_ns(hf_monotonic_ns() + 5_000_000)
        }
    }

    private var identity: SessionIdentity {
        var hasher = Hasher256()
        unsafe cameraFile.bytes.withUnsafeBytes { unsafe hasher.update($0) }
        return SessionIdentity(
            sessionID: UInt64.random(in: 1 ... .max), bootID: BootID.read(), mapFrame: configuration.mapFrame,
            cameraFrame: configuration.cameraFrame, mapID: map.identity, modelID: model.modelID,
            calibrationID: hasher.finish().description)
    }

    private static func open(_ source: DaemonConfiguration.Source, camera: CameraFile) throws -> FrameSource {
        switch source {
        case .folder(let path, let rate, let loops):
            let folder = try ImageFolder(path: path, rate: rate, loops: loops)
            try check(folder, against: camera)
            return .folder(folder)
        case .device(let path, let format, let rate):
            var options = VideoOptions(
                path: path, size: (width: camera.camera.width, height: camera.camera.height), rate: rate)
            if let format {
                guard let pixelFormat = PixelFormat(format) else {
                    throw DaemonFailure(
                        .configuration,
                        "camera.format: '\(format)' is not a pixel format; v4l2-ctl --list-formats lists them")
                }
                options.format = pixelFormat
            }
            return .device(try VideoDevice(options))
        }
    }

    /// The first image must be of the size that was calibrated.
    private static func check(_ folder: ImageFolder, against file: CameraFile) throws {
        var image = GreyImage(width: 0, height: 0)
        let path = folder.path + "/" + folder.file(ofSequence: 0)
        try ImageFile.readGrey(path, into: &image)
        guard image.width == file.camera.width, image.height == file.camera.height else {
            throw DaemonFailure(
                .badData,
                "\(file.path): width, height: \(file.camera.width)x\(file.camera.height), but \(path) has "
                    + "\(image.width)x\(image.height) pixels; give the camera file of these images")
        }
    }

    private static func describe(_ source: DaemonConfiguration.Source, _ opened: FrameSource) -> String {
        switch (source, opened) {
        case (.folder(let path, _, _), .folder(let folder)): "\(path), \(folder.imageCount) images"
        case (.device(let path, _, _), .device(let device)):
            "\(path), " + (device.description ?? "waiting for it: \(device.problem?.description ?? "")")
        default: ""
        }
    }

    private static func modelPath(_ configuration: DaemonConfiguration) throws(DaemonFailure) -> String {
        if let path = configuration.model ?? InstalledModel.find() { return path }
        throw DaemonFailure(
            .missingInput,
            "model: not found in \(InstalledModel.candidates().joined(separator: ", ")); give --model FILE or set HFLOC_MODEL"
        )
    }
}
