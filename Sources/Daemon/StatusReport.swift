internal import Capture
internal import Configuration
internal import Geometry
internal import Inference
internal import Integrity
internal import Localizer
internal import ProgramVersion
internal import Publishing
internal import ReferenceMap
internal import Supervision

extension Wire.CalibrationWatch {
    fileprivate init(_ verdict: CalibrationVerdict) {
        let (correction, deviations) = (verdict.correction, verdict.deviations)
        self.init()
        (frames, chiSquare, contradicts) = (verdict.frames, verdict.chiSquare, verdict.contradicts)
        focalLengthError = correction.focalRatio - 1
        focalLengthDeviation = correction.focalRatio * deviations.x
        (principalPointXError, principalPointXDeviation) = (correction.shift.x, deviations.y)
        (principalPointYError, principalPointYDeviation) = (correction.shift.y, deviations.z)
    }
}

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
    private var lastState: Wire.State?
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
        case .degraded: return "degraded: \(loop.reason) (\(loop.inliers) inliers), \(figures)"
        case .noCamera: return "no camera: \(problem)"
        case .badFrame: return "bad frame: \(problem); \(figures)"
        case .badMap: return "bad map: \(problem)"
        case .badModel: return "bad model: \(problem)"
        case .badCalibration: return "bad calibration: \(problem); \(figures)"
        case .fault: return "cannot run: \(problem)"
        case .lost, .unspecified:
            let why = loop.reason.isEmpty ? "" : ": \(loop.reason)"
            return "lost: no pose passed the gate '\(loop.failedGate)' (\(loop.inliers) inliers)\(why); \(figures)"
        }
    }

    /// Everything, for who asks.
    func message(of daemon: LocalizationDaemon, at now: UInt64) -> Wire.Status {
        let loop = daemon.exchange.report
        let problem = daemon.exchange.problemText
        var status = Wire.Status(
            daemonVersion: Version.text, sessionID: daemon.session.id, bootID: daemon.session.bootID)
        status.monotonicNs = now
        status.wallNs = host.clock.wall.time(ofMonotonic: now)
        status.uptimeNs = now - start
        status.state = loop.state
        status.reason = Self.line(loop, problem: problem)
        let clock = clock(daemon.clockMonitor)
        status.clock = clock
        status.problems = problems(loop, problem: problem, clock: clock)
        if let text = loop.odometryRejections.problem(at: now, wall: status.wallNs) {
            status.problems.append(Wire.Problem(kind: .badOdometry, text: text))
        }
        if let text = Self.contradiction(loop.contradictingFixes) {
            status.problems.append(Wire.Problem(kind: .badOdometry, text: text))
        }
        status.problems += (daemon.sockets?.crowds(at: now) ?? [])
            .map { Wire.Problem(kind: .tooManyConnections, text: $0) }
        if let verdict = loop.calibration {
            status.calibrationWatch = Wire.CalibrationWatch(verdict)
            if verdict.contradicts {
                let text = verdict.text(file: daemon.resources.cameraFile.path)
                status.problems.append(Wire.Problem(kind: .calibrationContradicted, text: text))
            }
        }
        if let text = daemon.lastPoses.problem {
            status.problems.append(Wire.Problem(kind: .placeNotKept, text: text))
        }
        status.map = Wire.FileIdentity(path: daemon.resources.map.path, id: daemon.resources.map.identity)
        status.model = Wire.FileIdentity(path: daemon.resources.model.path, id: daemon.resources.model.modelID)
        status.calibration = Wire.FileIdentity(
            path: daemon.resources.cameraFile.path, id: daemon.resources.calibrationID)
        status.camera = camera(daemon, loop, problem: problem)
        status.frames = Wire.FrameCounters(loop.frames)
        (status.messages, status.poses, status.followed) = (loop.messages, loop.poses, loop.followed)
        status.gates = loop.gates.wire
        status.latencies = Wire.Stage.allCases.compactMap { Self.latency(of: $0, loop.stages) }
        status.intervalNs = loop.stages.length
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

    /// One line for people where odometry and camera disagree for longer than a wrong pose would.
    private static func contradiction(_ fixes: UInt32) -> String? {
        guard fixes >= 3 else { return nil }
        return "odometry: the last \(fixes) poses of the camera contradict it, and vehicle_state does without them; "
            + "if that stays, see to vehicle.base_from_camera, vehicle.odometry_drift, the odometry's unit and stamps"
    }

    private var realTime: Wire.RealTimeStatus? {
        guard let scheduling = thread?.scheduling else { return nil }
        var realTime = Wire.RealTimeStatus()
        realTime.priority = UInt32(clamping: scheduling.priority)
        realTime.cpus = scheduling.cpus
        realTime.memoryLocked = locksMemory
        return realTime
    }

    private func clock(_ monitor: ClockMonitor) -> Wire.ClockStatus {
        let sample = host.clock.synchronization
        var clock = Wire.ClockStatus()
        clock.synchronization = sample.state
        clock.maxErrorNs = sample.maximumError
        clock.estimatedErrorNs = sample.estimatedError
        clock.offsetNs = monitor.offset ?? host.clock.wall.offset
        clock.steps = monitor.steps
        return clock
    }

    private func problems(
        _ loop: FrameLoopReport, problem: String, clock: Wire.ClockStatus
    ) -> [Wire.Problem] {
        var problems: [Wire.Problem] = []
        func add(_ kind: Wire.Problem.Kind, _ text: String) {
            problems.append(Wire.Problem(kind: kind, text: text))
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

    private func camera(_ daemon: LocalizationDaemon, _ loop: FrameLoopReport, problem: String) -> Wire.CameraStatus {
        let size = daemon.resources.camera
        var camera = Wire.CameraStatus()
        camera.source = daemon.configuration.source.path
        camera.connected = loop.state != .noCamera
        camera.problem = [.noCamera, .badFrame, .badCalibration].contains(loop.state) ? problem : ""
        (camera.width, camera.height) = (UInt32(clamping: size.width), UInt32(clamping: size.height))
        camera.pixelFormat = loop.pixelFormat?.description ?? ""
        camera.nominalRate = loop.framePeriod.map { 1e9 / Double($0) } ?? 0
        return camera
    }

    private func place(_ loop: FrameLoopReport, _ last: LastPose?, in map: ReferenceMap) -> Wire.PlaceStatus {
        var place = Wire.PlaceStatus()
        place.restored = loop.hasUnconfirmedHint
        place.restoreConfirmed = loop.hasConfirmedHint
        if let last, last.reference < map.keyframeCount {
            place.cached = true
            place.keyframe = UInt32(clamping: last.reference)
            place.keyframeName = map.name(ofKeyframe: last.reference)
        }
        return place
    }

    /// nil for a stage that never ran.
    private static func latency(of stage: Wire.Stage, _ report: StageReport) -> Wire.StageLatency? {
        let index = Int(stage.rawValue)
        guard report.sinceStart[index].count > 0 else { return nil }
        return Wire.StageLatency(
            stage: stage, interval: summary(report.interval[index]), sinceStart: summary(report.sinceStart[index]))
    }

    private static func summary(_ summary: Supervision.LatencySummary) -> Wire.LatencySummary {
        Wire.LatencySummary(count: summary.count, p50Ns: summary.median, p99Ns: summary.p99, maxNs: summary.maximum)
    }
}
