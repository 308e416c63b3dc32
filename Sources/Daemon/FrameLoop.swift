internal import Capture
internal import Features
internal import Fusion
internal import Geometry
internal import Localizer
internal import Publishing
internal import Recording
internal import ReferenceMap
internal import Synchronization

/// The way of a frame, on the real-time thread: capture, localize, publish. Owns everything it touches; once warm, it
/// allocates nothing but what libraries below allocate (ZeroMQ one block per message, a folder's image decoder).
///
/// Sendable unchecked: the main thread makes it and hands it over; from then on only the real-time thread touches it.
package final class FrameLoop: @unchecked Sendable {
    private let source: any FrameSource
    private var pipeline: Pipeline
    private let ports: FrameLoopPorts
    private let exchange: FrameLoopExchange
    private let clock: any SystemClock
    private let journal: Journal
    private let endsWithSource: Bool

    private var image: GreyImage
    private var message = LocalizationMessage()
    private var report = FrameLoopReport()
    private var stages = StageRecorder()
    private var previousPublish: UInt64 = 0
    private var lastPublication: UInt64 = 0
    /// Why the pipeline's map must not be used; nil: it may.
    private var mapProblem: String?
    private var recorder: FrameRecorder
    /// nil: there is no vehicle, or no odometry.
    private var tracking: VehicleTracking?
    /// What the next frame does about the network, in a replay; nil: what does not wait.
    var networkTurn: NetworkTurn?

    /// Longest wait for a frame, so that a stop and the watchdog are never far: nanoseconds.
    private static let patience: UInt64 = 100_000_000
    /// Between messages while no frames come: nanoseconds.
    private static let heartbeat: UInt64 = 1_000_000_000

    private var remarksReported: UInt64 = 0

    init(
        source: any FrameSource, pipeline: Pipeline, ports: FrameLoopPorts, exchange: FrameLoopExchange,
        clock: any SystemClock, journal: Journal, endsWithSource: Bool
    ) {
        self.source = source
        self.pipeline = pipeline
        self.ports = ports
        self.exchange = exchange
        self.clock = clock
        self.journal = journal
        self.endsWithSource = endsWithSource
        tracking = VehicleTracking(ports)
        recorder = FrameRecorder(hasVehicle: tracking != nil)
        report.hasUnconfirmedHint = pipeline.localizer.hasUnconfirmedHint
        image = GreyImage(width: pipeline.camera.width, height: pipeline.camera.height)
    }

    /// Until the main thread says stop, or the source ends.
    func run() {
        while step() {}
    }

    /// Answers one frame, or waits for one as long as its patience lasts. False: the loop is to end.
    package func step() -> Bool {
        if exchange.mustStop.load(ordering: .relaxed) { return end() }
        if let commands = exchange.takeCommands() { follow(commands) }
        if recorder.isActive { recorder.prepare(pipeline.localizer, mapProblem, tracking, at: clock.monotonic) }
        switch source.next(into: &image, timeout: Self.patience) {
        case .frame(let stamp):
            answer(stamp)
            reportOpening()
        case .corrupt(let stamp): answerBroken(stamp)
        case .waiting: report.messages == 0 ? beat(.initializing) : ports.publisher.greetLateJoiners()
        case .noCamera: beat(source.absence, because: source.problem?.description)
        case .end:
            if endsWithSource { return end() }
            clock.sleep(until: clock.monotonic + Self.patience)
            beat(.noCamera, because: "the folder holds no more images")
        }
        ports.odometry?.update(at: clock.monotonic)
        exchange.progress.add(1, ordering: .relaxed)
        return true
    }

    /// Nothing more is recorded. False: the loop is to end.
    private func end() -> Bool {
        recorder.end(source, ports.odometry)
        return false
    }

    /// What an opening of the camera found, for the journal: such as controls that it set otherwise.
    private func reportOpening() {
        let version = source.remarksVersion
        guard version != remarksReported else { return }
        remarksReported = version
        for line in source.remarks { journal.write("camera: \(line)") }
    }

    /// Between two frames.
    private func follow(_ commands: FrameLoopCommands) {
        // Who records wants to know when.
        let now = recorder.isActive || commands.recording != nil ? clock.monotonic : 0
        if commands.endsRecording { recorder.end(source, ports.odometry) }
        if let input = commands.recording { recorder.begin(input, source, ports.odometry) }
        // The state before what follows, if it is not known yet.
        recorder.prepare(pipeline.localizer, mapProblem, tracking, at: now)
        if let reason = commands.withdrawal {
            withdrawMap(reason)
            recorder.record(.withdraw(Wire.MapWithdrawn(reason: reason)), at: now)
        }
        if let next = commands.pipeline {
            replacePipeline(with: next)
            recorder.recordState(pipeline.localizer, mapProblem, tracking, beginsPart: true, at: now)
        }
        if commands.forgetsPlace {
            pipeline.localizer.forget()
            tracking?.forget(mapID: pipeline.mapID)
            recorder.record(.forget(Wire.PlaceForgotten()), at: now)
        }
        if let place = commands.statedPose {
            pipeline.localizer.begin(at: place, hint: .stated)
            tracking?.forget(mapID: pipeline.mapID)
            recorder.record(.state(Wire.PlaceStated(place)), at: now)
        }
        // Each of them replaces what was remembered.
        if commands.concernPlace { report.hasUnconfirmedHint = false }
    }

    /// Goes on with what is known of the vehicle where another loop stood.
    func resume(_ estimator: VehicleEstimator) { tracking?.resume(estimator) }

    /// Frames are answered without the map until there is another pipeline.
    private func withdrawMap(_ reason: String) {
        mapProblem = reason
        pipeline.localizer.forget()
        tracking?.forget(mapID: pipeline.mapID)
        report.place = nil
    }

    /// In the same map the camera is where it was.
    private func replacePipeline(with next: Pipeline) {
        mapProblem = nil
        next.localizer.continueCounting(resets: pipeline.localizer.resetCounter)
        if next.resources.map.identity == pipeline.resources.map.identity, let place = pipeline.localizer.lastPose {
            next.localizer.begin(at: place, hint: .stated)
        }
        if next.mapID != pipeline.mapID { tracking?.forget(mapID: next.mapID) }
        exchange.retire(pipeline)
        pipeline = next
        report.replacements += 1
        report.place = nil
        report.calibration = nil
    }

    private func answer(_ stamp: FrameStamp) {
        begin(stamp)
        let camera = pipeline.camera
        var found: Localization?
        if let mapProblem {
            message.state = .badMap
            exchange.tell(problem: mapProblem)
        } else if image.width == camera.width, image.height == camera.height {
            // Once for a frame, before it is localized: what a recording holds before a frame was known then.
            ports.odometry?.update(at: clock.monotonic)
            let isKnown = pipeline.localizer.lastPoseTime != nil
            let result = pipeline.localizer.localize(
                image, captureTime: stamp.captureTime,
                motion: tracking?.cameraMotion(since: pipeline.localizer.motionTime, until: stamp.captureTime),
                belief: isKnown ? nil : tracking?.cameraBelief(at: stamp.captureTime), told: networkTurn)
            message.take(result)
            if let vehicle = ports.vehicle { locate(vehicle, result, at: stamp.captureTime) }
            if tracking?.take(result, at: stamp.captureTime, mapID: pipeline.mapID) == true {
                message.degrade(for: .odometry)
            }
            if let earth = pipeline.earth { message.place(on: earth) }
            note()
            found = result
        } else {
            message.state = .badCalibration
            exchange.tell(
                problem:
                    """
                    the frame has \(image.width)x\(image.height) pixels, \
                    the calibration \(camera.width)x\(camera.height)
                    """
            )
        }
        publish()
        recorder.record(image, stamp, message, turn: found?.turn ?? .atOnce, at: lastPublication)
        if let found { show(found) }
    }

    /// A copy for those who look, if they have asked.
    private func show(_ result: Localization) {
        exchange.preview.answer { frame in
            frame.image.copy(image)
            pipeline.localizer.sketch(of: result, into: &frame.sketch)
            (frame.sequence, frame.captureTime) = (message.sequence, message.captureMonotonic)
        }
    }

    /// The vehicle in the map, and its odometry's frame if that is known.
    private func locate(_ vehicle: VehicleFrame, _ result: Localization, at captureTime: UInt64) {
        guard let mapFromCamera = result.cameraFromMap?.inverse else { return }
        let mapFromBase = vehicle.mapFromBase(mapFromCamera: mapFromCamera)
        message.basePose = LocalizationMessage.Pose(
            mapFromBase, covariance: vehicle.baseCovariance(result.covariance, mapFromCamera: mapFromCamera))
        guard let odomFromBase = ports.odometry?.track.odomFromBase(at: captureTime) else { return }
        message.mapFromOdom = Wire.Transform(
            VehicleFrame.mapFromOdom(mapFromBase: mapFromBase, odomFromBase: odomFromBase))
    }

    private func answerBroken(_ stamp: FrameStamp) {
        begin(stamp)
        message.state = .badFrame
        exchange.tell(problem: source.problem?.description ?? "the driver delivered a broken frame")
        publish()
        recorder.record(nil, stamp, message, turn: .atOnce, at: lastPublication)
    }

    /// One message per second while no frames come.
    private func beat(_ state: Wire.State, because cause: @autoclosure () -> String? = nil) {
        let isNews = state != report.state
        guard isNews || clock.monotonic >= lastPublication + Self.heartbeat else {
            ports.publisher.greetLateJoiners()
            return
        }
        message = LocalizationMessage()
        message.frames = Wire.FrameCounters(source.counts)
        message.state = state
        if state != .initializing {
            exchange.tell(problem: cause() ?? "the source has no frames, and does not say why")
        }
        publish()
    }

    private func begin(_ stamp: FrameStamp) {
        message = LocalizationMessage()
        message.frameSequence = stamp.sequence
        message.frames = Wire.FrameCounters(source.counts)
        message.captureMonotonic = stamp.captureTime
        let wall = clock.wall
        message.captureWall = wall.time(ofMonotonic: stamp.captureTime)
        message.wallClockUncertainty = wall.uncertainty
        let synchronization = clock.synchronization
        message.wallClockSynchronized = synchronization.state == .synchronized
        message.wallClockMaximumError = synchronization.maximumError
        var latencies = Wire.Latencies()
        let now = clock.monotonic
        latencies.captureNs = now - min(stamp.captureTime, now)
        message.latencies = latencies
    }

    /// What the main thread wants to know of a localized frame.
    private func note() {
        if message.pose != nil { report.poses += 1 }
        if message.evidence?.source == .followed { report.followed += 1 }
        report.inliers = message.evidence?.inliers ?? 0
        report.failedGate = message.evidence?.failedGate ?? .none
        report.reason = message.reason
        report.gates.count(report.failedGate, hasPose: message.pose != nil)
        report.place = pipeline.localizer.lastPose
        report.calibration = pipeline.localizer.calibration
        if report.hasUnconfirmedHint, !pipeline.localizer.hasUnconfirmedHint {
            report.hasUnconfirmedHint = false
            report.hasConfirmedHint = message.evidence?.source == .cachedPlace
        }
    }

    private func publish() {
        report.messages += 1
        message.sequence = report.messages
        let start = clock.monotonic
        message.publishMonotonic = start
        if message.captureMonotonic > 0 {
            let total = start - min(start, message.captureMonotonic)
            message.latencies?.totalNs = total
            message.latencies?.previousPublishNs = previousPublish
        }
        lastPublication = send(from: start)
        previousPublish = lastPublication - start
        tell()
    }

    /// Publishes the message, and then records it; when it was published. The encoder's bytes are let go of at the end.
    private func send(from start: UInt64) -> UInt64 {
        let bytes = pipeline.encoder.encode(message)
        ports.publisher.publish(bytes)
        let published = clock.monotonic
        recorder.record(bytes, of: start, at: published)
        return published
    }

    private func tell() {
        if message.captureMonotonic > 0, let latencies = message.latencies {
            stages.recordFrame(latencies)
            stages.record(.publish, previousPublish)
        }
        stages.update(at: lastPublication)
        report.stages = stages.report
        report.state = message.state
        report.frames = source.counts
        (report.pixelFormat, report.framePeriod) = source.delivery
        report.latency = message.latencies?.totalNs ?? 0
        report.publishFailures = ports.publisher.failures
        if let odometry = ports.odometry { report.odometryRejections = odometry.rejections }
        report.contradictingFixes = tracking?.estimator.contradicting ?? 0
        exchange.tell(report)
    }
}

extension Wire.FrameCounters {
    init(_ counts: FrameCounts) {
        self.init()
        captured = counts.captured
        skipped = counts.skipped
        dropped = counts.dropped
        corrupt = counts.corrupt
        reopened = counts.reopened
        recovered = counts.recovered
    }
}
