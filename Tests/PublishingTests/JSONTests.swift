import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

@Suite("JSON of hfloc.v1")
struct JSONTests {
    /// Our JSON, read by SwiftProtobuf, is the message again.
    private func check<M: Message & Equatable>(_ bytes: [UInt8], _ schema: JSONSchema, as type: M.Type) throws {
        let text = String(decoding: JSONTranscoder.json(bytes, schema), as: UTF8.self)
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = false
        let decoded = try M(jsonString: text, options: options)
        #expect(decoded == (try M(serializedBytes: bytes)), "\(text)")
        #expect(!text.contains("\n"))
    }

    @Test("1000 random messages of each kind come back as they were")
    func random() throws {
        var random = SeededGenerator("json/random")
        var encoder = LocalizationEncoder(
            identity: SessionIdentity(
                sessionID: .max, bootID: "b\"\\\u{1}ü", mapID: "", modelID: "m", calibrationID: "c", baseFrame: "b",
                odomFrame: "o"))
        for _ in 0..<1000 {
            var message = randomMessage(&random)
            message.state = .degraded
            let suffix = Bool.random(using: &random) ? LocalizationEncoder.retainedSuffix : []
            try check(encoder.encode(message) + suffix, .localization, as: Hfloc_V1_Localization.self)
            try check(randomStatus(&random).encoded(), .status, as: Hfloc_V1_Status.self)
            try check(randomCameraInfo(&random).encoded(), .cameraInfo, as: Hfloc_V1_CameraInfo.self)
            try check(randomEvent(&random).encoded(), .event, as: Hfloc_V1_Event.self)
        }
    }

    @Test("What is left out of the bytes is left out of the JSON, and an unknown field is not invented")
    func empty() {
        #expect(JSONTranscoder.json([], .status) == Array("{}".utf8))
        #expect(JSONTranscoder.json([0xf8, 0x3f, 1], .status) == Array("{}".utf8))
        #expect(JSONTranscoder.json([0xff], .status) == Array("{}".utf8))
    }

    @Test("A value that is not a number has its name")
    func notNumbers() {
        var wire = WireEncoder(capacity: 64)
        wire.packedDoubles(5, count: 3)
        for value in [Double.nan, .infinity, -.infinity] { wire.element(value) }
        let text = String(decoding: JSONTranscoder.json(wire.bytes, .cameraInfo), as: UTF8.self)
        #expect(text == #"{"parameters":["NaN","Infinity","-Infinity"]}"#)
    }
}

func randomCameraInfo(_ random: inout SeededGenerator) -> CameraInfoMessage {
    var info = CameraInfoMessage()
    (info.cameraFrame, info.model, info.calibrationID) = ("camera", "OPENCV", "abc")
    (info.width, info.height) = (640, .random(in: 0...2, using: &random))
    info.parameters = (0..<Int.random(in: 0...8, using: &random)).map { _ in randomDouble(&random) }
    if Bool.random(using: &random) {
        info.baseFrame = "base_link"
        info.baseFromCamera = .init(translation: SIMD3(1, -0.0, 2), rotation: SIMD4(0.5, 0.5, -0.5, 0.5))
    }
    return info
}

func randomEvent(_ random: inout SeededGenerator) -> EventMessage {
    EventMessage(
        EventMessage.Kind.allCases.randomElement(using: &random) ?? .started,
        ["", "the map „x“ is in use"].randomElement(using: &random) ?? "",
        monotonic: randomInteger(&random), wall: randomInteger(&random),
        from: LocalizationMessage.State.allCases.randomElement(using: &random) ?? .lost,
        to: LocalizationMessage.State.allCases.randomElement(using: &random) ?? .lost)
}
