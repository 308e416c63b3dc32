internal import Capture
package import Configuration
package import Errors
internal import Geometry
internal import Inference
internal import Localizer
internal import Publishing
internal import Recording
internal import ReferenceMap
internal import Supervision
internal import Synchronization

/// The daemon on its main thread: opens everything that its configuration names, starts the frame loop, and then
/// listens to signals and requests, feeds the watchdog, says how things are, and keeps the last place.
package final class LocalizationDaemon {
    var configuration: DaemonConfiguration
    package let session = Session()
    let host: Host
    let openers: Openers
    let exchange = FrameLoopExchange()
    /// What the frame loop works with at present.
    var resources: PipelineResources
    var replacement: Replacement?
    /// How often the frame loop has been given another pipeline, and has returned the one before.
    var replacements: UInt64 = 0
    var lastPoses: LastPoseStore
    var report: StatusReport
    var clockMonitor = ClockMonitor()
    var mapWatch = MapWatch()
    var mustStop = false
    var telemetry = TelemetryPublisher()
    private var previews = PreviewPublisher()
    /// nil: nothing has been recorded since the start.
    var recording: ActiveRecording?
    /// Why a recording could not begin.
    var recordingProblem: String?
    /// Bytes that a recording leaves on the disk.
    package var leastFreeDisk = RecordingFolder.leastFree
    /// nil if nothing is to be published: `--check`.
    let sockets: Sockets?
    /// Reads the configuration again: file, environment and command line.
    let reread: () throws -> DaemonConfiguration
    private let source: any FrameSource
    /// For the frame loop, which then owns it.
    private var pipeline: Pipeline?
    private let endsWithFolder: Bool
    /// Once it has been started: the way of a frame, and the thread that it runs on.
    package private(set) var frameLoop: FrameLoop?
    private var thread: (any RunningThread)?
    /// Of the odometry, where the vehicle's state is published.
    private var odometryThread: (any RunningThread)?
    /// Says where the vehicle is between fixes, on a thread of its own; nil: nobody does.
    package var vehicleOutput: VehicleOutput? { sockets?.vehicleOutput }
    private var watchdog: Watchdog?

    /// The start, in order: what may be refused comes first, what takes long last. Subscribers can connect meanwhile.
    ///
    /// - Parameters:
    ///   - configuration: what the daemon is told, checked.
    ///   - endsWithFolder: end after the folder's last image.
    ///   - publishes: false to open and check everything but the endpoints.
    ///   - host: the clocks, the service manager and the threads.
    ///   - openers: what opens frames and pipelines.
    ///   - reread: gives the configuration as it is later, for a reload.
    /// - Throws: what was refused; ``ExitRequest`` if everybody has been told already.
    package init(
        configuration: DaemonConfiguration, endsWithFolder: Bool, publishes: Bool, host: Host, openers: Openers,
        reread: @escaping () throws -> DaemonConfiguration
    ) throws {
        host.blockSignals()
        self.configuration = configuration
        self.endsWithFolder = endsWithFolder
        self.host = host
        self.openers = openers
        self.reread = reread
        do {
            if let security = configuration.wire.security { try Keys(environment: host.environment).check(security) }
            sockets = publishes ? try openers.sockets(configuration, session) : nil
        } catch {
            host.manager.failed(Failure(describing: error).description)
            throw error
        }
        do {
            if configuration.realTime.locksMemory, publishes { try host.lockMemory() }
            let pipeline = try openers.pipeline(configuration, session)
            self.pipeline = pipeline
            resources = pipeline.resources
            source = try openers.source(configuration, resources.cameraFile)
            lastPoses = LastPoseStore(
                publishes ? StateFolder(configuration.state, environment: host.environment) : .none,
                resources: resources, journal: host.journal)
            report = StatusReport(locksMemory: configuration.realTime.locksMemory, host: host)
        } catch {
            throw Self.end(StartupError(error), configuration, session, sockets, host)
        }
    }

    /// Tells everybody why the daemon ends, and ends it.
    private static func end(
        _ startupError: StartupError, _ configuration: DaemonConfiguration, _ session: Session, _ sockets: Sockets?,
        _ host: Host
    ) -> any Error {
        guard let sockets else { return startupError.failure }
        host.manager.failed(startupError.failure.description)
        host.journal.write(startupError.failure)
        StartupFailureReporter(startupError, configuration, session, sockets, host).speak()
        return ExitRequest(status: startupError.failure.status)
    }

    /// `--check`: what was found.
    package var checkReport: String {
        let (camera, map) = (resources.cameraFile.camera, resources.map)
        return """
            source  \(([source.summary] + source.remarks).joined(separator: "\n        "))
            camera  \(resources.cameraFile.path): \(camera.model.rawValue), \(camera.width)x\(camera.height)
            map     \(map.path): \(map.keyframeCount) keyframes, \(map.landmarkCount) landmarks
            model   \(resources.model.path): \(resources.model.name)
            \(Sockets.text(configuration))
            ok
            """
    }

    /// Runs until it is told to stop, or until the folder's end if so asked.
    package func run() throws {
        guard let sockets else { return }
        try start()
        // Several times per watchdog interval, and often enough for who waits for an answer.
        let patience = Int32(clamping: min(50, max(1, (watchdog?.interval ?? .max) / 4_000_000)))
        while isRunning {
            host.wait(sockets.poller, patience)
            tick()
        }
        stop()
    }

    /// Starts the frame loop, and says so. Once.
    package func start() throws {
        guard let sockets, let pipeline = pipeline.take() else { return }
        lastPoses.restore(into: pipeline.localizer)
        let loop = FrameLoop(
            source: source, pipeline: pipeline, ports: sockets.frameLoopPorts, exchange: exchange, clock: host.clock,
            journal: host.journal, endsWithSource: endsWithFolder)
        frameLoop = loop
        // Before the first frame; without a recording everything else goes on.
        if configuration.recording.atStart, let reason = startRecording(.configuration) { host.journal.write(reason) }
        do {
            thread = try host.startThread(
                "hfloc-frames", configuration.realTime.priority, configuration.realTime.cpus
            ) { loop.run() }
            if let output = sockets.vehicleOutput {
                let (clock, exchange) = (host.clock, exchange)
                // On any CPU: on the frames' own it would wait for the network.
                odometryThread = try host.startThread("hfloc-odometry", configuration.realTime.priority, []) {
                    output.run(clock) { exchange.mustStop.load(ordering: .relaxed) }
                }
            }
        } catch {
            throw Self.end(StartupError(error), configuration, session, sockets, host)
        }
        report.thread = thread
        watchdog = host.watchdog
        host.manager.ready(status: "ready: \(source.summary)")
        // Who has subscribed meanwhile is to hear of the start.
        sockets.poller.serve()
        telemetry.started(self)
    }

    /// False once the frame loop has ended, or is to end.
    package var isRunning: Bool { thread?.isFinished == false && !mustStop }

    /// One round of the main thread: whatever has come up since the last. Never blocks.
    package func tick() {
        switch host.nextSignal() {
        case .stop:
            mustStop = true
            return
        case .reload: reload()
        case nil: break
        }
        let now = host.clock.monotonic
        if watchdog?.isDue(now: now, progress: exchange.progress.load(ordering: .relaxed)) == true {
            host.manager.feedWatchdog()
        }
        sockets?.poller.serve()
        sockets?.dispatcher?.serve(self, at: now)
        takeSensors(at: now)
        advanceReplacement()
        watchRecording()
        watchMap(at: now)
        let loop = exchange.report
        lastPoses.follow(place(of: loop), at: now)
        if let text = report.update(loop, problem: exchange.problemText, at: now) {
            host.manager.status(text)
            watchClock()
        }
        telemetry.update(self, loop, at: now)
        previews.update(self, at: now)
    }

    /// Where the camera is, in the map that is in use: what the frame loop said of another is of no use any more.
    func place(of loop: FrameLoopReport) -> LastPose? {
        loop.replacements == replacements ? loop.place : nil
    }

    /// Tells of a wall clock that was set, or is no longer to be trusted.
    private func watchClock() {
        let changes = clockMonitor.update(host.clock)
        if let step = changes.step {
            let text = "the wall clock was set by \(step / 1_000_000) ms"
            host.journal.write("\(text); poses are not touched by it")
            telemetry.tell(self, .clockStepped, text)
        }
        if let synchronization = changes.synchronization {
            host.journal.write(
                synchronization == .synchronized ? "the wall clock is synchronized" : ClockMonitor.notSynchronized)
        }
    }

    /// Says so, gives the frame loop less than a second to finish its frame, and keeps the last place.
    package func stop() {
        telemetry.stopping(self)
        host.manager.stopping()
        exchange.mustStop.store(true, ordering: .relaxed)
        let deadline = host.clock.monotonic + 800_000_000
        while thread?.isFinished == false || odometryThread?.isFinished == false, host.clock.monotonic < deadline {
            host.clock.sleep(until: host.clock.monotonic + 5_000_000)
        }
        lastPoses.finish(place(of: exchange.report))
        if thread?.isFinished != false { finishRecording(until: host.clock.monotonic + 2_000_000_000) }
        guard thread?.isFinished == false else { return }
        host.journal.write("the frame loop does not answer; leaving it")
        host.abandon(ExitStatus.software.rawValue)
    }
}

/// The daemon ends, and has said why.
package struct ExitRequest: Error {
    package let status: ExitStatus
}
