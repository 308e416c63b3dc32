internal import CLinux
internal import Capture
internal import Configuration
internal import FailureReporting
internal import Geometry
internal import Glibc
internal import Inference
internal import Publishing
internal import ReferenceMap
internal import Supervision
internal import Synchronization

/// The daemon on its main thread: opens everything that its configuration names, starts the frame loop, and then listens to signals and requests,
/// feeds the watchdog, says how things are, and keeps the last place.
final class Daemon {
    var configuration: DaemonConfiguration
    let session = Session()
    let manager = ServiceManager()
    let exchange = LoopExchange()
    /// What the frame loop works with at present.
    var parts: EngineParts
    var replacement: Replacement?
    var places: PlaceKeeper
    var report: StatusReport
    var mustStop = false
    var bulletin = Bulletin()
    /// nil if nothing is to be published: `--check`.
    let doors: Doors?
    private let source: FrameSource
    private let engine: Engine
    private let endsWithFolder: Bool
    /// Reads the configuration again: file, environment and command line.
    let reread: () throws -> DaemonConfiguration

    /// The start, in order: what may be refused comes first, what takes long last. Subscribers can connect meanwhile.
    init(
        configuration: DaemonConfiguration, endsWithFolder: Bool, publishes: Bool,
        reread: @escaping () throws -> DaemonConfiguration
    ) throws {
        Signals.block()
        self.configuration = configuration
        self.endsWithFolder = endsWithFolder
        self.reread = reread
        do {
            if let security = configuration.wire.security { try Keys.check(security) }
            doors = publishes ? try Doors(configuration, session: session) : nil
        } catch {
            manager.failed(Failure(describing: error).description)
            throw error
        }
        do {
            if configuration.realTime.locksMemory, publishes { try lockMemory() }
            engine = try Engine(configuration, session: session)
            parts = engine.parts
            source = try FrameSource(opening: configuration, for: parts.cameraFile)
            places = PlaceKeeper(folder: publishes ? try StateFolder.find(configuration.state) : nil, parts: parts)
            report = StatusReport(
                source: source.text(configuration.source), locksMemory: configuration.realTime.locksMemory)
        } catch {
            throw Self.end(Refusal(error), configuration, session, doors, manager)
        }
    }

    /// Tells everybody why the daemon ends, and ends it.
    private static func end(
        _ refusal: Refusal, _ configuration: DaemonConfiguration, _ session: Session, _ doors: Doors?,
        _ manager: ServiceManager
    ) -> any Error {
        guard let doors else { return refusal.failure }
        manager.failed(refusal.failure.description)
        Journal.write(refusal.failure)
        LastWord(refusal, configuration, session, doors).speak()
        return Ending(status: refusal.failure.status)
    }

    /// `--check`: what was found.
    func reportCheck() {
        let camera = parts.cameraFile.camera
        print(
            """
            source  \(([source.text(configuration.source)] + source.remarks.lines).joined(separator: "\n        "))
            camera  \(parts.cameraFile.path): \(camera.model.rawValue), \(camera.width)x\(camera.height)
            map     \(parts.map.path): \(parts.map.keyframeCount) keyframes, \(parts.map.landmarkCount) landmarks
            model   \(parts.model.path): \(parts.model.name)
            \(Doors.text(configuration))
            ok
            """)
    }

    /// Runs until it is told to stop, or until the folder's end if so asked.
    func run() throws {
        guard let doors else { return }
        places.restore(into: engine.localizer)
        let thread: RealTimeThread
        do {
            let loop = FrameLoop(
                source: source, engine: engine, doors: doors, exchange: exchange,
                endsWithSource: endsWithFolder)
            thread = try RealTimeThread(
                name: "hfloc-frames", priority: configuration.realTime.priority, cpus: configuration.realTime.cpus
            ) { loop.run() }
        } catch {
            throw Self.end(Refusal(error), configuration, session, doors, manager)
        }
        report.thread = thread
        manager.ready(status: "ready: \(source.text(configuration.source))")
        bulletin.started(self)
        supervise(thread)
        bulletin.stopping(self)
        manager.stopping()
        stop(thread)
        places.finish(exchange.report.place)
    }

    private func supervise(_ thread: RealTimeThread) {
        var watchdog = Watchdog.fromEnvironment()
        // Several times per watchdog interval, and often enough for who waits for an answer.
        let tick = Int32(clamping: min(50, max(1, (watchdog?.interval ?? .max) / 4_000_000)))
        while !thread.isFinished, !mustStop {
            doors?.switchboard.wait(atMost: tick)
            switch Signals.wait(0) {
            case .stop: return
            case .reload: reload()
            case nil: break
            }
            let now = hf_monotonic_ns()
            if watchdog?.isDue(now: now, progress: exchange.progress.load(ordering: .relaxed)) == true {
                manager.feedWatchdog()
            }
            doors?.switchboard.serve()
            doors?.desk?.serve(self)
            advanceReplacement()
            let loop = exchange.report
            places.follow(loop.place, at: now)
            if let text = report.update(loop, problem: exchange.problemText, at: now) { manager.status(text) }
            bulletin.update(self, loop, at: now)
        }
    }

    /// Gives the thread less than a second to finish its frame.
    private func stop(_ thread: RealTimeThread) {
        exchange.mustStop.store(true, ordering: .relaxed)
        let deadline = hf_monotonic_ns() + 800_000_000
        while !thread.isFinished {
            guard hf_monotonic_ns() < deadline else {
                Journal.write("the frame loop does not answer; leaving it")
                places.finish(exchange.report.place)
                hf_abandon(ExitStatus.software.rawValue)
                return
            }
            hf_sleep_until_ns(hf_monotonic_ns() + 5_000_000)
        }
    }
}

/// The daemon ends, and has said why.
struct Ending: Error {
    let status: ExitStatus
}

/// Where the state is kept.
enum StateFolder {
    /// The configured folder, which must be one; else what the service manager gives ($STATE_DIRECTORY, of several the first), if anything.
    static func find(_ configured: String?) throws(Failure) -> String? {
        guard let configured else {
            guard let given = unsafe getenv("STATE_DIRECTORY") else { return nil }
            return unsafe String(cString: given).split(separator: ":").first.map { String($0) }
        }
        guard unsafe access(configured, W_OK | X_OK) == 0 else {
            throw Failure(
                errno == ENOENT ? .missingInput : .configuration,
                "state: \(configured): \(unsafe String(cString: strerror(errno))); give a folder that this user may write to"
            )
        }
        return configured
    }
}
