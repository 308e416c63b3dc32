import CLinux
import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

@Suite("Recorder endpoint", .serialized)
struct RecorderTests {
    private static let session = Recorder.Session(bootID: "b00t", sessionID: 7)

    /// A publisher with a recorder behind it.
    private struct Setup {
        let publisher: Publisher
        let recorder: Recorder
        var encoder = LocalizationEncoder(
            identity: SessionIdentity(sessionID: 7, bootID: "b00t", mapID: "m", modelID: "", calibrationID: ""))

        init(_ name: String) throws {
            let context = try ZeroMQContext()
            publisher = try Publisher(context, endpoints: [try Endpoint(testAddress(name))])
            recorder = try Recorder(
                context, of: publisher, record: [try Endpoint(testAddress(name + "-record"))],
                json: [try Endpoint(testAddress(name + "-json"))], session: RecorderTests.session)
        }

        mutating func publish(_ sequence: UInt64) {
            var message = LocalizationMessage()
            message.sequence = sequence
            message.state = .lost
            publisher.publish(encoder.encode(message))
            recorder.serve()
        }

        func waitForSubscribers(record: Int, json: Int) -> Bool {
            eventually {
                recorder.serve()
                return recorder.subscriptions == (record, json)
            }
        }
    }

    @Test("Every topic: three frames, the header's numbers without a gap, the payload as published")
    func topics() throws {
        var setup = try Setup("rec")
        let subscriber = try Subscriber(testAddress("rec-record"), newestOnly: false)
        #expect(setup.waitForSubscribers(record: 1, json: 0))
        var random = SeededGenerator("recorder/topics")
        let status = try randomMessage(Wire.Status.self, "Status", &random)
        let info = try randomMessage(Wire.CameraInfo.self, "CameraInfo", &random)
        let event = try randomMessage(Wire.Event.self, "Event", &random)
        setup.recorder.publish(info)
        setup.recorder.publish(event)
        setup.recorder.publish(status)
        for sequence in 1...50 as ClosedRange<UInt64> { setup.publish(sequence) }
        var topics: [String] = []
        while topics.count < 53 {
            setup.recorder.serve()
            guard let frames = try subscriber.receiveFrames(timeout: 100) else { continue }
            try #require(frames.count == 3)
            let topic = String(decoding: frames[0], as: UTF8.self)
            topics.append(topic)
            let header = try Hfloc_V1_RecordHeader(serializedBytes: frames[1])
            #expect(header.encoding == "protobuf" && header.bootID == "b00t" && header.sessionID == 7)
            #expect(header.sequence == UInt64(topics.count { $0 == topic }) && header.monotonicNs > 0)
            switch topic {
            case "localization":
                #expect(header.schema == "hfloc.v1.Localization")
                #expect(try Hfloc_V1_Localization(serializedBytes: frames[2]).sequence == header.sequence)
            case "status": #expect(header.schema == "hfloc.v1.Status" && frames[2] == status.encoded())
            case "camera_info": #expect(header.schema == "hfloc.v1.CameraInfo" && frames[2] == info.encoded())
            case "event": #expect(header.schema == "hfloc.v1.Event" && frames[2] == event.encoded())
            default: Issue.record("an unknown topic \(topic)")
            }
        }
        #expect(topics == ["camera_info", "event", "status"] + Array(repeating: "localization", count: 50))
    }

    @Test("The JSON endpoint says the same in JSON")
    func json() throws {
        var setup = try Setup("js")
        let subscriber = try Subscriber(testAddress("js-json"), topic: "localization", newestOnly: false)
        #expect(setup.waitForSubscribers(record: 0, json: 1))
        var message: [[UInt8]]?
        var sequence: UInt64 = 0
        _ = try eventually {
            sequence += 1
            setup.publish(sequence)
            message = try subscriber.receiveFrames(timeout: 20)
            return message != nil
        }
        let frames = try #require(message)
        let header = try Hfloc_V1_RecordHeader(jsonUTF8Bytes: frames[1])
        #expect(header.encoding == "json" && header.schema == "hfloc.v1.Localization" && header.sequence > 0)
        let pose = try Hfloc_V1_Localization(jsonUTF8Bytes: frames[2])
        #expect(pose.state == .lost && pose.sequence > 0 && pose.mapFrame == "map")
    }

    @Test("Who comes late gets the camera and the last status, and no pose twice")
    func lateJoiner() throws {
        var setup = try Setup("joiner")
        var random = SeededGenerator("recorder/late")
        setup.recorder.publish(try randomMessage(Wire.CameraInfo.self, "CameraInfo", &random))
        setup.recorder.publish(try randomMessage(Wire.Status.self, "Status", &random))
        setup.publish(1)
        let hot = try Subscriber(testAddress("joiner"), newestOnly: false)
        let subscriber = try Subscriber(testAddress("joiner-record"), newestOnly: false)
        #expect(setup.waitForSubscribers(record: 1, json: 0))
        #expect(
            try eventually {
                setup.publisher.greetLateJoiners()
                return try hot.receive(timeout: 1) != nil
            })
        setup.recorder.serve()
        var topics: [String] = []
        while topics.count < 2, let frames = try subscriber.receiveFrames(timeout: patience) {
            topics.append(String(decoding: frames[0], as: UTF8.self))
        }
        let more = try subscriber.receiveFrames(timeout: 100)
        #expect(more == nil)
        #expect(topics == ["camera_info", "status"])
        #expect(setup.publisher.subscriptions == 1)
    }
}
