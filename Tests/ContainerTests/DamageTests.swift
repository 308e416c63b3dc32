import Container
import TestSupport
import Testing

@Suite("A damaged container") struct DamageTests {
    let scratch = Scratch()

    /// Opens, reads everything and verifies; true if nothing was wrong.
    private func survives(_ bytes: [UInt8]) -> Bool {
        let path = scratch.write("damaged.safetensors", bytes)
        do throws(ContainerError) {
            let file = try TensorFile(opening: path, kind: "test", version: 3)
            try file.verify(identity: "test_id")
            return true
        } catch {
            #expect(error.file == path)
            #expect(!error.field.isEmpty && !error.reason.isEmpty && !error.cure.isEmpty)
            return false
        }
    }

    private func sample() throws -> [UInt8] {
        let path = scratch.file("a.safetensors")
        try RoundTripTests.sample().write(to: path, identity: "test_id")
        return Scratch.read(path)
    }

    @Test("cut short anywhere is refused") func truncated() throws {
        let bytes = try sample()
        for length in Array(stride(from: 0, to: bytes.count, by: 97)) + [1, 7, 8, 9, bytes.count - 1] {
            #expect(!survives(Array(bytes[..<length])), "cut to \(length) bytes")
        }
    }

    @Test("with any bit of the header changed is refused, or says the same") func flippedHeader() throws {
        let bytes = try sample()
        let length = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        for index in 0..<length {
            for mask: UInt8 in [0x01, 0x20, 0x80] {
                var damaged = bytes
                damaged[index] ^= mask
                _ = survives(damaged)
            }
        }
        for index in 0..<8 {
            var damaged = bytes
            damaged[index] ^= 0xFF
            #expect(!survives(damaged), "length byte \(index)")
        }
    }

    @Test("with any byte of the data changed fails its hash") func flippedData() throws {
        let bytes = try sample()
        let length = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        for index in length..<bytes.count {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(!survives(damaged), "byte \(index)")
        }
    }

    /// The file with its header's text changed; tensors and their offsets stay.
    private func replacing(_ old: String, _ new: String) throws -> [UInt8] {
        let bytes = try sample()
        let length = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        let text = String(decoding: bytes[8..<length], as: UTF8.self)
        #expect(text.contains(old), "\(text)")
        var changed = text.replacing(old, with: new)
        while changed.utf8.last == UInt8(ascii: " ") { changed.removeLast() }
        while (changed.utf8.count + 8) % 64 != 0 { changed += " " }
        return container(changed, data: Array(bytes[length...]))
    }

    @Test(
        "with anything of its header changed, removed or added does not have its identity",
        arguments: [
            ("\"note\":\"naïve", "\"note\":\"naive"), ("\"note\":", "\"Note\":"),
            ("\"kind\":\"test\"", "\"kind\":\"test\",\"more\":\"\""), ("\"bytes\"", "\"bites\""),
            ("[2,64]", "[64,2]"), ("[5,2]", "[10]"), ("\"dtype\":\"I16\"", "\"dtype\":\"U16\""),
        ])
    func forgedHeader(old: String, new: String) throws {
        let path = scratch.write("forged.safetensors", try replacing(old, new))
        let file = try TensorFile(opening: path)
        for check in [{ try file.checkHeader(identity: "test_id") }, { try file.verify(identity: "test_id") }] {
            #expect(throws: ContainerError.self) { try check() }
        }
    }

    @Test("The same header in another order is the same file")
    func reordered() throws {
        let old = "\"kind\":\"test\","
        let path = scratch.write(
            "a2.safetensors",
            try replacing("{" + "\"format_version\":\"3\"," + old, "{" + old + "\"format_version\":\"3\","))
        try TensorFile(opening: path).verify(identity: "test_id")
    }

    @Test(
        "with an impossible header is refused, naming the field",
        arguments: [
            ("", "header"), ("{", "header"), ("[]", "header"), ("{}x", "header"), ("{}", "file"),
            (#"{"a":1}"#, "tensor 'a'"),
            (#"{"__metadata__":{"a":1}}"#, "metadata 'a'"), (#"{"__metadata__":[]}"#, "metadata"),
            (#"{"a":{"dtype":"I9","shape":[8],"data_offsets":[0,8]}}"#, "tensor 'a' dtype"),
            (#"{"a":{"shape":[8],"data_offsets":[0,8]}}"#, "tensor 'a' dtype"),
            (#"{"a":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]}}"#, "tensor 'a' shape"),
            (#"{"a":{"dtype":"U8","shape":[8.5],"data_offsets":[0,8]}}"#, "tensor 'a' shape"),
            (#"{"a":{"dtype":"U8","shape":8,"data_offsets":[0,8]}}"#, "tensor 'a' shape"),
            (#"{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,8],"data_offsets":[0,8]}}"#, "tensor 'a' shape"),
            (#"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, "tensor 'a' shape"),
            (#"{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,8]}}"#, "tensor 'a' shape"),
            (#"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, "tensor 'a' shape"),
            (#"{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,8]}}"#, "tensor 'a' data_offsets"),
            (#"{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}"#, "tensor 'a' data_offsets"),
            (#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[8,0]}}"#, "tensor 'a' data_offsets"),
            (#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[-8,0]}}"#, "tensor 'a' data_offsets"),
            (#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0]}}"#, "tensor 'a' data_offsets"),
            (#"{"a":{"dtype":"U8","shape":[7],"data_offsets":[1,8]}}"#, "tensor 'a' data_offsets"),
            (#"{"a":{"dtype":"U8","shape":[7],"data_offsets":[0,7]}}"#, "file"),
            (#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"more":0}}"#, "tensor 'a'"),
            (
                #"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"#
                    + #""b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
                "tensor 'b' data_offsets"
            ),
            (
                #"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"#
                    + #""a":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}}"#,
                "header"
            ),
            (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]} }"#, "tensor 'a' data_offsets"),
        ]) func header(text: String, field: String)
    {
        let path = scratch.file("made.safetensors")
        scratch.write("made.safetensors", container(text, data: [UInt8](repeating: 0, count: 8)))
        let error = #expect(throws: ContainerError.self) { try TensorFile(opening: path) }
        #expect(error?.field == field, "\(String(describing: error))")
    }

    @Test("with an impossible header length is refused", arguments: [UInt64.max, 1 << 63, 1 << 40, 16 << 20, 100])
    func headerLength(length: UInt64) {
        let path = scratch.file("made.safetensors")
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) }
        scratch.write("made.safetensors", bytes + Array("{}        ".utf8))
        let error = #expect(throws: ContainerError.self) { try TensorFile(opening: path) }
        #expect(error?.field == "header length")
    }

    @Test("missing, a directory, or of another kind is refused") func foreign() throws {
        let missing = #expect(throws: ContainerError.self) { try TensorFile(opening: scratch.file("none")) }
        #expect(missing?.kind == .system)
        let directory = #expect(throws: ContainerError.self) { try TensorFile(opening: scratch.path) }
        #expect(directory?.kind == .system)
        _ = try sample()
        let path = scratch.file("a.safetensors")
        let kind = #expect(throws: ContainerError.self) { try TensorFile(opening: path, kind: "map", version: 3) }
        #expect(kind?.kind == .foreign && kind?.field == "metadata 'kind'")
        let version = #expect(throws: ContainerError.self) { try TensorFile(opening: path, kind: "test", version: 4) }
        #expect(version?.kind == .foreign && version?.field == "metadata 'format_version'")
    }

    @Test("asked for what it does not hold names it") func unsuitable() throws {
        _ = try sample()
        let file = try TensorFile(opening: scratch.file("a.safetensors"))
        let missing = #expect(throws: ContainerError.self) { try file.tensor("nothing", of: Float.self) }
        #expect(missing?.field == "tensor 'nothing'")
        let type = #expect(throws: ContainerError.self) { try file.tensor("bytes", of: Float.self) }
        #expect(type?.field == "tensor 'bytes' dtype")
        let shape = #expect(throws: ContainerError.self) { try file.tensor("bytes", of: UInt8.self, shape: [8]) }
        #expect(shape?.field == "tensor 'bytes' shape")
        let rank = #expect(throws: ContainerError.self) { try file.tensor("bytes", of: UInt8.self, shape: [7, 1]) }
        #expect(rank?.field == "tensor 'bytes' shape")
        let number = #expect(throws: ContainerError.self) { try file.int("note", in: 0...1) }
        #expect(number?.field == "metadata 'note'")
    }
}
