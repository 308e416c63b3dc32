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
    private static let folder = String(#filePath.dropLast("GoldenFileTests.swift".count)) + "Golden/"

    private static func read(_ name: String) -> [UInt8]? {
        guard let file = unsafe fopen(folder + name, "re") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    private static func write(_ name: String, _ bytes: [UInt8]) {
        guard unsafe getenv("HFLOC_WRITE_GOLDEN") != nil, let file = unsafe fopen(folder + name, "wxe") else { return }
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }

    @Test("Each message is written as ever")
    func written() {
        for (name, bytes, json) in GoldenMessages.all {
            Self.write(name + ".pb", bytes)
            #expect(Self.read(name + ".pb") == bytes, "\(name)")
            guard let json else { continue }
            Self.write(name + ".json", json)
            #expect(Self.read(name + ".json") == json, "\(name)")
        }
    }

    @Test("Each is read by SwiftProtobuf, with no field unknown and none at its default")
    func complete() throws {
        try check(Hfloc_V1_Localization.self, "Localization", fields: 26)
        try check(Hfloc_V1_Status.self, "Status", fields: 29)
        try check(Hfloc_V1_Status.self, "StatusWithRealTime", fields: 30)
        try check(Hfloc_V1_ControlReply.self, "ControlReply", fields: 3)
        try check(Hfloc_V1_CameraInfo.self, "CameraInfo", fields: 8)
        try check(Hfloc_V1_Event.self, "Event", fields: 6)
    }

    private func check<M: Message & Equatable>(_ type: M.Type, _ name: String, fields: Int) throws {
        let bytes = try #require(Self.read(name + ".pb"))
        let message = try M(serializedBytes: bytes)
        #expect(message.unknownFields.data.isEmpty)
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        let text = try message.jsonString(options: options)
        guard let json = Self.read(name + ".json") else { return }
        #expect(try M(jsonUTF8Bytes: json) == message)
        // Members of the outermost object: every field of the message is in the example.
        #expect(members(of: text) == fields, "\(name)")
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
