import Glibc
import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

/// The files in Golden: what every version must write for `GoldenMessages`, byte for byte, and every subscriber must
/// read. They may never change; where a message gains a field, a file more is added. Tests/EndToEnd/test_wire.py reads
/// them with google.protobuf.
///
/// HFLOC_WRITE_GOLDEN=1 writes those that are missing.
@Suite("Golden files of hfloc.v1")
struct GoldenFileTests {
    private static func write(_ name: String, _ bytes: [UInt8]) {
        guard unsafe getenv("HFLOC_WRITE_GOLDEN") != nil, let file = unsafe fopen(testFolder + "Golden/" + name, "wxe")
        else { return }
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }

    @Test("Each message is written as ever")
    func written() {
        for (name, bytes, json) in GoldenMessages.all {
            Self.write(name + ".pb", bytes)
            #expect(testFile("Golden/\(name).pb") == bytes, "\(name)")
            guard let json else { continue }
            Self.write(name + ".json", json)
            #expect(testFile("Golden/\(name).json") == json, "\(name)")
        }
    }

    @Test("Each is read by SwiftProtobuf, with no field unknown and none at its default")
    func complete() throws {
        try check(Hfloc_V1_Localization.self, "Localization", fields: 26)
        try check(Hfloc_V1_Localization.self, "LocalizationWithRecovered", fields: 25)
        try check(Hfloc_V1_Localization.self, "LocalizationOnEarth", fields: 27)
        try check(Hfloc_V1_Status.self, "Status", fields: 29)
        try check(Hfloc_V1_Status.self, "StatusWithRealTime", fields: 30)
        try check(Hfloc_V1_Status.self, "StatusWithCalibrationWatch", fields: 31)
        try check(Hfloc_V1_Status.self, "StatusWithRecording", fields: 33)
        try check(Hfloc_V1_Status.self, "StatusWithFollowed", fields: 34)
        try check(Hfloc_V1_Localization.self, "LocalizationWithIntegrity", fields: 28)
        try check(Hfloc_V1_ControlReply.self, "ControlReply", fields: 3)
        try check(Hfloc_V1_ControlReply.self, "ControlReplyOfSuccess", fields: 3)
        try check(Hfloc_V1_CameraInfo.self, "CameraInfo", fields: 8)
        try check(Hfloc_V1_Event.self, "Event", fields: 6)
        try check(Hfloc_V1_VehicleState.self, "VehicleState", fields: 20)
        try check(Hfloc_V1_VehicleState.self, "VehicleStateOfVersion", fields: 21)
        try check(Hfloc_V1_Localization.self, "LocalizationOfVersion", fields: 31)
    }

    private func check<M: Message & Equatable>(_ type: M.Type, _ name: String, fields: Int) throws {
        let bytes = try #require(testFile("Golden/\(name).pb"))
        let message = try M(serializedBytes: bytes)
        #expect(message.unknownFields.data.isEmpty)
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        let text = try message.jsonString(options: options)
        // Members of the outermost object: every field of the message is in the example.
        #expect(members(of: text) == fields, "\(name)")
        guard let json = testFile("Golden/\(name).json") else { return }
        #expect(try M(jsonUTF8Bytes: json) == message)
        #expect(members(of: String(decoding: json, as: UTF8.self)) == fields, "\(name)")
    }

    private func members(of json: String) -> Int {
        var (depth, count, isQuoted) = (0, 0, false)
        for character in json {
            switch character {
            case "\"": isQuoted.toggle()
            case "{" where !isQuoted, "[" where !isQuoted: depth += 1
            case "}" where !isQuoted, "]" where !isQuoted: depth -= 1
            case ":" where !isQuoted && depth == 1: count += 1
            default: break
            }
        }
        return count
    }
}
