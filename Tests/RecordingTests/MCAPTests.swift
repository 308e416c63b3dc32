import Errors
import Files
import Recording
import TestSupport
import Testing

/// Files written and read again, whole, cut and damaged.
@Suite("MCAP")
struct MCAPTests {
    let files = Scratch()

    /// Two channels, an attachment, and three chunks of messages that name themselves.
    private func write(_ output: any RecordingOutput, chunks: Int = 3) throws -> MCAPWriter {
        let writer = try MCAPWriter(output, library: "test")
        let first = try writer.addChannel(topic: "/a", schemaName: "x.A", schemaData: [1, 2, 3])
        let second = try writer.addChannel(topic: "/b", schemaName: "x.B", schemaData: [4])
        try writer.attach(name: "note.txt", mediaType: "text/plain", content: Array("hello".utf8), time: 7)
        for chunk in 0..<chunks {
            for index in 0..<4 {
                let content = Array("\(chunk).\(index)".utf8)
                try unsafe content.span.withUnsafeBytes { (bytes) throws(FileError) in
                    try unsafe writer.write(
                        channel: index % 2 == 0 ? first : second, logTime: UInt64(100 * chunk + index),
                        publishTime: UInt64(100 * chunk), content: bytes)
                }
            }
            try writer.flush()
        }
        return writer
    }

    private func whole() throws -> [UInt8] {
        let memory = MemoryOutput()
        try write(memory).finish()
        return memory.bytes
    }

    private func contents(_ reader: inout MCAPReader) -> [String] {
        var found: [String] = []
        while let message = reader.next() {
            found.append(String(decoding: reader.bytes(message.content), as: UTF8.self))
        }
        return found
    }

    private static let all = (0..<3).flatMap { chunk in (0..<4).map { "\(chunk).\($0)" } }

    @Test("what is written is read: messages in their order, channels with schemas, the attachment")
    func roundTrip() throws {
        var reader = try MCAPReader(opening: files.write("a.mcap", try whole()))
        let head = reader.next()
        let first = try #require(head)
        #expect(reader.channel(of: first)?.topic == "/a" && first.sequence == 0 && first.logTime == 0)
        let next = reader.next()
        let second = try #require(next)
        let channel = try #require(reader.channel(of: second))
        #expect(channel.topic == "/b" && reader.schemaName(of: channel) == "x.B" && second.logTime == 1)
        #expect(contents(&reader) == Array(Self.all.dropFirst(2)) && reader.damage == nil)
        #expect(reader.library == "test" && reader.schemas.map(\.data) == [[1, 2, 3], [4]])
        let note = try #require(reader.attachments.first)
        #expect(note.name == "note.txt" && reader.bytes(note.content) == Array("hello".utf8))
    }

    @Test("a file that is cut at any byte gives the messages of its whole chunks, and is repaired to just these")
    func cuts() throws {
        let bytes = try whole()
        var before = 0
        for size in 0..<bytes.count {
            let path = files.write("cut.mcap", Array(bytes[..<size]))
            guard size >= 8 else {
                #expect(throws: RecordingError.self) { try MCAPReader(opening: path) }
                continue
            }
            var reader = try MCAPReader(opening: path)
            let found = contents(&reader)
            #expect(found == Array(Self.all[..<found.count]) && found.count % 4 == 0 && found.count >= before)
            before = found.count
            #expect(reader.damage != nil)
            guard !found.isEmpty else {
                let error = #expect(throws: RecordingError.self) { try MCAPRepair.repair(path, to: path) }
                #expect(error?.problem.hasSuffix("nothing can be kept") == true && Scratch.read(path).count == size)
                continue
            }
            #expect(reader.damageCure == "`hfloc recording repair` completes it")
            let outcome = try MCAPRepair.repair(path, to: files.file("mended.mcap"))
            #expect(outcome.messages == UInt64(found.count) && outcome.damage != nil)
            var mended = try MCAPReader(opening: files.file("mended.mcap"))
            #expect(contents(&mended) == found && mended.damage == nil)
        }
        #expect(before == Self.all.count)
    }

    @Test("a file that lost its end is repaired to what it would have been")
    func repairedEnd() throws {
        let bytes = try whole()
        let memory = MemoryOutput()
        _ = try write(memory)
        #expect(bytes.starts(with: memory.bytes) && memory.bytes.count < bytes.count)
        let path = files.write("open.mcap", memory.bytes)
        let outcome = try MCAPRepair.repair(path, to: path)
        #expect(outcome.lost == 0 && Scratch.read(path) == bytes)
        let again = try MCAPRepair.repair(path, to: path)
        #expect(again.damage == nil && again.messages == 12 && again.lost == 0)
        let copy = files.file("copy.mcap")
        #expect(try MCAPRepair.repair(path, to: copy) == again && Scratch.read(copy) == bytes)
    }

    @Test("a byte that is wrong in a chunk ends the reading before it")
    func damage() throws {
        let good = try whole()
        let place = try #require(good.firstRange(of: Array("1.2".utf8))?.lowerBound)
        var bytes = good
        bytes[place] ^= 1
        var reader = try MCAPReader(opening: files.write("bad.mcap", bytes))
        #expect(contents(&reader) == Array(Self.all[..<4]))
        #expect(reader.damage?.hasPrefix("it is cut or damaged at byte") == true)
    }

    @Test("a file of compressed chunks is another program's, and is not repaired")
    func compressed() throws {
        var bytes = try whole()
        // The first chunk (opcode 6): start, end and size of its records, their checksum, the compression's name.
        var at = 8
        while bytes[at] != 6 { at += 9 + (0..<8).reduce(0) { $0 | Int(bytes[at + 1 + $1]) << (8 * $1) } }
        bytes[at + 9 + 28] = 4
        bytes.insert(contentsOf: Array("zstd".utf8), at: at + 9 + 32)
        bytes[at + 1] += 4
        let path = files.write("compressed.mcap", bytes)
        var reader = try MCAPReader(opening: path)
        #expect(reader.next() == nil && reader.damage == "its chunks are compressed (zstd), which is not read here")
        let error = #expect(throws: RecordingError.self) { try MCAPRepair.repair(path, to: path) }
        #expect(error?.cure.contains("mcap compress --compression none") == true && Scratch.read(path) == bytes)
    }

    @Test("a folder stands for the recordings in it, parts in the order of their numbers")
    func folders() throws {
        _ = files.folder("drives")
        for part in ["1000", "999", "001"] {
            files.write("drives/hfloc-20260101T000000Z-00000001-\(part).mcap", [0])
        }
        for name in ["other.mcap", "notes.txt"] { files.write("drives/\(name)", [0]) }
        let folder = files.file("drives")
        let names = ["-001", "-999", "-1000"].map { "\(folder)/hfloc-20260101T000000Z-00000001\($0).mcap" }
        #expect(try RecordingPaths.files(of: ["a.mcap", folder]) == ["a.mcap"] + names + ["\(folder)/other.mcap"])
        let error = #expect(throws: RecordingError.self) { try RecordingPaths.files(of: [files.folder("empty")]) }
        #expect(error?.exitStatus == .badData)
    }

    @Test("whatever bytes are turned over, reading ends")
    func anything() throws {
        let good = try whole()
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 8..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var reader = try MCAPReader(opening: files.write("odd.mcap", bytes))
            #expect(contents(&reader).count <= 24)
        }
    }

    @Test("an output that takes nothing more keeps what it has up to the last whole chunk")
    func full() throws {
        let bytes = try whole()
        for limit in stride(from: 40, to: bytes.count, by: 7) {
            let memory = MemoryOutput(limit: limit)
            do {
                let writer = try write(memory)
                #expect(throws: FileError.self) { try writer.finish() }
                writer.abandon()
            } catch is FileError {
            }
            #expect(memory.bytes.count <= limit && bytes.starts(with: memory.bytes))
        }
    }

    @Test("what is no MCAP file is refused")
    func foreign() throws {
        let path = files.write("a.txt", text: "no recording")
        let error = #expect(throws: RecordingError.self) { try MCAPReader(opening: path) }
        let cure = "give a file that `hfloc record` or hflocd wrote"
        #expect(error?.description == "\(path): recording: is no MCAP file; \(cure)")
        #expect(error?.exitStatus == .badData)
        #expect(throws: FileError.self) { try MCAPReader(opening: files.file("none")) }
    }
}

/// Takes bytes up to a limit, as a disk does.
final class MemoryOutput: RecordingOutput {
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    init(limit: Int = .max) { self.limit = limit }

    func append(_ content: UnsafeRawBufferPointer) throws(FileError) {
        let room = min(content.count, limit - bytes.count)
        unsafe bytes.append(contentsOf: content.prefix(room))
        if room < content.count { throw .full("memory", keeping: 0) }
    }

    func truncate(to size: Int) { bytes.removeLast(bytes.count - size) }
}

extension Array where Element: Equatable {
    fileprivate func firstRange(of part: [Element]) -> Range<Int>? {
        indices.first { self[$0...].starts(with: part) }.map { $0..<($0 + part.count) }
    }
}
