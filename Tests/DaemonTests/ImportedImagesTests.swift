import Daemon
import Messages
import Publishing
import Recording
import SwiftProtobuf
import TestSupport
import Testing

/// Images of a folder become frames of a recording.
@Suite("Imported images")
struct ImportedImagesTests {
    private let folder = Scratch()

    private func picture(_ name: String, width: Int = 4, height: Int = 3, level: UInt8) {
        folder.write(name, Array("P5 \(width) \(height) 255\n".utf8) + [UInt8](repeating: level, count: width * height))
    }

    private func writer(memory: Int) throws -> RecordingWriter {
        var start = Wire.RecordingStart()
        (start.cause, start.version, start.source) = (.imported, "9.9", folder.path)
        return try RecordingWriter(
            in: RecordingFolder(folder.file("out"), budget: .max),
            limits: RecordingLimits(fileSize: .max, fileTime: .max),
            description: RecordingDescription(start: start, attachments: []), memory: memory, cameraFrame: "camera",
            clock: RecordingClock(monotonic: { 1 }, wallOffset: { 0 }, sleep: { _ in }))
    }

    private func messages(_ path: String) throws -> [(topic: String, bytes: [UInt8])] {
        var reader = try MCAPReader(opening: path)
        var found: [(String, [UInt8])] = []
        while let message = reader.next() {
            found.append((try #require(reader.channel(of: message)).topic, reader.bytes(message.content)))
        }
        #expect(reader.damage == nil)
        return found
    }

    @Test("each at its time, in that order; a bad one is named and passed over, and one without a time stays out")
    func frames() throws {
        for (name, level) in [("a.pgm", 10), ("c.pgm", 30), ("d.pgm", 40)] { picture(name, level: UInt8(level)) }
        folder.write("b.jpg", Array("no picture".utf8))
        folder.write("timestamps.txt", Array("c.pgm 3000000000\nb.jpg 4000000000\na.pgm 7000000000\n".utf8))
        let images = try ImportedImages(folder: folder.path, rate: nil)
        #expect(images.untimed == ["d.pgm"])
        let writer = try writer(memory: 1 << 22)
        images.record(into: writer) { Issue.record("there is room for all") }
        writer.run()
        #expect(images.failures.map(\.name) == [folder.file("b.jpg")])
        #expect(writer.frames.images == 2 && writer.progress.problem == nil)
        let told = try messages(writer.progress.file)
        let frames = try told.filter { $0.topic == RecordingTopic.frame.name }
            .map { try Hfloc_V1_FrameTaken(serializedBytes: $0.bytes) }
        #expect(frames.map(\.captureMonotonicNs) == [3_000_000_000, 7_000_000_000])
        let levels = try told.filter { $0.topic == RecordingTopic.rawImage.name }
            .map { try #require(ImageMessage($0.bytes, isRaw: true)?.data.first) }
        #expect(levels == [30, 10])
    }

    @Test("one that is larger than a recording's memory is named")
    func large() throws {
        picture("a.pgm", width: 1200, height: 1000, level: 1)
        picture("b.pgm", level: 2)
        let images = try ImportedImages(folder: folder.path, rate: 10)
        let writer = try writer(memory: 1 << 20)
        images.record(into: writer) { Issue.record("it would wait for ever") }
        writer.run()
        #expect(images.failures.map(\.name) == [folder.file("a.pgm")])
        #expect("\(try #require(images.failures.first).error)".contains("too large for a recording's memory"))
        #expect(writer.frames.images == 1)
    }
}
