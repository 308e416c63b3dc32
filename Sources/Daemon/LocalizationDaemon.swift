internal import CLinux
internal import Capture
package import Configuration
package import Errors
internal import Geometry
internal import Glibc
internal import Inference
internal import Publishing
internal import ReferenceMap
internal import Supervision
internal import Synchronization

/// The daemon on its main thread: opens everything that its configuration names, starts the frame loop, and then
/// listens to signals and requests, feeds the watchdog, says how things are, and keeps the last place.
package final class LocalizationDaemon {
    var configuration: DaemonConfiguration
    let session = Session()
    let manager = ServiceManager()
    let exchange = FrameLoopExchange()
    /// What the frame loop works with at present.
    var resources: PipelineResources
    var replacement: Replacement?
    var lastPoses: LastPoseStore
    var report: StatusReport
    var mustStop = false
    var telemetry = TelemetryPublisher()
    /// nil if nothing is to be published: `--check`.
    let sockets: Sockets?
    private let source: FrameSource
    private let pipeline: Pipeline
    private let endsWithFolder: Bool
    /// Reads the configuration again: file, environment and command line.
    let reread: () throws -> DaemonConfiguration

    /// The start, in order: what may be refused comes first, what takes long last. Subscribers can connect meanwhile.
    package init(
        configuration: DaemonConfiguration, endsWithFolder: Bool, publishes: Bool,
        reread: @escaping () throws -> DaemonConfiguration
    ) throws {
        Signals.block()
        self.configuration = configuration
        self.endsWithFolder = endsWithFolder
        self.reread = reread
        do {
            if let security = configuration.wire.security { try Keys.check(security) }
            sockets = publishes ? try Sockets(configuration, session: session) : nil
        } catch {
            manager.failed(Failure(describing: error).description)
            throw error
        }
        do {
            if configuration.realTime.locksMemory, publishes { try lockMemory() }
            pipeline = try Pipeline(configuration, session: session)
            resources = pipeline.resources
            source = try FrameSource(opening: configuration, for: resources.cameraFile)
            lastPoses = LastPoseStore(
                folder: publishes ? try StateFolder.find(configuration.state) : nil, resources: resources)
            report = StatusReport(
                source: source.text(configuration.source), locksMemory: configuration.realTime.locksMemory)
        } catch {
            throw Self.end(StartupError(error), configuration, session, sockets, manager)
        }
    }

    /// Tells everybody why the daemon ends, and ends it.
    private static func end(
        _ startupError: StartupError, _ configuration: DaemonConfiguration, _ session: Session, _ sockets: Sockets?,
        _ manager: ServiceManager
    ) -> any Error {
        guard let sockets else { return startupError.failure }
        manager.failed(startupError.failure.description)
        Journal.write(startupError.failure)
        StartupFailureReporter(startupError, configuration, session, sockets).speak()
        return ExitRequest(status: startupError.failure.status)
    }

    /// `--check`: what was found.
    package func reportCheck() {
        let camera = resources.cameraFile.camera
        print(
            """
            source  \(([source.text(configuration.source)] + source.remarks.lines).joined(separator: "\n        "))
            camera  \(resources.cameraFile.path): \(camera.model.rawValue), \(camera.width)x\(camera.height)
            map     \(resources.map.path): \(resources.map.keyframeCount) keyframes, \(resources.map.landmarkCount) \
            landmarks
            model   \(resources.model.path): \(resources.model.name)
            \(Sockets.text(configuration))
            ok
            """)
    }

    /// Runs until it is told to stop, or until the folder's end if so asked.
    package func run() throws {
        guard let sockets else { return }
        lastPoses.restore(into: pipeline.localizer)
        let thread: RealTimeThread
        do {
            let loop = FrameLoop(
                source: source, pipeline: pipeline, sockets: sockets, exchange: exchange,
                endsWithSource: endsWithFolder)
            thread = try RealTimeThread(
                name: "hfloc-frames", priority: configuration.realTime.priority, cpus: configuration.realTime.cpus
            ) { loop.run() }
        } catch {
            throw Self.end(StartupError(error), configuration, session, sockets, manager)
        }
        report.thread = thread
        manager.ready(status: "ready: \(source.text(configuration.source))")
        telemetry.started(self)
        supervise(thread)
        telemetry.stopping(self)
        manager.stopping()
        stop(thread)
        lastPoses.finish(exchange.report.place)
    }

    private func supervise(_ thread: RealTimeThread) {
        var watchdog = Watchdog.fromEnvironment()
        // Several times per watchdog interval, and often enough for who waits for an answer.
        let tick = Int32(clamping: min(50, max(1, (watchdog?.interval ?? .max) / 4_000_000)))
        while !thread.isFinished, !mustStop {
            sockets?.poller.wait(atMost: tick)
            switch Signals.wait(0) {
            case .stop: return
            case .reload: reload()
            case nil: break
            }
            let now = hf_monotonic_ns()
            if watchdog?.isDue(now: now, progress: exchange.progress.load(ordering: .relaxed)) == true {
                manager.feedWatchdog()
            }
            sockets?.poller.serve()
            sockets?.dispatcher?.serve(self)
            advanceReplacement()
            let loop = exchange.report
            lastPoses.follow(loop.place, at: now)
            if let text = report.update(loop, problem: exchange.problemText, at: now) { manager.status(text) }
            telemetry.update(self, loop, at: now)
        }
    }

    /// Gives the thread less than a second to finish its frame.
    private func stop(_ thread: RealTimeThread) {
        exchange.mustStop.store(true, ordering: .relaxed)
        let deadline = hf_monotonic_ns() + 800_000_000
        while !thread.isFinished {
            guard hf_monotonic_ns() < deadline else {
                Journal.write("the frame loop does not answer; leaving it")
                lastPoses.finish(exchange.report.place)
                hf_abandon(ExitStatus.software.rawValue)
                return
            }
            hf_sleep_until_ns(hf_monotonic_ns() + 5_000_000)
        }
    }
}

/// The daemon ends, and has said why.
package struct ExitRequest: Error {
    package let status: ExitStatus
}

/// Where the state is kept.
enum StateFolder {
    /// The configured folder, which must be one; else what the service manager gives ($STATE_DIRECTORY, of several the
    /// first), if anything.
    static func find(_ configured: String?) throws(Failure) -> String? {
        guard let configured else {
            guard let given = unsafe getenv("STATE_DIRECTORY") else { return nil }
            return unsafe String(cString: given).split(separator: ":").first.map { String($0) }
        }
        guard unsafe access(configured, W_OK | X_OK) == 0 else {
            throw Failure(
                errno == ENOENT ? .missingInput : .configuration,
                """
                state: \(configured): \(unsafe String(cString: strerror(errno))); \
                give a folder that this user may write to
                """
            )
        }
        return configured
    }
}
