import CAllocationCounter
import CZeroMQ
import Capture
import Daemon
import Features
import Geometry
import Glibc
import Localizer
import Messages
import Publishing
import SwiftProtobuf
import Testing

extension DaemonTests {
    @Suite("What the camera sees, for people")
    struct PreviewTests {
        let bench: Bench

        init() throws {
            bench = try Bench()
        }

        /// What a subscriber to previews has got since the last call.
        private func previews(_ client: TestSocket) throws -> [Hfloc_V1_Preview] {
            try client.drain().map { try Hfloc_V1_Preview(serializedBytes: try #require($0.last)) }
        }

        /// A frame every 50 ms, for so many frames.
        private func frames(_ count: Int) throws {
            for _ in 0..<count {
                bench.clock.advance(by: 50 * millisecond)
                try bench.frame(.localized())
            }
        }

        @Test("nobody asks for previews by name: none is made, though somebody listens to everything")
        func nobody() throws {
            try bench.start()
            try frames(40)
            let records = try bench.records()
            #expect(records.previews.isEmpty && records.poses.count == 40)
        }

        @Test("five a second at most, each of a frame that was answered; none once nobody asks any more")
        func rate() throws {
            try bench.start()
            var client: TestSocket? = try bench.client(ZMQ_SUB, "inproc://record", topic: "preview")
            try frames(40)
            let seen = try previews(try #require(client))
            #expect((8...11).contains(seen.count))
            let poses = try bench.poses()
            for preview in seen {
                let answer = try #require(poses.first { $0.sequence == preview.sequence })
                #expect(answer.captureMonotonicNs == preview.captureMonotonicNs)
                #expect(answer.sessionID == preview.sessionID)
                #expect(preview.width == 96 && preview.height == 64 && preview.jpeg.starts(with: [0xff, 0xd8]))
            }
            client = nil
            // ZeroMQ tells of who leaves on a thread of its own.
            var isOver = false
            for _ in 0..<6000 where !isOver {
                _ = try bench.records()
                try frames(8)
                isOver = try bench.records().previews.isEmpty
                usleep(10_000)
            }
            #expect(isOver)
        }

        @Test("the picture is half as large, and of the frame")
        func picture() throws {
            let frame = PreviewFrame(width: 96, height: 64, keypoints: 4)
            var image = GreyImage(width: 96, height: 64, filledWith: 20)
            for y in 0..<64 { for x in 48..<96 { image[x, y] = 200 } }
            frame.image.copy(image)
            let preview = try #require(PreviewPublisher.preview(of: frame, session: 5))
            #expect(preview.sessionID == 5 && preview.width == 96 && preview.height == 64)
            var picture = GreyImage(width: 0, height: 0)
            _ = try ImageFile.decode(preview.jpeg, "preview", into: &picture)
            #expect((picture.width, picture.height) == (48, 32))
            #expect(abs(Int(picture[10, 16]) - 20) < 4 && abs(Int(picture[40, 16]) - 200) < 4)
        }

        @Test("the frames' thread allocates as much with a preview as without")
        func allocations() throws {
            try bench.start()
            func count(_ frames: Int) throws -> Int64 {
                bench.frames.script += Array(repeating: .frame(), count: frames)
                try bench.step()
                hf_allocations_begin()
                for _ in 1..<frames { try bench.step() }
                return hf_allocations_end()
            }
            try bench.localizer.answers = [.localized()]
            _ = try count(10)
            let without = try count(20)
            let client = try bench.client(ZMQ_SUB, "inproc://record", topic: "preview")
            try frames(8)
            #expect(try !previews(client).isEmpty)
            bench.clock.advance(by: 300 * millisecond)
            try bench.tick()
            #expect(try count(20) == without)
            try bench.tick()
            #expect(try !previews(client).isEmpty, "a preview was asked for, and given within these frames")
        }
    }
}
