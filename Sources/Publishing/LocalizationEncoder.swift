/// What stays the same in all messages of one run of the daemon.
public struct SessionIdentity: Sendable {
    /// Random at each start.
    public var sessionID: UInt64
    /// The kernel's boot id.
    public var bootID: String
    public var mapFrame: String
    public var cameraFrame: String
    public var mapID: String
    public var modelID: String
    public var calibrationID: String
    /// Empty without extrinsics, and without odometry.
    public var baseFrame: String
    public var odomFrame: String
    /// 0 leaves it out, as before there was one.
    public var protocolVersion: UInt32

    public init(
        sessionID: UInt64, bootID: String, mapFrame: String = "map", cameraFrame: String = "camera", mapID: String,
        modelID: String, calibrationID: String, baseFrame: String = "", odomFrame: String = "",
        protocolVersion: UInt32 = Wire.protocolVersion
    ) {
        self.sessionID = sessionID
        self.bootID = bootID
        self.mapFrame = mapFrame
        self.cameraFrame = cameraFrame
        self.mapID = mapID
        self.modelID = modelID
        self.calibrationID = calibrationID
        self.baseFrame = baseFrame
        self.odomFrame = odomFrame
        self.protocolVersion = protocolVersion
    }
}

/// Encodes `hfloc.v1.Localization`. Allocates nothing once made.
public struct LocalizationEncoder: Sendable {
    private typealias Field = Wire.LocalizationField

    private var wire: WireEncoder
    private let sessionID: UInt64
    private let bootID: [UInt8]
    /// What stands between the latencies and the vehicle's pose.
    private let names: [(field: Int, utf8: [UInt8])]
    private let baseFrame: [UInt8]
    private let odomFrame: [UInt8]
    private let protocolVersion: UInt64

    /// What makes an encoded message a retained one, appended to it: `retained = true`.
    public static let retainedSuffix: [UInt8] = {
        var wire = WireEncoder(capacity: 8)
        wire.bool(Field.retained, true)
        return wire.bytes
    }()

    public init(identity: SessionIdentity) {
        sessionID = identity.sessionID
        bootID = Array(identity.bootID.utf8)
        names = [
            (Field.mapFrame, Array(identity.mapFrame.utf8)), (Field.cameraFrame, Array(identity.cameraFrame.utf8)),
            (Field.mapID, Array(identity.mapID.utf8)), (Field.modelID, Array(identity.modelID.utf8)),
            (Field.calibrationID, Array(identity.calibrationID.utf8)),
        ]
        baseFrame = Array(identity.baseFrame.utf8)
        odomFrame = Array(identity.odomFrame.utf8)
        protocolVersion = UInt64(identity.protocolVersion)
        // The numbers of a full message are below 1536 bytes.
        wire = WireEncoder(
            capacity: 1792 + bootID.count + names.reduce(0) { $0 + $1.utf8.count } + baseFrame.count + odomFrame.count)
    }

    /// The serialized message. Let go of it before the next call, which otherwise has to copy it.
    public mutating func encode(_ message: LocalizationMessage) -> [UInt8] {
        wire.removeAll()
        wire.varint(Field.sequence, message.sequence)
        wire.fixed64(Field.sessionID, sessionID)
        wire.string(Field.bootID, bootID)
        wire.varint(Field.frameSequence, message.frameSequence)
        wire.message(Field.frames) { message.frames.encode(into: &$0) }
        wire.fixed64(Field.captureMonotonicNs, message.captureMonotonic)
        wire.fixed64(Field.captureWallNs, message.captureWall)
        wire.varint(Field.wallClockUncertaintyNs, UInt64(message.wallClockUncertainty))
        wire.fixed64(Field.publishMonotonicNs, message.publishMonotonic)
        wire.varint(Field.state, UInt64(message.state.rawValue))
        let isTrusted = message.state == .localized || message.state == .degraded
        if isTrusted, let pose = message.pose { wire.message(Field.pose) { Self.encode(pose, into: &$0) } }
        if let evidence = message.evidence { wire.message(Field.evidence) { evidence.encode(into: &$0) } }
        wire.varint(Field.resetCounter, UInt64(message.resetCounter))
        if let latencies = message.latencies { wire.message(Field.latencies) { latencies.encode(into: &$0) } }
        for index in names.indices { wire.string(names[index].field, names[index].utf8) }
        if isTrusted, let pose = message.basePose { wire.message(Field.basePose) { Self.encode(pose, into: &$0) } }
        wire.string(Field.baseFrame, baseFrame)
        if isTrusted, let transform = message.mapFromOdom {
            wire.message(Field.mapFromOdom) { transform.encode(into: &$0) }
        }
        wire.string(Field.odomFrame, odomFrame)
        wire.bool(Field.wallClockSynchronized, message.wallClockSynchronized)
        wire.varint(Field.wallClockMaxErrorNs, message.wallClockMaximumError)
        if isTrusted, message.pose != nil {
            wire.double(Field.protectionLevelPosition, message.protectionLevel.position)
            wire.double(Field.protectionLevelRotation, message.protectionLevel.rotation)
        }
        wire.string(Field.reason, message.reason)
        if isTrusted, let earth = message.earth { wire.message(Field.earth) { Self.encode(earth, into: &$0) } }
        if isTrusted, let earth = message.baseEarth { wire.message(Field.baseEarth) { Self.encode(earth, into: &$0) } }
        wire.varint(Field.protocolVersion, protocolVersion)
        return wire.bytes
    }

    private static func encode(_ earth: LocalizationMessage.EarthPosition, into wire: inout WireEncoder) {
        wire.double(Wire.EarthPositionField.latitudeDeg, earth.latitude)
        wire.double(Wire.EarthPositionField.longitudeDeg, earth.longitude)
        wire.double(Wire.EarthPositionField.heightM, earth.height)
        wire.packedDoubles(Wire.EarthPositionField.covariance, count: 9)
        for index in 0..<9 { wire.element(earth.covariance[index]) }
    }

    static func encode(_ pose: LocalizationMessage.Pose, into wire: inout WireEncoder) {
        wire.message(Wire.PoseField.position) { pose.position.encode(into: &$0) }
        wire.message(Wire.PoseField.orientation) { pose.orientation.encode(into: &$0) }
        wire.packedDoubles(Wire.PoseField.covariance, count: 36)
        for index in 0..<36 { wire.element(pose.covariance[index]) }
    }
}
