import CAllocationCounter
import Capture
import Features
import Files
import Messages
import Publishing
import Recording
import SwiftProtobuf
import Synchronization
import TestSupport
import Testing

/// What is recorded ends up in files of our own, in order, as large as they may be.
@Suite("The writer of recordings")
struct RecordingWriterTests {
    let files = Scratch()

    private func writer(
        memory: Int = 1 << 20, fileSize: UInt64 = 1 << 30, fileTime: UInt64 = 1 << 60, budget: UInt64 = 1 << 40,
        leastFree: UInt64 = 0, quality: Int? = nil, clock: TestClock = TestClock()
    ) throws -> RecordingWriter {
        var start = Wire.RecordingStart()
        (start.cause, start.version, start.sessionID, start.bootID) = (.request, "9.9", 0x1a2b_3c4d, "boot")
        return try RecordingWriter(
            in: RecordingFolder(files.file("recordings"), budget: budget, leastFree: leastFree),
            limits: RecordingLimits(fileSize: fileSize, fileTime: fileTime, jpegQuality: quality),
            description: RecordingDescription(start: start, attachments: [("camera.yaml", Array("model: x\n".utf8))]),
            memory: memory, cameraFrame: "camera",
            clock: RecordingClock(
                monotonic: { clock.now.load(ordering: .relaxed) }, wallOffset: { 1_700_000_000_000_000_000 },
                sleep: { time in
                    clock.now.store(time, ordering: .relaxed)
                    clock.duringSleep()
                }))
    }

    /// A frame with its image and answer.
    private func frame(_ number: UInt64, _ input: RecordingInput, width: Int = 8) {
        let stamp = FrameStamp(sequence: number, captureTime: 1000 + number, source: .endOfFrame)
        input.record(GreyImage(width: width, height: 4, filledWith: UInt8(truncatingIfNeeded: number)), stamp)
        var taken = Wire.FrameTaken()
        (taken.messageSequence, taken.captureMonotonicNs) = (number, stamp.captureTime)
        input.record(taken, at: 2000 + number)
        input.record(.localization, [0x08, UInt8(number)], of: 2000 + number, at: 2000 + number)
    }

    private func end(_ writer: RecordingWriter) {
        writer.frames.end()
        writer.telemetry.end()
        writer.run()
    }

    /// The topics of a file's messages in order, and each message.
    private func read(_ name: String) throws -> [(topic: RecordingTopic, bytes: [UInt8])] {
        var reader = try MCAPReader(opening: files.file("recordings/\(name)"))
        var found: [(RecordingTopic, [UInt8])] = []
        while let message = reader.next() {
            let channel = try #require(reader.channel(of: message))
            found.append((try #require(RecordingTopic(name: channel.topic)), reader.bytes(message.content)))
        }
        #expect(reader.damage == nil)
        return found
    }

    private var names: [String] { namesInFolder(files.file("recordings")) }

    @Test("a recording: what it is of, the state, frames in order; every schema is one that protobuf can read")
    func oneFile() throws {
        let writer = try writer()
        writer.frames.record(Wire.LocalizerState(), beginsPart: false, at: 5)
        for number in 1...3 { frame(UInt64(number), writer.frames) }
        writer.telemetry.record(.event, Wire.Event(kind: .started).encoded(), of: 6, at: 6)
        end(writer)
        #expect(!writer.progress.isActive && writer.progress.problem == nil && writer.progress.files == 1)
        #expect(names == ["hfloc-20231114T221320Z-1a2b3c4d-001.mcap"])
        let messages = try read(names[0])
        let frame: [RecordingTopic] = [.rawImage, .frame, .localization]
        var expected: [RecordingTopic] = [.recording, .localizerState]
        for _ in 0..<3 { expected += frame }
        expected.append(.event)
        #expect(messages.map(\.topic) == expected)
        let start = try Hfloc_V1_RecordingStart(serializedBytes: messages[0].bytes)
        #expect(start.cause == .request && start.part == 1 && start.version == "9.9")
        #expect(start.wallNs - start.monotonicNs == 1_700_000_000_000_000_000)
        let image = try #require(ImageMessage(messages[2].bytes, isRaw: true))
        #expect(image.grey == GreyImage(width: 8, height: 4, filledWith: 1))
        let taken = try Hfloc_V1_FrameTaken(serializedBytes: messages[3].bytes)
        #expect(taken.messageSequence == 1 && taken.captureMonotonicNs == 1001 && !taken.imageDropped)
        for topic in RecordingTopic.allCases {
            let set = try Google_Protobuf_FileDescriptorSet(serializedBytes: topic.schema)
            let known = set.file.flatMap { file in file.messageType.map { "\(file.package).\($0.name)" } }
            #expect(known.contains(topic.schemaName))
        }
    }

    @Test("a file that is long enough asks for the next, which begins where the frames' thread says")
    func rotation() throws {
        let clock = TestClock()
        let writer = try writer(fileTime: 100_000_000, clock: clock)
        writer.telemetry.record(.cameraInfo, Wire.CameraInfo(cameraFrame: "c").encoded(), of: 1, at: 1)
        let odometry = Wire.Odometry(monotonicNs: 77)
        unsafe [UInt8]([0x09, 77, 0, 0, 0, 0, 0, 0, 0]).withUnsafeBytes {
            unsafe writer.frames.take($0, of: odometry.monotonicNs, at: 3)
        }
        // The clock goes on while the writer sleeps.
        clock.duringSleep = {
            if writer.frames.isPartDue {
                writer.frames.record(Wire.LocalizerState(), beginsPart: true, at: clock.now.load(ordering: .relaxed))
                frame(9, writer.frames)
                writer.frames.end()
                writer.telemetry.end()
            }
        }
        frame(1, writer.frames)
        writer.run()
        #expect(names.count == 2 && writer.progress.files == 2)
        let second = try read(names[1])
        #expect(
            second.map(\.topic) == [
                .recording, .cameraInfo, .odometry, .localizerState, .rawImage, .frame, .localization,
            ])
        let start = try Hfloc_V1_RecordingStart(serializedBytes: second[0].bytes)
        #expect(start.cause == .rotation && start.part == 2)
    }

    @Test("where there is no room in memory, images go first, are counted, and the state is asked for anew")
    func dropped() throws {
        let writer = try writer(memory: 16_384)
        writer.frames.record(Wire.LocalizerState(), beginsPart: false, at: 5)
        for number in 1...5 { frame(UInt64(number), writer.frames, width: 1500) }
        #expect(writer.frames.images == 2 && writer.frames.droppedImages == 3 && writer.frames.needsState)
        #expect(writer.frames.droppedMessages == 0)
        end(writer)
        let frames = try read(names[0]).filter { $0.topic == .frame }.map {
            try Hfloc_V1_FrameTaken(serializedBytes: $0.bytes).imageDropped
        }
        #expect(frames == [false, false, true, true, true])
    }

    @Test("a quality makes JPEG of what comes uncompressed; JPEG that comes stays as it is")
    func quality() throws {
        let writer = try writer(quality: 90)
        frame(1, writer.frames, width: 64)
        let jpeg: [UInt8] = [0xFF, 0xD8, 1, 2, 3]
        unsafe jpeg.withUnsafeBytes {
            unsafe writer.frames.take(
                $0, .jpeg, view: FrameView(width: 8, height: 8), stamp: FrameStamp(sequence: 2, captureTime: 9))
        }
        writer.frames.record(Wire.FrameTaken(), at: 10)
        end(writer)
        let messages = try read(names[0])
        #expect(
            messages.map(\.topic) == [.recording, .compressedImage, .frame, .localization, .compressedImage, .frame])
        let made = try #require(ImageMessage(messages[1].bytes, isRaw: false))
        #expect(made.format == "jpeg" && made.data.starts(with: [0xFF, 0xD8]))
        #expect(try #require(ImageMessage(messages[4].bytes, isRaw: false)).data == jpeg)
        #expect(try Hfloc_V1_FrameTaken(serializedBytes: messages[5].bytes).view.width == 8)
        #expect(try Hfloc_V1_RecordingStart(serializedBytes: messages[0].bytes).jpegQuality == 90)
    }

    @Test("the oldest recordings go where the next file would exceed the budget; other files stay")
    func budget() throws {
        _ = files.folder("recordings")
        for day in 1...3 {
            files.write("recordings/hfloc-2020010\(day)T000000Z-00000001-001.mcap", [UInt8](repeating: 0, count: 1000))
        }
        files.write("recordings/hfloc-map.mcap", [UInt8](repeating: 0, count: 5000))
        end(try writer(fileSize: 1500, budget: 3500))
        #expect(
            names == [
                "hfloc-20200102T000000Z-00000001-001.mcap", "hfloc-20200103T000000Z-00000001-001.mcap",
                "hfloc-20231114T221320Z-1a2b3c4d-001.mcap", "hfloc-map.mcap",
            ])
    }

    @Test("a disk without room refuses the recording, by name")
    func noRoom() throws {
        let error = #expect(throws: FileError.self) { try writer(leastFree: 1 << 62) }
        #expect(error?.path.hasSuffix("-001.mcap") == true && error?.cure == "free space on the disk")
    }

    @Test("the frames' thread allocates nothing")
    func allocations() throws {
        let writer = try writer(memory: 1 << 22)
        let image = GreyImage(width: 64, height: 48)
        let state = Wire.LocalizerState()
        let (message, taken) = ([UInt8](repeating: 1, count: 600), Wire.FrameTaken())
        func once() {
            let stamp = FrameStamp(sequence: 1, captureTime: 1)
            writer.frames.record(state, beginsPart: false, at: 1)
            writer.frames.record(image, stamp)
            writer.frames.record(taken, at: 2)
            writer.frames.record(.localization, message, of: 1, at: 2)
        }
        once()
        hf_allocations_begin()
        for _ in 0..<100 { once() }
        #expect(hf_allocations_end() == 0)
    }
}

/// A clock that goes on when somebody sleeps.
final class TestClock: @unchecked Sendable {
    let now = Atomic<UInt64>(1000)
    var duringSleep: () -> Void = {}
}
