internal import CLinux
internal import Capture
internal import Features
internal import Geometry
internal import Localizer
internal import Publishing
internal import ReferenceMap
internal import Synchronization

/// The way of a frame, on the real-time thread: capture, localize, publish. Owns everything it touches; once warm, it allocates nothing but
/// what libraries below allocate (ZeroMQ one block per message, a folder's image decoder).
///
/// Sendable unchecked: the main thread makes it and hands it over; from then on only the real-time thread touches it.
final class FrameLoop: @unchecked Sendable {
    private let source: FrameSource
    private var engine: Engine
    private let doors: Doors
    private let exchange: LoopExchange
    private let endsWithSource: Bool

    private var image: GreyImage
    private var message = LocalizationMessage()
    private var report = LoopReport()
    private var stages = StageRecorder()
    private var previousPublish: UInt64 = 0
    private var lastPublication: UInt64 = 0
    /// A place was claimed, and no frame has confirmed it yet.
    private var awaitsConfirmation: Bool

    /// Longest wait for a frame, so that a stop and the watchdog are never far: nanoseconds.
    private static let patience: UInt64 = 100_000_000
    /// Between messages while no frames come: nanoseconds.
    private static let heartbeat: UInt64 = 1_000_000_000

    private var remarksReported: UInt64 = 0

    init(source: FrameSource, engine: Engine, doors: Doors, exchange: LoopExchange, endsWithSource: Bool) {
        self.source = source
        self.engine = engine
        self.doors = doors
        self.exchange = exchange
        self.endsWithSource = endsWithSource
        awaitsConfirmation = engine.localizer.hasUnconfirmedPlace
        image = GreyImage(width: engine.camera.width, height: engine.camera.height)
    }

    /// Until the main thread says stop, or the source ends.
    func run() {
        while !exchange.mustStop.load(ordering: .relaxed) {
            if let orders = exchange.takeOrders() { follow(orders) }
            switch source.next(into: &image, timeout: Self.patience) {
            case .frame(let stamp):
                answer(stamp)
                reportOpening()
            case .corrupt(let stamp): answerBroken(stamp)
            case .waiting: report.messages == 0 ? beat(.initializing) : doors.publisher.greetLateJoiners()
            case .noCamera: beat(source.absence)
            case .end:
                if endsWithSource { return }
                hf_sleep_until_ns(hf_monotonic_ns() + Self.patience)
                beat(.noCamera)
            }
            doors.odometry?.update()
            exchange.progress.add(1, ordering: .relaxed)
        }
    }

    /// What an opening of the camera found, for the journal: such as controls that it set otherwise.
    private func reportOpening() {
        let remarks = source.remarks
        guard remarks.version != remarksReported else { return }
        remarksReported = remarks.version
        for line in remarks.lines { Journal.write("camera: \(line)") }
    }

    /// Between two frames.
    private func follow(_ orders: LoopOrders) {
        if let next = orders.engine { replaceEngine(with: next) }
        if orders.forgetsPlace { engine.localizer.forget() }
        if let place = orders.statedPlace { engine.localizer.begin(at: place, claim: .stated) }
        awaitsConfirmation = engine.localizer.hasUnconfirmedPlace
    }

    /// In the same map the camera is where it was.
    private func replaceEngine(with next: Engine) {
        next.localizer.continueCounting(resets: engine.localizer.resetCounter)
        if next.parts.map.identity == engine.parts.map.identity, let place = engine.localizer.lastPlace {
            next.localizer.begin(at: place, claim: .stated)
        }
        exchange.retire(engine)
        engine = next
    }

    private func answer(_ stamp: FrameStamp) {
        begin(stamp)
        let camera = engine.camera
        if image.width == camera.width, image.height == camera.height {
            let result = engine.localizer.localize(image, captureTime: stamp.captureTime)
            message.take(result)
            if let vehicle = doors.vehicle { locate(vehicle, result, at: stamp.captureTime) }
            note()
        } else {
            message.state = .badCalibration
            exchange.tell(
                problem:
                    "the frame has \(image.width)x\(image.height) pixels, the calibration \(camera.width)x\(camera.height)"
            )
        }
        publish()
    }

    /// The vehicle in the map, and its odometry's frame if that is known.
    private func locate(_ vehicle: VehicleFrame, _ result: Localization, at captureTime: UInt64) {
        guard let mapFromCamera = result.cameraFromMap?.inverse else { return }
        let mapFromBase = vehicle.mapFromBase(mapFromCamera: mapFromCamera)
        message.basePose = LocalizationMessage.Pose(
            mapFromBase, covariance: vehicle.baseCovariance(result.covariance, mapFromCamera: mapFromCamera))
        doors.odometry?.update()
        guard let odomFromBase = doors.odometry?.track.odomFromBase(at: captureTime) else { return }
        message.mapFromOdom = LocalizationMessage.Transform(
            VehicleFrame.mapFromOdom(mapFromBase: mapFromBase, odomFromBase: odomFromBase))
    }

    private func answerBroken(_ stamp: FrameStamp) {
        begin(stamp)
        message.state = .badFrame
        exchange.tell(problem: source.problem?.description ?? "the driver delivered a broken frame")
        publish()
    }

    /// One message per second while no frames come.
    private func beat(_ state: LocalizationMessage.State) {
        let isNews = state != report.state
        guard isNews || hf_monotonic_ns() >= lastPublication + Self.heartbeat else {
            doors.publisher.greetLateJoiners()
            return
        }
        message = LocalizationMessage()
        message.frames = LocalizationMessage.FrameCounters(source.counts)
        message.state = state
        if state != .initializing {
            exchange.tell(problem: source.problem?.description ?? "the folder holds no more images")
        }
        publish()
    }

    private func begin(_ stamp: FrameStamp) {
        message = LocalizationMessage()
        message.frameSequence = stamp.sequence
        message.frames = LocalizationMessage.FrameCounters(source.counts)
        message.captureMonotonic = stamp.captureTime
        let clock = WallClock.sample()
        message.captureWall = clock.time(ofMonotonic: stamp.captureTime)
        message.wallClockUncertainty = clock.uncertainty
        let synchronization = ClockSynchronization.sample()
        message.wallClockSynchronized = synchronization.state == .synchronized
        message.wallClockMaximumError = synchronization.maximumError
        var latencies = LocalizationMessage.Latencies()
        latencies.capture = hf_monotonic_ns() - min(stamp.captureTime, hf_monotonic_ns())
        message.latencies = latencies
    }

    /// What the main thread wants to know of a localized frame.
    private func note() {
        if message.pose != nil {
            report.poses += 1
            report.lastPose = message.captureMonotonic
        }
        report.inliers = message.evidence?.inliers ?? 0
        report.failedGate = message.evidence?.failedGate ?? .none
        report.place = engine.localizer.lastPlace
        report.hasUnconfirmedPlace = engine.localizer.hasUnconfirmedPlace
        if awaitsConfirmation, !report.hasUnconfirmedPlace {
            awaitsConfirmation = false
            report.hasConfirmedPlace = message.evidence?.source == .cachedPlace
        }
    }

    private func publish() {
        report.messages += 1
        message.sequence = report.messages
        let start = hf_monotonic_ns()
        message.publishMonotonic = start
        if message.captureMonotonic > 0 {
            message.latencies?.total = start - min(start, message.captureMonotonic)
            message.latencies?.previousPublish = previousPublish
        }
        doors.publisher.publish(engine.encoder.encode(message))
        lastPublication = hf_monotonic_ns()
        previousPublish = lastPublication - start
        tell()
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
        report.latency = message.latencies?.total ?? 0
        report.publishFailures = doors.publisher.failures
        exchange.tell(report)
    }
}

extension LocalizationMessage.FrameCounters {
    init(_ counts: FrameCounts) {
        self.init()
        captured = counts.captured
        skipped = counts.skipped
        dropped = counts.dropped
        corrupt = counts.corrupt
        reopened = counts.reopened
    }
}
