public import DaemonPoses
public import MAVLink

/// Turns what hflocd says into what an autopilot is told: no pose that is withheld, late or of another clock.
///
/// Without a clock or a socket of its own: the time is given to each call, and frames are given back.
public struct PoseBridge: Sendable {
    /// What is sent, and when.
    public struct Options: Sendable {
        /// Of ODOMETRY.
        public var frame = Odometry.LocalFrame.frd
        /// GLOBAL_VISION_POSITION_ESTIMATE as well, of maps that lie on the Earth.
        public var sendsGlobal = false
        /// Poses a second, at most.
        public var rate = 50.0
        /// Of a pose when it is sent, nanoseconds.
        public var maximumAge: UInt64 = 250_000_000
        /// The vehicle's.
        public var system: UInt8 = 1
        /// MAV_COMP_ID_VISUAL_INERTIAL_ODOMETRY.
        public var component: UInt8 = 197
        /// Of this machine and boot; empty if it is not known.
        public var bootID = ""

        public init() {}

        /// Lowers the rate to what a link carries, so that no pose grows old in its queue: a fifth is left for the
        /// rest.
        ///
        /// - Returns: whether it had to be lowered.
        public mutating func limitRate(bytesPerSecond: Double) -> Bool {
            let pose = Odometry.frameLength + (sendsGlobal ? GlobalVisionPositionEstimate.frameLength : 0)
            let most = 0.8 * bytesPerSecond / Double(pose)
            defer { rate = min(rate, most) }
            return most < rate
        }
    }

    private static let second: UInt64 = 1_000_000_000

    private let options: Options
    private var writer: FrameWriter
    private var resets = ResetCounter()
    private var heard: UInt64?
    private var nextPose: UInt64 = 0
    private var nextHeartbeat: UInt64 = 0
    private var sent: (pose: VehiclePose, at: UInt64, stamp: UInt64, session: UInt64)?
    /// Why the last message, or the lack of one, gave no pose.
    public private(set) var withheld: Withheld?

    public init(_ options: Options) {
        self.options = options
        writer = FrameWriter(system: options.system, component: options.component)
    }

    /// The frames that a message of hflocd gives, at a time of CLOCK_MONOTONIC in nanoseconds.
    public mutating func take(_ reading: VehicleReading, at now: UInt64) -> [[UInt8]] {
        heard = now
        resets.follow(session: reading.session, count: reading.resetCounter)
        switch usable(reading, at: now) {
        case .failure(let reason):
            note(reason)
            return []
        case .success(let pose):
            withheld = nil
            guard isDue(reading) else { return [] }
            sent = (pose, now, reading.time, reading.session)
            return frames(of: pose, stamp: reading.time / 1000)
        }
    }

    /// The frames that answer one of the autopilot's.
    public mutating func answer(_ frame: Frame, at now: UInt64) -> [[UInt8]] {
        guard let question: TimeSync = frame.message(), let answer = question.answer(at: now) else { return [] }
        return [writer.frame(answer)]
    }

    /// The frames that are due once a second, whatever hflocd says.
    public mutating func beat(at now: UInt64) -> [[UInt8]] {
        let start = heard ?? now
        heard = start
        if now > start + Freshness.patience { note(.silence) }
        guard now >= nextHeartbeat else { return [] }
        nextHeartbeat = now + Self.second
        let fresh = sent.flatMap { now < $0.at + Self.second ? $0.pose : nil }
        return [writer.frame(Heartbeat(state: fresh == nil ? .standby : .active)), writer.frame(status(fresh, now))]
    }

    private mutating func note(_ reason: Withheld) {
        if !reason.isLike(withheld) { withheld = reason }
    }

    private func usable(_ reading: VehicleReading, at now: UInt64) -> Result<VehiclePose, Withheld> {
        reading.pose.flatMap { pose in
            let freshness = Freshness(maximumAge: options.maximumAge, bootID: options.bootID)
            if let reason = freshness.fault(of: reading.time, bootID: reading.bootID, at: now) {
                return .failure(reason)
            }
            return .success(pose)
        }
    }

    /// Is it newer than the last one, and is its time come?
    private mutating func isDue(_ reading: VehicleReading) -> Bool {
        if let sent, sent.session == reading.session, reading.time <= sent.stamp { return false }
        guard reading.time >= nextPose || sent?.session != reading.session else { return false }
        let interval = UInt64(1e9 / options.rate)
        // Poses that come more seldom than that are not made up for.
        if reading.time > nextPose + interval { nextPose = reading.time }
        nextPose += interval
        return true
    }

    private mutating func frames(of pose: VehiclePose, stamp: UInt64) -> [[UInt8]] {
        let odometry = Odometry(pose, time: stamp, frame: options.frame, resetCounter: resets.value)
        var frames = [writer.frame(odometry)]
        if options.sendsGlobal, pose.isOnEarth {
            let angles = AutopilotAxes.angles(AutopilotAxes.nedFromFRD(pose.attitude))
            let estimate = GlobalVisionPositionEstimate(
                time: stamp, position: odometry.position, angles: SIMD3<Float>(angles),
                covariance: odometry.poseCovariance, resetCounter: resets.value)
            frames.append(writer.frame(estimate))
        }
        return frames
    }

    private func status(_ pose: VehiclePose?, _ now: UInt64) -> EstimatorStatus {
        var status = EstimatorStatus(time: now / 1000, known: [], horizontalAccuracy: 0, verticalAccuracy: 0)
        guard let pose else { return status }
        status.known = [.attitude, .relativeHorizontalPosition]
        if pose.isOnEarth { status.known.formUnion([.absoluteHorizontalPosition, .absoluteVerticalPosition]) }
        if pose.velocity != nil { status.known.formUnion([.horizontalVelocity, .verticalVelocity]) }
        if let covariance = pose.covariance {
            status.horizontalAccuracy = Float(((covariance[0] + covariance[7])).squareRoot())
            status.verticalAccuracy = Float(covariance[14].squareRoot())
        }
        return status
    }
}

extension Odometry {
    /// A pose of hfloc in the autopilot's axes.
    init(_ pose: VehiclePose, time: UInt64, frame: LocalFrame, resetCounter: UInt8) {
        self.init(
            time: time, position: SIMD3<Float>(AutopilotAxes.ned(pose.position)),
            attitude: SIMD4<Float>(AutopilotAxes.nedFromFRD(pose.attitude)), frame: frame)
        if let covariance = pose.covariance {
            poseCovariance = UpperTriangle { AutopilotAxes.ned(covariance, $0, $1) }
        }
        if let velocity = pose.velocity, let rates = pose.rates {
            self.velocity = SIMD3<Float>(AutopilotAxes.frd(velocity))
            self.rates = SIMD3<Float>(AutopilotAxes.frd(rates))
        }
        if let covariance = pose.velocityCovariance {
            velocityCovariance = UpperTriangle { AutopilotAxes.frd(covariance, $0, $1) }
        }
        (self.resetCounter, quality) = (resetCounter, pose.quality)
    }
}
