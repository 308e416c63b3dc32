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

    public init(
        sessionID: UInt64, bootID: String, mapFrame: String = "map", cameraFrame: String = "camera", mapID: String,
        modelID: String, calibrationID: String, baseFrame: String = "", odomFrame: String = ""
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
    }
}

/// Encodes `hfloc.v1.Localization`. Allocates nothing once made.
public struct LocalizationEncoder: Sendable {
    private var wire: WireEncoder
    private let sessionID: UInt64
    private let bootID: [UInt8]
    /// Fields 15 to 19, in order.
    private let names: [[UInt8]]
    private let baseFrame: [UInt8]
    private let odomFrame: [UInt8]

    /// What makes an encoded message a retained one, appended to it: `retained = true`.
    public static let retainedSuffix: [UInt8] = [0xc0, 0x01, 0x01]

    public init(identity: SessionIdentity) {
        sessionID = identity.sessionID
        bootID = Array(identity.bootID.utf8)
        let ids = [identity.mapID, identity.modelID, identity.calibrationID]
        names = ([identity.mapFrame, identity.cameraFrame] + ids).map { Array($0.utf8) }
        baseFrame = Array(identity.baseFrame.utf8)
        odomFrame = Array(identity.odomFrame.utf8)
        // The numbers of a full message are below 1280 bytes.
        wire = WireEncoder(
            capacity: 1536 + bootID.count + names.reduce(0) { $0 + $1.count } + baseFrame.count + odomFrame.count)
    }

    /// The serialized message. Let go of it before the next call, which otherwise has to copy it.
    public mutating func encode(_ message: LocalizationMessage) -> [UInt8] {
        wire.removeAll()
        wire.varint(1, message.sequence)
        wire.fixed64(2, sessionID)
        wire.string(3, bootID)
        wire.varint(4, message.frameSequence)
        wire.message(5) { message.frames.encode(into: &$0) }
        wire.fixed64(6, message.captureMonotonic)
        wire.fixed64(7, message.captureWall)
        wire.varint(8, UInt64(message.wallClockUncertainty))
        wire.fixed64(9, message.publishMonotonic)
        wire.varint(10, UInt64(message.state.rawValue))
        let isTrusted = message.state == .localized || message.state == .degraded
        if isTrusted, let pose = message.pose { wire.message(11) { Self.encode(pose, into: &$0) } }
        if let evidence = message.evidence { wire.message(12) { Self.encode(evidence, into: &$0) } }
        wire.varint(13, UInt64(message.resetCounter))
        if let latencies = message.latencies { wire.message(14) { Self.encode(latencies, into: &$0) } }
        for index in names.indices { wire.string(15 + index, names[index]) }
        if isTrusted, let pose = message.basePose { wire.message(20) { Self.encode(pose, into: &$0) } }
        wire.string(21, baseFrame)
        if isTrusted, let transform = message.mapFromOdom { wire.message(22) { transform.encode(into: &$0) } }
        wire.string(23, odomFrame)
        wire.bool(25, message.wallClockSynchronized)
        wire.varint(26, message.wallClockMaximumError)
        return wire.bytes
    }

    private static func encode(_ pose: LocalizationMessage.Pose, into wire: inout WireEncoder) {
        wire.message(1) {
            $0.double(1, pose.position.x)
            $0.double(2, pose.position.y)
            $0.double(3, pose.position.z)
        }
        wire.message(2) {
            $0.double(1, pose.orientation.w)
            $0.double(2, pose.orientation.x)
            $0.double(3, pose.orientation.y)
            $0.double(4, pose.orientation.z)
        }
        wire.packedDoubles(3, count: 36)
        for index in 0..<36 { wire.element(pose.covariance[index]) }
    }

    private static func encode(_ evidence: LocalizationMessage.Evidence, into wire: inout WireEncoder) {
        wire.varint(1, UInt64(evidence.keypoints))
        wire.varint(2, UInt64(evidence.matches))
        wire.varint(3, UInt64(evidence.inliers))
        wire.double(4, evidence.inlierRatio)
        wire.double(5, evidence.spread)
        wire.double(6, evidence.reprojectionRMS)
        wire.varint(7, UInt64(evidence.failedGate.rawValue))
        wire.varint(8, UInt64(evidence.source.rawValue))
        wire.varint(9, UInt64(evidence.landmarksInView))
    }

    private static func encode(_ latencies: LocalizationMessage.Latencies, into wire: inout WireEncoder) {
        wire.varint(1, latencies.capture)
        wire.varint(2, latencies.localFeatures)
        wire.varint(3, latencies.globalDescriptor)
        wire.varint(4, latencies.retrieval)
        wire.varint(5, latencies.matching)
        wire.varint(6, latencies.pose)
        wire.varint(7, latencies.total)
        wire.varint(8, latencies.previousPublish)
    }
}

extension LocalizationMessage.FrameCounters {
    func encode(into wire: inout WireEncoder) {
        wire.varint(1, captured)
        wire.varint(2, skipped)
        wire.varint(3, dropped)
        wire.varint(4, corrupt)
        wire.varint(5, reopened)
    }
}

extension LocalizationMessage.Transform {
    func encode(into wire: inout WireEncoder) {
        wire.message(1) {
            $0.double(1, translation.x)
            $0.double(2, translation.y)
            $0.double(3, translation.z)
        }
        wire.message(2) {
            $0.double(1, rotation.x)
            $0.double(2, rotation.y)
            $0.double(3, rotation.z)
            $0.double(4, rotation.w)
        }
    }
}
