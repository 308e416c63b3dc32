import CAllocationCounter
import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

private let identity = SessionIdentity(
    sessionID: 0x0123_4567_89ab_cdef, bootID: "b00t", mapFrame: "map", cameraFrame: "cam0", mapID: "aa", modelID: "bb",
    calibrationID: "cc", baseFrame: "base_link", odomFrame: "odom")

/// The message that SwiftProtobuf's own types make of the same values.
private func oracle(_ message: LocalizationMessage) -> Hfloc_V1_Localization {
    var result = Hfloc_V1_Localization()
    result.sequence = message.sequence
    result.sessionID = identity.sessionID
    result.bootID = identity.bootID
    result.frameSequence = message.frameSequence
    result.frames.captured = message.frames.captured
    result.frames.skipped = message.frames.skipped
    result.frames.dropped = message.frames.dropped
    result.frames.corrupt = message.frames.corrupt
    result.frames.reopened = message.frames.reopened
    result.captureMonotonicNs = message.captureMonotonic
    result.captureWallNs = message.captureWall
    result.wallClockUncertaintyNs = message.wallClockUncertainty
    result.publishMonotonicNs = message.publishMonotonic
    result.state = Hfloc_V1_State(rawValue: Int(message.state.rawValue)) ?? .unspecified
    if message.state == .localized || message.state == .degraded {
        if let pose = message.pose { result.pose = oracle(pose) }
        if let pose = message.basePose { result.basePose = oracle(pose) }
        if let transform = message.mapFromOdom { result.mapFromOdom = oracle(transform) }
    }
    result.baseFrame = identity.baseFrame
    result.odomFrame = identity.odomFrame
    result.wallClockSynchronized = message.wallClockSynchronized
    result.wallClockMaxErrorNs = message.wallClockMaximumError
    if let evidence = message.evidence { result.evidence = oracle(evidence) }
    result.resetCounter = message.resetCounter
    if let latencies = message.latencies { result.latencies = oracle(latencies) }
    result.mapFrame = identity.mapFrame
    result.cameraFrame = identity.cameraFrame
    result.mapID = identity.mapID
    result.modelID = identity.modelID
    result.calibrationID = identity.calibrationID
    return result
}

private func oracle(_ pose: LocalizationMessage.Pose) -> Hfloc_V1_Pose {
    var result = Hfloc_V1_Pose()
    result.position = .with { ($0.x, $0.y, $0.z) = (pose.position.x, pose.position.y, pose.position.z) }
    result.orientation = .with {
        ($0.w, $0.x, $0.y, $0.z) = (pose.orientation.w, pose.orientation.x, pose.orientation.y, pose.orientation.z)
    }
    result.covariance = (0..<36).map { pose.covariance[$0] }
    return result
}

private func oracle(_ transform: LocalizationMessage.Transform) -> Hfloc_V1_Transform {
    let (t, q) = (transform.translation, transform.rotation)
    return .with {
        $0.translation = .with { ($0.x, $0.y, $0.z) = (t.x, t.y, t.z) }
        $0.rotation = .with { ($0.w, $0.x, $0.y, $0.z) = (q.x, q.y, q.z, q.w) }
    }
}

private func oracle(_ evidence: LocalizationMessage.Evidence) -> Hfloc_V1_Evidence {
    .with {
        $0.keypoints = evidence.keypoints
        $0.matches = evidence.matches
        $0.inliers = evidence.inliers
        $0.inlierRatio = evidence.inlierRatio
        $0.spread = evidence.spread
        $0.reprojectionRmsPx = evidence.reprojectionRMS
        $0.landmarksInView = evidence.landmarksInView
        $0.failedGate = Hfloc_V1_Gate(rawValue: Int(evidence.failedGate.rawValue)) ?? .none
        $0.source = Hfloc_V1_Source(rawValue: Int(evidence.source.rawValue)) ?? .unspecified
    }
}

private func oracle(_ latencies: LocalizationMessage.Latencies) -> Hfloc_V1_Latencies {
    .with {
        $0.captureNs = latencies.capture
        $0.localFeaturesNs = latencies.localFeatures
        $0.globalDescriptorNs = latencies.globalDescriptor
        $0.retrievalNs = latencies.retrieval
        $0.matchingNs = latencies.matching
        $0.poseNs = latencies.pose
        $0.totalNs = latencies.total
        $0.previousPublishNs = latencies.previousPublish
    }
}

@Suite("Encoding of hfloc.v1.Localization")
struct EncodingTests {
    @Test("3000 random messages decode to what went in, and are byte for byte what SwiftProtobuf writes")
    func random() throws {
        var random = SeededGenerator("encoding/random")
        var encoder = LocalizationEncoder(identity: identity)
        for _ in 0..<3000 {
            let message = randomMessage(&random)
            let expected = oracle(message)
            let bytes = encoder.encode(message)
            let decoded = try Hfloc_V1_Localization(serializedBytes: bytes)
            #expect(decoded == expected)
            #expect(decoded.unknownFields.data.isEmpty)
            let reference: [UInt8] = try expected.serializedBytes()
            #expect(bytes == reference)
        }
    }

    @Test("Names and raw values of the enums are those of the .proto file")
    func enums() {
        agree(Hfloc_V1_State.allCases, LocalizationMessage.State.allCases)
        agree(Hfloc_V1_Gate.allCases, LocalizationMessage.Gate.allCases)
        agree(Hfloc_V1_Source.allCases, LocalizationMessage.Source.allCases)
    }

    private func agree<Wire: Enum, Ours: RawRepresentable<UInt8>>(_ wire: [Wire], _ ours: [Ours]) {
        #expect(wire.map { "\($0) \($0.rawValue)" } == ours.map { "\($0) \($0.rawValue)" })
    }

    @Test("A pose is never encoded unless the state vouches for it", arguments: LocalizationMessage.State.allCases)
    func poseNeedsState(state: LocalizationMessage.State) throws {
        var random = SeededGenerator("encoding/state")
        var encoder = LocalizationEncoder(identity: identity)
        var message = LocalizationMessage()
        message.state = state
        message.pose = randomPose(&random)
        message.basePose = randomPose(&random)
        message.mapFromOdom = .init(translation: SIMD3(1, 2, 3), rotation: SIMD4(1, 0, 0, 0))
        let decoded = try Hfloc_V1_Localization(serializedBytes: encoder.encode(message))
        let isTrusted = state == .localized || state == .degraded
        #expect(decoded.hasPose == isTrusted && decoded.hasBasePose == isTrusted && decoded.hasMapFromOdom == isTrusted)
    }

    @Test("The suffix makes a retained message of any message")
    func retained() throws {
        var random = SeededGenerator("encoding/retained")
        var encoder = LocalizationEncoder(identity: identity)
        let bytes = encoder.encode(randomMessage(&random))
        var expected = try Hfloc_V1_Localization(serializedBytes: bytes)
        expected.retained = true
        let retained = try Hfloc_V1_Localization(serializedBytes: bytes + LocalizationEncoder.retainedSuffix)
        #expect(retained == expected)
    }

    @Test("A warm message allocates nothing")
    func allocations() {
        guard hf_allocations_counted() != 0 else { return }
        var random = SeededGenerator("encoding/allocations")
        var encoder = LocalizationEncoder(identity: identity)
        var message = randomMessage(&random)
        message.state = .localized
        message.pose = randomPose(&random)
        message.basePose = randomPose(&random)
        message.mapFromOdom = .init(translation: SIMD3(1, 2, 3), rotation: SIMD4(1, 0, 0, 0))
        var total = encoder.encode(message).count
        hf_allocations_begin()
        for sequence in 0..<100 {
            message.sequence = UInt64(sequence)
            total += encoder.encode(message).count
        }
        #expect(hf_allocations_end() == 0)
        #expect(total > 40_000)
    }
}
