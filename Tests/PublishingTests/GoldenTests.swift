import Messages
import Publishing
import SwiftProtobuf
import Testing

/// Bytes that every version of hflocd must write, and every subscriber must read, for these values. They may never
/// change.
@Suite("Golden encodings of hfloc.v1")
struct GoldenTests {
    private static let identity = SessionIdentity(
        sessionID: 0x0102_0304_0506_0708, bootID: "0f", mapFrame: "map", cameraFrame: "camera", mapID: "a1",
        modelID: "b2", calibrationID: "c3", protocolVersion: 0)

    private static func message() -> LocalizationMessage {
        var message = LocalizationMessage()
        message.sequence = 300
        message.frameSequence = 7
        message.frames.captured = 300
        message.frames.skipped = 1
        message.frames.dropped = 2
        message.frames.corrupt = 3
        message.frames.reopened = 4
        message.captureMonotonic = 1_000_000_000
        message.captureWall = 1_763_800_000_123_456_789
        message.wallClockUncertainty = 150
        message.publishMonotonic = 1_030_000_000
        message.state = .localized
        var covariance = InlineArray<36, Double>(repeating: 0)
        for index in 0..<6 { covariance[7 * index] = Double(index + 1) / 64 }
        message.pose = .init(
            position: .init(x: 1.5, y: -2, z: 0.25), orientation: .init(w: 0.5, x: -0.5, y: 0.5, z: -0.5),
            covariance: covariance)
        var evidence = Wire.Evidence()
        evidence.keypoints = 1000
        evidence.matches = 311
        evidence.inliers = 143
        evidence.inlierRatio = 0.5
        evidence.spread = 0.75
        evidence.reprojectionRmsPx = 1.25
        evidence.source = .cachedPlace
        message.evidence = evidence
        message.resetCounter = 1
        message.latencies = Wire.Latencies(
            captureNs: 1_000_000, localFeaturesNs: 20_000_000, matchingNs: 3_000_000, poseNs: 500_000,
            totalNs: 30_000_000, previousPublishNs: 20_000)
        return message
    }

    private static let localized = """
        08ac021108070605040302011a02306620072a0b08ac0210011802200328043100ca9a3b0000000039154d314ec1467a184096014980\
        8d643d0000000050025ae6020a1b09000000000000f83f1100000000000000c019000000000000d03f122409000000000000e03f1100\
        0000000000e0bf19000000000000e03f21000000000000e0bf1aa002000000000000903f000000000000000000000000000000000000\
        000000000000000000000000000000000000000000000000000000000000000000000000a03f00000000000000000000000000000000\
        0000000000000000000000000000000000000000000000000000000000000000000000000000a83f0000000000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000000000000000000000b03f000000000000000000000000\
        000000000000000000000000000000000000000000000000000000000000000000000000000000000000b43f00000000000000000000\
        0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000b83f622608e80710b702\
        188f0121000000000000e03f29000000000000e83f31000000000000f43f40016801721b08c0843d1080dac40928c08db70130a0c21e\
        388087a70e40a09c017a036d617082010663616d6572618a0102613192010262329a01026333
        """

    private static let lost = """
        08ac021108070605040302011a02306620072a0b08ac0210011802200328043100ca9a3b0000000039154d314ec1467a184096014980\
        8d643d000000005004622808e80710b702188f0121000000000000e03f29000000000000e83f31000000000000f43f38054002680172\
        1b08c0843d1080dac40928c08db70130a0c21e388087a70e40a09c017a036d617082010663616d6572618a0102613192010262329a01\
        026333
        """

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    @Test("A localized frame")
    func localized() {
        var encoder = LocalizationEncoder(identity: Self.identity)
        #expect(Self.hex(encoder.encode(Self.message())) == Self.localized)
    }

    @Test("A lost frame: no pose, and the gate that failed")
    func lost() {
        var encoder = LocalizationEncoder(identity: Self.identity)
        var message = Self.message()
        message.state = .lost
        message.evidence?.failedGate = .inlierRatio
        message.evidence?.source = .retrieval
        #expect(Self.hex(encoder.encode(message)) == Self.lost)
    }
}
