import CLinux
import Glibc
import Messages
import Publishing
import SwiftProtobuf
import Testing

@Suite("Late joiners", .serialized)
struct LateJoinerTests {
    private static func encoded(_ sequence: UInt64) -> [UInt8] {
        var encoder = LocalizationEncoder(
            identity: SessionIdentity(sessionID: 1, bootID: "b", mapID: "", modelID: "", calibrationID: ""))
        var message = LocalizationMessage()
        message.sequence = sequence
        message.captureMonotonic = 1000 + sequence
        return encoder.encode(message)
    }

    @Test(
        "Who comes while nothing is published gets the last message, marked, with its old stamp",
        arguments: [false, true])
    func retained(newestOnly: Bool) throws {
        let address = testAddress("late")
        let publisher = try Publisher(endpoints: [try Endpoint(address)])
        for sequence in 1...3 as ClosedRange<UInt64> { publisher.publish(Self.encoded(sequence)) }
        let subscriber = try Subscriber(address, newestOnly: newestOnly)
        var received: [UInt8]?
        _ = try eventually {
            publisher.greetLateJoiners()
            received = try subscriber.receive(timeout: 5)
            return received != nil
        }
        let message = try Hfloc_V1_Localization(serializedBytes: try #require(received))
        #expect(message.sequence == 3 && message.captureMonotonicNs == 1003 && message.retained)
        #expect(publisher.subscriptions == 1)
        // Nobody came since: nothing is sent again.
        publisher.greetLateJoiners()
        let again = try subscriber.receive(timeout: 30)
        #expect(again == nil)
        publisher.publish(Self.encoded(4))
        let next = try Hfloc_V1_Localization(serializedBytes: try #require(try subscriber.receive(timeout: patience)))
        #expect(next.sequence == 4 && !next.retained)
    }

    @Test("Before the first message there is nothing to retain")
    func nothing() throws {
        let address = testAddress("none")
        let publisher = try Publisher(endpoints: [try Endpoint(address)])
        let subscriber = try Subscriber(address, newestOnly: true)
        for _ in 0..<10 {
            publisher.greetLateJoiners()
            let received = try subscriber.receive(timeout: 5)
            #expect(received == nil)
        }
    }

    @Test("Subscriptions are counted, and those that left are not")
    func counts() throws {
        let address = testAddress("count")
        let publisher = try Publisher(endpoints: [try Endpoint(address)])
        func settles(_ count: Int) -> Bool {
            eventually {
                publisher.greetLateJoiners()
                return publisher.subscriptions == count
            }
        }
        func withThree() throws {
            let first = try Subscriber(address, newestOnly: true)
            let second = try Subscriber(address, newestOnly: false)
            let third = try Subscriber(address, topic: "x", newestOnly: false)
            #expect(settles(3))
            withExtendedLifetime((first, second, third)) {}
        }
        try withThree()
        #expect(settles(0))
    }

    @Test("The socket of an ipc endpoint is for its owner and group, whatever the umask", arguments: [0, 0o077])
    func mode(mask: mode_t) throws {
        let before = umask(mask)
        defer { umask(before) }
        let address = testAddress("mode")
        let publisher = try Publisher(endpoints: [try Endpoint(address)])
        var status = stat()
        unsafe stat(String(address.dropFirst(6)), &status)
        #expect(status.st_mode & 0o777 == 0o660)
        #expect(umask(mask) == mask)
        publisher.publish([1])
    }
}

/// An ipc address that no other test uses.
func testAddress(_ name: String) -> String {
    "ipc:///tmp/hfloc-test-\(getpid())-\(name)"
}

/// How long a test waits for what must come, milliseconds. Generous: a busy machine is no fault of the program's.
let patience: Int32 = 60_000

/// Does this become true within that time?
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let end = hf_monotonic_ns() + UInt64(patience) * 1_000_000
    while hf_monotonic_ns() < end {
        if try condition() { return true }
        hf_sleep_until_ns(hf_monotonic_ns() + 1_000_000)
    }
    return false
}
