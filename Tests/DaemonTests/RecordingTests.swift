import CAllocationCounter
import Capture
import Daemon
import Geometry
import Localizer
import Messages
import Publishing
import Recording
import SwiftProtobuf
import TestSupport
import Testing

extension DaemonTests {
    /// What a daemon records, and in which order: by scripts and a clock that stands.
    @Suite("Recording")
    struct RecordingTests {
        let bench: Bench

        init() throws {
            bench = try Bench(["recording": "{folder: recordings, file_size: 1, budget: 4, memory: 4}"])
        }

        private var names: [String] { namesInFolder(bench.files.file("recordings")) }

        /// Asks for the end; the threads do their work, and the answer comes.
        private func stop() throws -> Hfloc_V1_ControlReply {
            try bench.send(.stopRecording(.init()))
            try bench.tick()
            try bench.step()
            try #require(bench.machine.threads(named: "hfloc-record").last { !$0.isFinished }).run()
            try bench.tick()
            return try #require(try bench.reply())
        }

        private func messages(_ index: Int = 0) throws -> [(topic: RecordingTopic, bytes: [UInt8])] {
            var reader = try MCAPReader(opening: bench.files.file("recordings/\(names[index])"))
            var found: [(RecordingTopic, [UInt8])] = []
            while let message = reader.next() {
                let channel = try #require(reader.channel(of: message))
                found.append((try #require(RecordingTopic(name: channel.topic)), reader.bytes(message.content)))
            }
            #expect(reader.damage == nil)
            return found
        }

        /// What the frames' thread told, in its order.
        private func schedule(_ index: Int = 0) throws -> [RecordingTopic] {
            let others: [RecordingTopic] = [.recording, .status, .event, .cameraInfo]
            return try messages(index).map(\.topic).filter { !others.contains($0) }
        }

        @Test("asked for: the state, then each frame with image and answer; the end is told when the file is whole")
        func onRequest() throws {
            try bench.start()
            try bench.frame(.localized(x: 1))
            let reply = try bench.ask(.startRecording(.init()))
            #expect(reply.ok && reply.status.recording.active && reply.status.recording.files == 1)
            #expect(try bench.ask(.startRecording(.init())).error.hasSuffix("a recording runs already; stop it first"))
            try bench.frame(.localized(x: 2, resets: 3))
            try bench.frame(.lost)
            let end = try stop()
            #expect(end.ok && !end.status.recording.active && end.status.recording.images == 2)
            #expect(try bench.ask(.stopRecording(.init())).error == "stop_recording: nothing is being recorded")
            let frame: [RecordingTopic] = [.rawImage, .frame, .localization]
            let told = try messages()
            #expect(told.first?.topic == .recording && told.map(\.topic).filter { $0 == .cameraInfo }.count == 1)
            let order = try schedule()
            #expect(order.first == .localizerState)
            #expect(order.dropFirst().filter { $0 == .frame }.count == 2 && order.contains(frame))
            let kinds = try bench.records().events.map(\.kind)
            #expect(kinds.contains(.recordingStarted) && kinds.contains(.recordingStopped))
            #expect(bench.machine.lines.contains("recording \(bench.files.file("recordings/\(names[0])"))"))
        }

        @Test("from the start: the configuration says so; images that come compressed stay as they came")
        func fromStart() throws {
            bench.change(["recording": "{folder: recordings, at_start: true, memory: 4}"])
            bench.frames.compressed = [0xFF, 0xD8, 7]
            try bench.start()
            try bench.frame(.localized())
            _ = try stop()
            let found = try messages()
            let start = try Hfloc_V1_RecordingStart(serializedBytes: try #require(found.first).bytes)
            #expect(start.cause == .configuration && start.map.id.count == 64 && start.part == 1)
            let image = try #require(found.first { $0.topic == .compressedImage })
            #expect(ImageMessage(image.bytes, isRaw: false)?.data == [0xFF, 0xD8, 7])
            #expect(try !schedule().contains(.rawImage))
            // A recording carries along what is needed to repeat it.
            var reader = try MCAPReader(opening: bench.files.file("recordings/\(names[0])"))
            while reader.next() != nil {}
            #expect(reader.attachments.map(\.name) == ["camera.yaml", "hflocd.yaml"])
        }

        @Test("what is taken from the main thread stands before the frame that follows; another pipeline begins a file")
        func commands() throws {
            try bench.start()
            _ = try bench.ask(.startRecording(.init()))
            try bench.frame(.localized())
            _ = try bench.ask(.relocalize(.init()))
            try bench.frame(.lost)
            _ = try bench.replace(by: .reload(.init()))
            try bench.step()
            _ = try stop()
            #expect(names.count == 2)
            let order = try schedule().filter { $0 != .localization && $0 != .rawImage }
            #expect(order == [.localizerState, .frame, .command, .frame])
            let second = try messages(1)
            let start = try Hfloc_V1_RecordingStart(serializedBytes: try #require(second.first).bytes)
            #expect(start.cause == .pipeline && start.part == 2)
            #expect(try schedule(1).first == .localizerState)
        }

        @Test("a folder that cannot be had refuses, with its name; everything else goes on")
        func refused() throws {
            bench.files.write("recordings", text: "a file")
            try bench.start()
            let reply = try bench.ask(.startRecording(.init()))
            #expect(!reply.ok && reply.error.contains(bench.files.file("recordings")))
            #expect(reply.status.problems.contains { $0.kind == .recording })
            try bench.frame(.localized())
            #expect(try bench.poses().last?.state == .localized)
        }

        @Test("a disk without room refuses, and the status says so")
        func fullDisk() throws {
            try bench.open()
            try bench.daemon.leastFreeDisk = 1 << 62
            try bench.daemon.start()
            let reply = try bench.ask(.startRecording(.init()))
            #expect(!reply.ok && reply.error.hasSuffix("free space on the disk") && names.isEmpty)
            try bench.frame(.localized())
            #expect(try bench.poses().last?.state == .localized)
        }

        @Test("the frames' thread allocates as much with a recording as without")
        func allocations() throws {
            try bench.start()
            bench.keepsLocalizers = true
            func frames(_ count: Int) throws -> Int64 {
                bench.frames.script += Array(repeating: .frame(), count: count)
                try bench.step()
                hf_allocations_begin()
                for _ in 1..<count { try bench.step() }
                return hf_allocations_end()
            }
            _ = try frames(10)
            let without = try frames(20)
            _ = try bench.ask(.startRecording(.init()))
            _ = try frames(5)
            #expect(try frames(20) == without)
            _ = try stop()
        }
    }
}

extension Array where Element: Equatable {
    fileprivate func contains(_ part: [Element]) -> Bool {
        indices.contains { self[$0...].starts(with: part) }
    }
}
