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
private func oracle(_ message: LocalizationMessage) throws -> Hfloc_V1_Localization {
    var result = Hfloc_V1_Localization()
    result.sequence = message.sequence
    result.sessionID = identity.sessionID
    result.bootID = identity.bootID
    result.frameSequence = message.frameSequence
    result.frames = try oracle(message.frames)
    result.captureMonotonicNs = message.captureMonotonic
    result.captureWallNs = message.captureWall
    result.wallClockUncertaintyNs = message.wallClockUncertainty
    result.publishMonotonicNs = message.publishMonotonic
    result.state = Hfloc_V1_State(rawValue: Int(message.state.rawValue)) ?? .unspecified
    if message.state == .localized || message.state == .degraded {
        if let pose = message.pose { result.pose = try oracle(pose) }
        if let pose = message.basePose { result.basePose = try oracle(pose) }
        if let transform = message.mapFromOdom { result.mapFromOdom = try oracle(transform) }
        if let earth = message.earth { result.earth = oracle(earth) }
        if let earth = message.baseEarth { result.baseEarth = oracle(earth) }
    }
    result.baseFrame = identity.baseFrame
    result.odomFrame = identity.odomFrame
    result.protocolVersion = identity.protocolVersion
    result.wallClockSynchronized = message.wallClockSynchronized
    result.wallClockMaxErrorNs = message.wallClockMaximumError
    if let evidence = message.evidence { result.evidence = try oracle(evidence) }
    result.resetCounter = message.resetCounter
    if let latencies = message.latencies { result.latencies = try oracle(latencies) }
    result.mapFrame = identity.mapFrame
    result.cameraFrame = identity.cameraFrame
    result.mapID = identity.mapID
    result.modelID = identity.modelID
    result.calibrationID = identity.calibrationID
    return result
}

private func oracle(_ pose: LocalizationMessage.Pose) throws -> Hfloc_V1_Pose {
    var result = Hfloc_V1_Pose()
    result.position = try oracle(pose.position)
    result.orientation = try oracle(pose.orientation)
    result.covariance = (0..<36).map { pose.covariance[$0] }
    return result
}

private func oracle(_ earth: LocalizationMessage.EarthPosition) -> Hfloc_V1_EarthPosition {
    var result = Hfloc_V1_EarthPosition()
    (result.latitudeDeg, result.longitudeDeg, result.heightM) = (earth.latitude, earth.longitude, earth.height)
    result.covariance = (0..<9).map { earth.covariance[$0] }
    return result
}

/// SwiftProtobuf's type of the same contents: the encoders of the parts have tests of their own.
private func oracle<Part: SwiftProtobuf.Message>(_ part: any EncodableMessage) throws -> Part {
    try Part(serializedBytes: part.encoded())
}

@Suite("Encoding of hfloc.v1.Localization")
struct EncodingTests {
    @Test("3000 random messages decode to what went in, and are byte for byte what SwiftProtobuf writes")
    func random() throws {
        var random = SeededGenerator("encoding/random")
        var encoder = LocalizationEncoder(identity: identity)
        for _ in 0..<3000 {
            let message = try randomLocalization(&random)
            let expected = try oracle(message)
            let bytes = encoder.encode(message)
            let decoded = try Hfloc_V1_Localization(serializedBytes: bytes)
            #expect(decoded == expected)
            #expect(decoded.unknownFields.data.isEmpty)
            let reference: [UInt8] = try expected.serializedBytes()
            #expect(bytes == reference)
        }
    }

    @Test("Every field of the .proto file is encoded, and nothing else")
    func complete() throws {
        let descriptors = try Descriptors.read()
        var random = SeededGenerator("encoding/complete")
        var encoder = LocalizationEncoder(identity: GoldenMessages.versioned)
        // No value is at its default, which would not be encoded.
        var message = GoldenMessages.localization()
        message.frames = try randomMessage(Wire.FrameCounters.self, "FrameCounters", &random, isFull: true)
        message.evidence = try randomMessage(Wire.Evidence.self, "Evidence", &random, isFull: true)
        message.latencies = try randomMessage(Wire.Latencies.self, "Latencies", &random, isFull: true)
        message.mapFromOdom = try randomMessage(Wire.Transform.self, "Transform", &random, isFull: true)
        let pose = LocalizationMessage.Pose(
            position: try randomMessage(Wire.Vector3.self, "Vector3", &random, isFull: true),
            orientation: try randomMessage(Wire.Quaternion.self, "Quaternion", &random, isFull: true),
            covariance: .init(repeating: 1))
        (message.pose, message.basePose) = (pose, pose)
        let earth = LocalizationMessage.EarthPosition(
            latitude: 1, longitude: 2, height: 3, covariance: .init(repeating: 4))
        (message.earth, message.baseEarth) = (earth, earth)
        message.protectionLevel = (0.5, 0.25)
        message.reason = "two poses explain the picture alike: see keyframe and rival_keyframe"
        let bytes = encoder.encode(message) + LocalizationEncoder.retainedSuffix
        let missing = try descriptors.paths(of: "hfloc.v1.Localization")
            .subtracting(try descriptors.paths(in: bytes, of: "hfloc.v1.Localization"))
        #expect(missing.isEmpty, "LocalizationMessage, or its encoder, knows nothing of \(missing.sorted())")
    }

    @Test("Of each optional part, also one that is all default: there or not there", arguments: 0..<128)
    func presence(parts: Int) throws {
        var encoder = LocalizationEncoder(
            identity: SessionIdentity(
                sessionID: 0, bootID: "", mapFrame: "", cameraFrame: "", mapID: "", modelID: "", calibrationID: "",
                protocolVersion: 0))
        let pose = LocalizationMessage.Pose(position: .init(), orientation: .init(), covariance: .init(repeating: 0))
        var message = LocalizationMessage()
        message.state = .localized
        var expected = Hfloc_V1_Localization.with {
            $0.state = .localized
            $0.frames = .init()
        }
        if parts & 1 != 0 { (message.pose, expected.pose) = (pose, try oracle(pose)) }
        if parts & 2 != 0 { (message.basePose, expected.basePose) = (pose, try oracle(pose)) }
        if parts & 4 != 0 { (message.mapFromOdom, expected.mapFromOdom) = (.init(), .init()) }
        if parts & 8 != 0 { (message.evidence, expected.evidence) = (.init(), .init()) }
        if parts & 16 != 0 { (message.latencies, expected.latencies) = (.init(), .init()) }
        let earth = LocalizationMessage.EarthPosition(
            latitude: 0, longitude: 0, height: 0, covariance: .init(repeating: 0))
        if parts & 32 != 0 { (message.earth, expected.earth) = (earth, oracle(earth)) }
        if parts & 64 != 0 { (message.baseEarth, expected.baseEarth) = (earth, oracle(earth)) }
        #expect(encoder.encode(message) == (try expected.serializedBytes() as [UInt8]))
    }

    @Test("A pose is never encoded unless the state vouches for it", arguments: Wire.State.allCases)
    func poseNeedsState(state: Wire.State) throws {
        var random = SeededGenerator("encoding/state")
        var encoder = LocalizationEncoder(identity: identity)
        var message = LocalizationMessage()
        message.state = state
        message.pose = try randomPose(&random)
        message.basePose = try randomPose(&random)
        message.mapFromOdom = .init(translation: .init(x: 1, y: 2, z: 3), rotation: .init(w: 1))
        (message.earth, message.baseEarth) = (randomEarthPosition(&random), randomEarthPosition(&random))
        let decoded = try Hfloc_V1_Localization(serializedBytes: encoder.encode(message))
        let isTrusted = state == .localized || state == .degraded
        #expect(decoded.hasPose == isTrusted && decoded.hasBasePose == isTrusted && decoded.hasMapFromOdom == isTrusted)
        #expect(decoded.hasEarth == isTrusted && decoded.hasBaseEarth == isTrusted)
    }

    @Test("The suffix makes a retained message of any message")
    func retained() throws {
        var random = SeededGenerator("encoding/retained")
        var encoder = LocalizationEncoder(identity: identity)
        let bytes = encoder.encode(try randomLocalization(&random))
        var expected = try Hfloc_V1_Localization(serializedBytes: bytes)
        expected.retained = true
        let retained = try Hfloc_V1_Localization(serializedBytes: bytes + LocalizationEncoder.retainedSuffix)
        #expect(retained == expected)
    }

    @Test("A warm message allocates nothing")
    func allocations() throws {
        guard hf_allocations_counted() != 0 else { return }
        var random = SeededGenerator("encoding/allocations")
        var encoder = LocalizationEncoder(identity: identity)
        var message = try randomLocalization(&random)
        message.state = .localized
        message.pose = try randomPose(&random)
        message.basePose = try randomPose(&random)
        message.mapFromOdom = .init(translation: .init(x: 1, y: 2, z: 3), rotation: .init(w: 1))
        (message.earth, message.baseEarth) = (randomEarthPosition(&random), randomEarthPosition(&random))
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
