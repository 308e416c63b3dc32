internal import Fusion
internal import Geometry
internal import Publishing

/// Says where the vehicle is each time its odometry comes, on a thread of its own beside the frames': the last belief,
/// carried on. Never waits for the frames' thread; once warm, it allocates nothing but ZeroMQ's block per message.
///
/// Sendable unchecked: the main thread makes it and hands it over to the odometry's, which alone then calls it; the
/// counts of connections may be asked by all.
package final class VehicleOutput: @unchecked Sendable {
    let receiver: OdometryReceiver
    let publisher: Publisher
    /// What the frames' thread gets of the odometry, and what it says.
    let frames = OdometryRelay()
    let estimates = EstimateRelay()
    private var encoder: VehicleStateEncoder
    private var outlook: VehicleOutlook
    private var message = VehicleStateMessage()
    private var knownEstimate: UInt64 = 0
    private var lastPublication: UInt64 = 0

    /// Between messages while no odometry comes: nanoseconds.
    private static let heartbeat: UInt64 = 1_000_000_000
    /// Longest wait, so that a stop is never far: milliseconds.
    private static let patience: Int32 = 50

    /// - Parameters:
    ///   - receiver: of the odometry; from now on this one's.
    ///   - publisher: where the states go.
    ///   - identity: whose they are.
    ///   - drift: of the odometry, share of the way.
    ///   - reach: standard deviation of the position beyond which the vehicle is lost, metres.
    init(
        receiver: OdometryReceiver, publisher: Publisher, identity: SessionIdentity, drift: Double, reach: Double
    ) {
        (self.receiver, self.publisher) = (receiver, publisher)
        encoder = VehicleStateEncoder(identity: identity)
        outlook = VehicleOutlook(drift: DriftModel(drift: drift), reach: reach)
        receiver.tap = frames
    }

    /// Until somebody says stop.
    func run(_ clock: any SystemClock, until mustStop: () -> Bool) {
        while !mustStop() {
            receiver.wait(atMost: Self.patience)
            step(clock)
        }
    }

    /// Answers the odometry that waits.
    package func step(_ clock: any SystemClock) {
        let now = clock.monotonic
        receiver.update(at: now) { publish($0, clock) }
        frames.tell(receiver.rejections)
        if now >= lastPublication + Self.heartbeat { beat(clock) }
    }

    private func publish(_ reading: OdometryReading, _ clock: any SystemClock) {
        guard let sample = receiver.track.newest else { return }
        takeEstimate()
        outlook.advance(to: sample)
        message.monotonic = outlook.belief?.odometry.time ?? reading.time
        message.velocity = reading.velocity ?? receiver.track.velocity
        message.velocityCovariance = reading.velocity == nil ? nil : reading.velocityCovariance
        message.pose = outlook.belief.map { LocalizationMessage.Pose($0.mapFromBase, covariance: $0.covariance) }
        message.mapFromOdom = outlook.belief.map { Wire.Transform($0.mapFromOdom) }
        message.fixAge = outlook.fixAge ?? 0
        let condition = outlook.condition
        message.condition = Wire.VehicleCondition(condition)
        message.reason = reason(condition)
        send(clock)
    }

    /// Nobody knows where a vehicle is whose odometry has ended.
    private func beat(_ clock: any SystemClock) {
        takeEstimate()
        message.monotonic = clock.monotonic
        (message.condition, message.reason, message.velocity) = (.lost, .noOdometry, nil)
        message.fixAge = outlook.belief.map { message.monotonic - min($0.lastFix, message.monotonic) } ?? 0
        send(clock)
    }

    private func takeEstimate() {
        guard let told = estimates.take(after: &knownEstimate) else { return }
        outlook.take(told.estimator)
        encoder.mapID = told.mapID
    }

    private func reason(_ condition: VehicleOutlook.Condition) -> VehicleReason {
        if outlook.contradicting > 0 { return .contradicted }
        return switch condition {
        case .fixed: .none
        case .coasting: .oldFix
        case .lost: outlook.belief == nil ? .noFix : .uncertain
        }
    }

    private func send(_ clock: any SystemClock) {
        message.sequence += 1
        (message.resetCounter, message.withheldFixes) = (outlook.resetCounter, outlook.withheld)
        message.publishMonotonic = clock.monotonic
        message.wall = clock.wall.time(ofMonotonic: message.monotonic)
        publisher.publish(encoder.encode(message))
        lastPublication = message.publishMonotonic
    }
}

extension Wire.VehicleCondition {
    fileprivate init(_ condition: VehicleOutlook.Condition) {
        self =
            switch condition {
            case .fixed: .fixed
            case .coasting: .coasting
            case .lost: .lost
            }
    }
}
