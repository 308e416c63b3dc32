public import DaemonPoses
internal import Messages
public import ROS2
internal import SwiftProtobuf

/// Turns what hflocd says into what ROS 2 is told: no pose that is withheld, late, ahead or of another clock; and what
/// ROS says into requests and odometry for hflocd.
///
/// Without a clock or a socket of its own: the time is given to each call, and messages are given back.
public struct ROSBridge: Sendable {
    /// What is passed on, and how it is called.
    public struct Options: Sendable {
        /// The daemon's name, which diagnostics have: the camera's.
        public var name = "cam0"
        /// Names that win over hflocd's.
        public var frames = FrameNames()
        public var transform = TransformRule.auto
        /// Of a pose when it is passed on, nanoseconds.
        public var maximumAge: UInt64 = 500_000_000
        /// How long odometry alone may carry a transform, which has no covariance that could say so: nanoseconds.
        public var coasting: UInt64 = 0
        /// Of this machine and boot; empty if it is not known.
        public var bootID = ""

        public init() {}
    }

    let options: Options
    let freshness: Freshness
    /// What was heard last.
    var heard = Heard()
    /// What was passed on, and why what was not.
    var told = Told()
    private var poses = PoseGate()
    private var states = PoseGate()
    private var transforms = PoseGate()
    private var odometryInput = OdometryInput()
    private var nextBeat: UInt64 = 0
    private var requests: UInt64 = 0

    private static let second: UInt64 = 1_000_000_000

    public init(_ options: Options) {
        self.options = options
        freshness = Freshness(maximumAge: options.maximumAge, bootID: options.bootID)
    }

    /// A message of the poses' endpoint; nil if it is none.
    public mutating func take(localization bytes: [UInt8], at now: Instant) -> [Outgoing]? {
        guard let message = try? Hfloc_V1_Localization(serializedBytes: bytes) else { return nil }
        let before = heard.localization?.state
        heard.frames = DaemonFrames(
            map: message.mapFrame, odom: message.odomFrame, base: message.baseFrame, camera: message.cameraFrame)
        (heard.localization, heard.localizationAt) = (message, now.monotonic)
        var out = poseMessages(message, at: now)
        if before != message.state { out += diagnostics(at: now) }
        return out
    }

    /// A message of the vehicle's endpoint; nil if it is none.
    public mutating func take(vehicleState bytes: [UInt8], at now: Instant) -> [Outgoing]? {
        guard let message = try? Hfloc_V1_VehicleState(serializedBytes: bytes) else { return nil }
        let before = heard.vehicle?.condition
        if heard.frames.map.isEmpty {
            (heard.frames.map, heard.frames.base) = (message.mapFrame, message.baseFrame)
            heard.frames.odom = message.odomFrame
        }
        (heard.vehicle, heard.vehicleAt) = (message, now.monotonic)
        var out = vehicleMessages(message, at: now)
        if before != message.condition { out += diagnostics(at: now) }
        return out
    }

    /// A message of the record endpoint: its topic and payload. What is of no use here gives nothing.
    public mutating func take(record topic: String, payload: [UInt8], at now: Instant) -> [Outgoing] {
        switch topic {
        case "camera_info":
            guard let camera = try? Hfloc_V1_CameraInfo(serializedBytes: payload) else { return [] }
            heard.camera = camera
            return cameraInfo(at: now)
        case "status":
            guard let status = try? Hfloc_V1_Status(serializedBytes: payload) else { return [] }
            (heard.status, heard.statusAt) = (status, now.monotonic)
            return []
        default: return []
        }
    }

    /// What is due once a second, whatever hflocd says.
    public mutating func beat(at now: Instant) -> [Outgoing] {
        guard now.monotonic >= nextBeat else { return [] }
        nextBeat = now.monotonic + Self.second
        if !speaks(at: now) { note(.silence) }
        return diagnostics(at: now) + cameraInfo(at: now)
    }

    /// Odometry of ROS, as bytes for hflocd's odometry endpoint; nil if it is refused, and diagnostics say why.
    public mutating func take(odometry: Odometry, at now: Instant) -> [UInt8]? {
        let bytes = odometryInput.take(odometry, frames: (odomFrame, baseFrame), at: now)
        told.odometry = odometryInput
        return bytes
    }

    /// /initialpose, as bytes for hflocd's control endpoint; nil if it is refused, and diagnostics say why.
    public mutating func take(initialPose: PoseWithCovarianceStamped) -> [UInt8]? {
        requests += 1
        switch PriorRequest.make(initialPose, id: requests, frames: heard.frames, map: mapFrame) {
        case .success(let bytes):
            told.prior = "asked"
            return bytes
        case .failure(let refusal):
            told.prior = "not taken: \(refusal.text)"
            return nil
        }
    }

    /// hflocd's answer to ``take(initialPose:)``.
    public mutating func take(reply bytes: [UInt8]) {
        guard let reply = try? Hfloc_V1_ControlReply(serializedBytes: bytes), reply.requestID == requests else {
            return
        }
        told.prior = reply.ok ? "taken" : "not taken: \(reply.error)"
    }

    /// No hflocd took the request.
    public mutating func priorFailed() {
        told.prior = "not taken: hflocd does not answer at its control endpoint; is 'control' in its configuration?"
    }

    /// What became of the last /initialpose; empty if there was none.
    public var priorOutcome: String { told.prior }
    /// Why no pose is passed on; nil if poses are.
    public var withheld: Withheld? { told.withheld }
    /// Why odometry is refused; nil if it is not.
    public var odometryProblem: String? { odometryInput.problem }
}

// MARK: What a message gives

extension ROSBridge {
    private mutating func poseMessages(_ message: Hfloc_V1_Localization, at now: Instant) -> [Outgoing] {
        if let fault = Withheld.fault(ofVersion: message.protocolVersion) {
            note(fault)
            return []
        }
        guard message.state == .localized else {
            note(.notLocalized(wireName(message.state), message.reason))
            return []
        }
        let stamps = PoseGate.Stamps(
            session: message.sessionID, sequence: message.sequence, bootID: message.bootID,
            time: message.captureMonotonicNs, wall: message.captureWallNs)
        if let fault = poses.fault(stamps, freshness, at: now) {
            if case .withheld(let reason) = fault { note(reason) }
            return []
        }
        let header = Header(stamp: message.captureWallNs, frame: mapFrame)
        var out: [Outgoing] = []
        if let camera = CheckedPose(message.pose), let covariance = camera.covariance {
            let pose = PoseWithCovarianceStamped(header: header, pose: Placement(camera), covariance: covariance)
            out.append(.cameraPose(pose))
            if rule == .camera { out += transform(camera, to: cameraFrame, stamps, at: now) }
        }
        guard message.hasBasePose else {
            note(.noVehicle)
            return out
        }
        guard let base = CheckedPose(message.basePose), let covariance = base.covariance else {
            note(.noPose)
            return out
        }
        told.withheld = nil
        told.poses += 1
        let pose = PoseWithCovarianceStamped(header: header, pose: Placement(base), covariance: covariance)
        out.append(.pose(pose))
        if rule == .base { out += transform(base, to: baseFrame, stamps, at: now) }
        if rule == .odom, message.hasMapFromOdom, !vehicleSpeaks(at: now) {
            out += transform(CheckedPose(message.mapFromOdom), to: odomFrame, stamps, at: now)
        }
        return out
    }

    private mutating func vehicleMessages(_ message: Hfloc_V1_VehicleState, at now: Instant) -> [Outgoing] {
        let isCoasting = message.condition == .coasting
        guard Withheld.fault(ofVersion: message.protocolVersion) == nil, isCoasting || message.condition == .fixed,
            let pose = CheckedPose(message.pose)
        else { return [] }
        let stamps = PoseGate.Stamps(
            session: message.sessionID, sequence: message.sequence, bootID: message.bootID, time: message.monotonicNs,
            wall: message.wallNs)
        guard states.fault(stamps, freshness, at: now) == nil, let covariance = pose.covariance else { return [] }
        var out: [Outgoing] = []
        let isKnown = message.hasLinearVelocity && message.hasAngularVelocity
        let velocities = isKnown ? CheckedPose.covariance(message.velocityCovariance) : nil
        told.odometries += 1
        out.append(
            .odometry(
                Odometry(
                    header: Header(stamp: message.wallNs, frame: mapFrame), childFrame: baseFrame,
                    pose: Placement(pose), covariance: covariance, velocity: SIMD3(message.linearVelocity),
                    rates: SIMD3(message.angularVelocity), velocityCovariance: velocities ?? Self.unknown)))
        guard rule == .odom, message.hasMapFromOdom, !isCoasting || message.fixAgeNs <= options.coasting else {
            return out
        }
        return out + transform(CheckedPose(message.mapFromOdom), to: odomFrame, stamps, at: now)
    }

    /// Of velocities of which nothing is known: to a filter, zero would be certainty.
    private static let unknown: [Double] = (0..<36).map { $0 % 7 == 0 ? 1e9 : 0 }

    private mutating func transform(
        _ placement: CheckedPose?, to child: String, _ stamps: PoseGate.Stamps, at now: Instant
    ) -> [Outgoing] {
        guard let placement, transforms.fault(stamps.uncounted, freshness, at: now) == nil else { return [] }
        told.transforms += 1
        let header = Header(stamp: stamps.wall, frame: mapFrame)
        return [.transform(TFMessage(header: header, childFrame: child, transform: Placement(placement)))]
    }

    private func cameraInfo(at now: Instant) -> [Outgoing] {
        guard let camera = heard.camera, speaks(at: now) else { return [] }
        let stamp = min(heard.localization?.captureWallNs ?? 0, now.wall)
        let header = Header(stamp: stamp > 0 ? stamp : now.wall, frame: cameraFrame)
        return CameraInfo(camera, header: header).map { [.cameraInfo($0)] } ?? []
    }

    private mutating func note(_ reason: Withheld) {
        if !reason.isLike(told.withheld) { told.withheld = reason }
    }
}

// MARK: Who is there, and how frames are called

extension ROSBridge {
    /// hflocd has said something of late.
    func speaks(at now: Instant) -> Bool { heard.localizationAt.map { isRecent($0, now) } ?? false }
    /// So has its vehicle endpoint.
    func vehicleSpeaks(at now: Instant) -> Bool { heard.vehicleAt.map { isRecent($0, now) } ?? false }

    func isRecent(_ time: UInt64, _ now: Instant) -> Bool { now.monotonic <= time + Freshness.patience }

    /// Which transform is given.
    var rule: TransformRule { options.transform.resolved(heard.frames) }

    var mapFrame: String { FrameNames.plain(options.frames.map ?? heard.frames.map) }
    var odomFrame: String { FrameNames.plain(options.frames.odom ?? heard.frames.odom) }
    var baseFrame: String { FrameNames.plain(options.frames.base ?? heard.frames.base) }
    var cameraFrame: String { FrameNames.plain(options.frames.camera ?? heard.frames.camera) }
}

/// What hflocd said last.
struct Heard: Sendable {
    var frames = DaemonFrames()
    var localization: Hfloc_V1_Localization?
    /// CLOCK_MONOTONIC of its arrival, as of the others.
    var localizationAt: UInt64?
    var vehicle: Hfloc_V1_VehicleState?
    var vehicleAt: UInt64?
    var status: Hfloc_V1_Status?
    var statusAt: UInt64?
    var camera: Hfloc_V1_CameraInfo?
}

/// What was passed on, and why what was not.
struct Told: Sendable {
    var withheld: Withheld?
    var poses = 0
    var odometries = 0
    var transforms = 0
    var odometry = OdometryInput()
    /// What became of the last /initialpose.
    var prior = ""
}

extension PoseGate.Stamps {
    /// Of transforms, which come from two endpoints that count apart: by their stamps alone.
    fileprivate var uncounted: Self {
        var stamps = self
        stamps.sequence = nil
        return stamps
    }
}

extension Placement {
    init(_ pose: CheckedPose) { self.init(position: pose.position, attitude: pose.attitude) }
}

extension SIMD3<Double> {
    init(_ vector: Hfloc_V1_Vector3) { self.init(vector.x, vector.y, vector.z) }
}
