import Container
import Files
import TestSupport
import Testing

@Suite("A written container") struct RoundTripTests {
    let scratch = Scratch()

    static func sample() -> TensorFileWriter {
        var writer = TensorFileWriter(kind: "test", version: 3)
        writer.setMetadata("note", "naïve \"quotes\"\n\u{1}\u{1F600}")
        writer.add("bytes", [UInt8](0..<7))
        writer.add("signed", [Int8](-64..<64), shape: [2, 64])
        writer.add("half", [Int16](-5..<5), shape: [5, 2])
        writer.add("words", [UInt32.max, 0, 1], shape: [3, 1])
        writer.add("floats", [Float.pi, -0.0, .infinity, Float.leastNonzeroMagnitude], shape: [2, 2])
        writer.add("doubles", [Double.pi])
        writer.add("empty", [Float](), shape: [0, 4])
        writer.add("scalar", [Int64.min], shape: [])
        return writer
    }

    @Test("gives back every value, shape and metadata entry") func values() throws {
        let path = scratch.file("a.safetensors")
        let hash = try Self.sample().write(to: path, identity: "test_id")
        let file = try TensorFile(opening: path, kind: "test", version: 3)

        #expect(try file.string("note") == "naïve \"quotes\"\n\u{1}\u{1F600}")
        #expect(try file.string("test_id") == hash.description)
        #expect(try Array(file.tensor("bytes", of: UInt8.self)) == [UInt8](0..<7))
        #expect(try Array(file.tensor("signed", of: Int8.self, shape: [2, 64])) == [Int8](-64..<64))
        #expect(try Array(file.tensor("half", of: Int16.self, shape: [nil, 2])) == [Int16](-5..<5))
        #expect(try Array(file.tensor("words", of: UInt32.self)) == [UInt32.max, 0, 1])
        #expect(
            try Array(file.tensor("floats", of: Float.self)) == [
                Float.pi, -0.0, .infinity, Float.leastNonzeroMagnitude,
            ])
        #expect(try Array(file.tensor("doubles", of: Double.self)) == [Double.pi])
        #expect(try file.tensor("empty", of: Float.self).shape == [0, 4])
        #expect(try Array(file.tensor("scalar", of: Int64.self, shape: [])) == [Int64.min])
        #expect(file.names == ["bytes", "doubles", "empty", "floats", "half", "scalar", "signed", "words"])
        try file.verify(identity: "test_id")
        #expect(scratch.contents == ["a.safetensors"], "no temporary file is left")
    }

    @Test("aligns whole cache lines to 64 bytes and everything to its element") func alignment() throws {
        let path = scratch.file("a.safetensors")
        try Self.sample().write(to: path)
        let file = try TensorFile(opening: path)
        func address<Element>(_ view: TensorView<Element>) -> UInt {
            unsafe view.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        }
        #expect(try address(file.tensor("signed", of: Int8.self)) % 64 == 0)
        #expect(try address(file.tensor("doubles", of: Double.self)) % 8 == 0)
        #expect(try address(file.tensor("half", of: Int16.self)) % 2 == 0)
    }

    @Test("replaces an older file, and leaves it whole where it cannot be written") func replacement() throws {
        let path = scratch.file("a.safetensors")
        scratch.write("a.safetensors", [1, 2, 3])
        try Self.sample().write(to: path)
        _ = try TensorFile(opening: path, kind: "test", version: 3)

        let error = #expect(throws: FileError.self) { try Self.sample().write(to: scratch.file("no/such/place")) }
        #expect(error?.kind == .uncreatable)
        #expect(error?.path == scratch.file("no/such/place"))
        #expect(scratch.contents == ["a.safetensors"])
    }

    @Test("keeps its views readable after the file object is gone") func lifetime() throws {
        let path = scratch.file("a.safetensors")
        try Self.sample().write(to: path)
        let view = try TensorFile(opening: path).tensor("signed", of: Int8.self)
        try Self.sample().write(to: path)
        #expect(view.reduce(0) { $0 + Int($1) } == -64)
        #expect(view.withSpan { $0[127] } == 63)
    }

    @Test("hashes as BLAKE2b-256 does") func hash() throws {
        // The empty input's hash, from RFC 7693's reference implementation.
        #expect(
            Hasher256().finish().description == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
        let hash = Hasher256().finish()
        #expect(Hash256(hex: hash.description) == hash)
        #expect(Hash256(hex: "12") == nil)
        #expect(Hash256(hex: String(repeating: "g", count: 64)) == nil)
    }
}
