import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

@Suite("JSON of hfloc.v1")
struct JSONTests {
    @Test("Every field of every message is written as SwiftProtobuf writes it", arguments: schemas)
    func text(schema: JSONSchema) throws {
        var random = SeededGenerator("json/text/\(schema.name)")
        var generator = MessageGenerator(descriptors: try Descriptors.read(), isPlain: true)
        let reference = try #require(Self.references[schema.name])
        for round in 0..<300 {
            generator.isFull = round < 20
            let bytes = try generator.bytes(of: schema.name, &random)
            #expect(String(decoding: JSONTranscoder.json(bytes, schema), as: UTF8.self) == (try reference.text(bytes)))
        }
    }

    @Test("Whatever numbers and texts a message holds, it comes back as it was, of one line", arguments: schemas)
    func random(schema: JSONSchema) throws {
        var random = SeededGenerator("json/random/\(schema.name)")
        let generator = MessageGenerator(descriptors: try Descriptors.read())
        let reference = try #require(Self.references[schema.name])
        for _ in 0..<1000 {
            let bytes = try generator.bytes(of: schema.name, &random)
            let json = JSONTranscoder.json(bytes, schema)
            #expect(try reference.bytes(json) == bytes)
            #expect(!json.contains(UInt8(ascii: "\n")))
        }
    }

    private static let schemas: [JSONSchema] = [.localization, .status, .cameraInfo, .event, .recordHeader]

    /// SwiftProtobuf's JSON of the same messages.
    private static let references = [
        "hfloc.v1.Localization": Reference(Hfloc_V1_Localization.self),
        "hfloc.v1.Status": Reference(Hfloc_V1_Status.self),
        "hfloc.v1.CameraInfo": Reference(Hfloc_V1_CameraInfo.self),
        "hfloc.v1.Event": Reference(Hfloc_V1_Event.self),
        "hfloc.v1.RecordHeader": Reference(Hfloc_V1_RecordHeader.self),
    ]

    private struct Reference: Sendable {
        let text: @Sendable ([UInt8]) throws -> String
        let bytes: @Sendable ([UInt8]) throws -> [UInt8]

        init<M: Message>(_ type: M.Type) {
            var writing = JSONEncodingOptions()
            writing.preserveProtoFieldNames = true
            text = { [writing] in try M(serializedBytes: $0).jsonString(options: writing) }
            bytes = { try M(jsonUTF8Bytes: $0).serializedBytes() }
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
