internal import Capture
internal import Configuration
internal import Geometry
internal import Inference
internal import Localizer
internal import Publishing
internal import ReferenceMap
internal import Supervision

/// How the daemon is: one line for the service manager, and the whole for who asks. Main thread.
struct StatusReport {
    /// Why a map, or a configuration, that was to replace the one in use was refused; nil after one that was taken.
    var mapProblem: String?
    var configurationProblem: String?
    /// Counts the configurations that were taken over, from 1.
    var generation: UInt64 = 1
    /// The frame loop's, once it runs; and whether memory is locked.
    var thread: (any RunningThread)?
    let locksMemory: Bool

    private let host: Host
    private let start: UInt64
    private var lastUpdate: UInt64?
    private var lastState: LocalizationMessage.State?
    private var missed: UInt64 = 0
    /// Processor time and CLOCK_MONOTONIC at the last two updates, of which the share is.
    private var usage: (time: UInt64, processor: UInt64)
    private var cpuShare = 0.0
    private var isSlow = false

    init(locksMemory: Bool, host: Host) {
        self.locksMemory = locksMemory
        self.host = host
        start = host.clock.monotonic
        usage = (start, host.usage().processorTime)
    }

    /// The new line, or nil if it is not time for one: once a second, or when the state changes. The journal hears of
    /// changes only, and of a start without a camera.
    mutating func update(_ loop: FrameLoopReport, problem: String, at now: UInt64) -> String? {
        let isNews = loop.state != lastState
        guard isNews || now >= (lastUpdate ?? 0) + 1_000_000_000 else { return nil }
        let text = Self.line(loop, problem: problem)
        if isNews, lastState != nil || loop.state == .noCamera { host.journal.write(text) }
        (lastUpdate, lastState) = (now, loop.state)
        measure(loop, at: now)
        return text
    }

    /// What needs the difference of two moments.
    private mutating func measure(_ loop: FrameLoopReport, at now: UInt64) {
        // Half a second at least: a change of state just after the second would measure nothing.
        guard now >= usage.time + 500_000_000 else { return }
        let processor = host.usage().processorTime
        cpuShare = Double(processor - usage.processor) / Double(now - usage.time)
        usage = (now, processor)
        isSlow = loop.frames.skipped > missed
        missed = loop.frames.skipped
    }

    /// One line for people: the state, why, and what cures it.
    static func line(_ loop: FrameLoopReport, problem: String) -> String {
        let missed = loop.frames.skipped + loop.frames.dropped + loop.frames.corrupt
        let rate = loop.stages.length > 0 ? Double(loop.stages.frames) * 1e9 / Double(loop.stages.length) : 0
        let figures =
            "\(Double(Int(rate * 10 + 0.5)) / 10) frames/s, \(loop.latency / 1_000_000) ms, \(missed) missed"
        switch loop.state {
        case .initializing: return "ready, waiting for the first frame"
        case .localized: return "localized, \(loop.inliers) inliers, \(figures)"
        case .degraded: return "degraded, weak evidence: \(loop.inliers) inliers, \(figures)"
        case .noCamera: return "no camera: \(problem)"
        case .badFrame: return "bad frame: \(problem); \(figures)"
        case .badMap: return "bad map: \(problem)"
        case .badModel: return "bad model: \(problem)"
        case .badCalibration: return "bad calibration: \(problem); \(figures)"
        case .fault: return "cannot run: \(problem)"
        case .lost, .unspecified:
            return "lost: no pose passed the gate '\(loop.failedGate)' (\(loop.inliers) inliers), \(figures)"
        }
    }

    /// Everything, for who asks.
    func message(of daemon: LocalizationDaemon, at now: UInt64) -> StatusMessage {
        let loop = daemon.exchange.report
        let problem = daemon.exchange.problemText
        var status = StatusMessage()
        status.daemonVersion = Version.text
        status.sessionID = daemon.session.id
        status.bootID = daemon.session.bootID
        status.monotonic = now
        status.wall = host.clock.wall.time(ofMonotonic: now)
        status.uptime = now - start
        status.state = loop.state
        status.reason = Self.line(loop, problem: problem)
        status.clock = clock(daemon.clockMonitor)
        status.problems = problems(loop, problem: problem, clock: status.clock)
        status.map = .init(path: daemon.resources.map.path, id: daemon.resources.map.identity)
        status.model = .init(path: daemon.resources.model.path, id: daemon.resources.model.modelID)
        status.calibration = .init(path: daemon.resources.cameraFile.path, id: daemon.resources.calibrationID)
        status.camera = camera(daemon, loop, problem: problem)
        status.frames = LocalizationMessage.FrameCounters(loop.frames)
        (status.messages, status.poses) = (loop.messages, loop.poses)
        status.latencies = FrameStage.allCases.compactMap { $0.latency(loop.stages) }
        status.interval = loop.stages.length
        status.framesPerSecond =
            loop.stages.length > 0 ? Double(loop.stages.frames) * 1e9 / Double(loop.stages.length) : 0
        let usage = host.usage()
        status.residentBytes = usage.residentBytes
        status.cpuShare = cpuShare
        status.cpuShareSinceStart = Double(usage.processorTime) / Double(max(now - start, 1))
        status.place = place(loop, daemon.place(of: loop), in: daemon.resources.map)
        status.configurationGeneration = generation
        status.publishFailures = loop.publishFailures
        status.realTime = realTime
        return status
    }

    private var realTime: StatusMessage.RealTime? {
        guard let scheduling = thread?.scheduling else { return nil }
        var realTime = StatusMessage.RealTime()
        realTime.priority = UInt32(clamping: scheduling.priority)
        realTime.cpus = scheduling.cpus
        realTime.isMemoryLocked = locksMemory
        return realTime
    }

    private func clock(_ monitor: ClockMonitor) -> StatusMessage.Clock {
        let sample = host.clock.synchronization
        var clock = StatusMessage.Clock()
        clock.synchronization = sample.state
        clock.maximumError = sample.maximumError
        clock.estimatedError = sample.estimatedError
        clock.offset = monitor.offset ?? host.clock.wall.offset
        clock.steps = monitor.steps
        return clock
    }

    private func problems(
        _ loop: FrameLoopReport, problem: String, clock: StatusMessage.Clock
    ) -> [StatusMessage.Problem] {
        var problems: [StatusMessage.Problem] = []
        func add(_ kind: StatusMessage.Problem.Kind, _ text: String) {
            problems.append(StatusMessage.Problem(kind, text))
        }
        switch loop.state {
        case .noCamera: add(.noCamera, problem)
        case .badFrame: add(.badFrame, problem)
        case .badCalibration: add(.badCalibration, problem)
        case .badModel: add(.badModel, problem)
        case .badMap: add(.badMap, problem)
        case .lost: add(.lost, Self.line(loop, problem: problem))
        case .fault: add(.badConfiguration, problem)
        case .unspecified, .initializing, .localized, .degraded: break
        }
        if let mapProblem { add(.badMap, mapProblem) }
        if let configurationProblem { add(.badConfiguration, configurationProblem) }
        if clock.synchronization == .notSynchronized {
            add(.clockNotSynchronized, ClockMonitor.notSynchronized)
        }
        if isSlow {
            add(
                .tooSlow,
                "frames take longer than their period, and some are skipped; lower camera.rate or localizer.keypoints")
        }
        return problems
    }

    private func camera(_ daemon: LocalizationDaemon, _ loop: FrameLoopReport, problem: String) -> StatusMessage.Camera
    {
        let size = daemon.resources.camera
        var camera = StatusMessage.Camera()
        camera.source = daemon.configuration.source.path
        camera.isConnected = loop.state != .noCamera
        camera.problem = [.noCamera, .badFrame, .badCalibration].contains(loop.state) ? problem : ""
        (camera.width, camera.height) = (UInt32(clamping: size.width), UInt32(clamping: size.height))
        camera.pixelFormat = loop.pixelFormat?.description ?? ""
        camera.nominalRate = loop.framePeriod.map { 1e9 / Double($0) } ?? 0
        return camera
    }

    private func place(
        _ loop: FrameLoopReport, _ last: LastPose?, in map: ReferenceMap
    ) -> StatusMessage.Place {
        var place = StatusMessage.Place()
        place.isRestored = loop.hasUnconfirmedHint
        place.isRestoreConfirmed = loop.hasConfirmedHint
        if let last, last.reference < map.keyframeCount {
            place.isCached = true
            place.keyframe = UInt32(clamping: last.reference)
            place.keyframeName = map.name(ofKeyframe: last.reference)
        }
        return place
    }
}

extension FrameStage {
    /// The wire's entry of this stage; nil if it never ran.
    fileprivate func latency(_ report: StageReport) -> StatusMessage.StageLatency? {
        guard report.sinceStart[rawValue].count > 0 else { return nil }
        let stage: StatusMessage.Stage =
            switch self {
            case .capture: .capture
            case .localFeatures: .localFeatures
            case .globalDescriptor: .globalDescriptor
            case .retrieval: .retrieval
            case .matching: .matching
            case .pose: .pose
            case .publish: .publish
            case .total: .total
            }
        return StatusMessage.StageLatency(
            stage, interval: Self.summary(report.interval[rawValue]),
            sinceStart: Self.summary(report.sinceStart[rawValue]))
    }

    private static func summary(_ summary: Supervision.LatencySummary) -> StatusMessage.LatencySummary {
        var result = StatusMessage.LatencySummary()
        result.count = summary.count
        result.median = summary.median
        result.percentile99 = summary.p99
        result.maximum = summary.maximum
        return result
    }
}
