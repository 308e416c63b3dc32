import CAllocationCounter
import CLinux
import Glibc
import Messages
import Publishing
import SwiftProtobuf
import Testing

/// Publishes what `message(sequence)` says until the subscriber has received one, which shows that it is connected.
private func connect(
    _ publisher: Publisher, _ subscriber: Subscriber, _ message: (UInt64) -> [UInt8]
) throws -> Bool {
    var attempt: UInt64 = 0
    return try eventually {
        publisher.publish(message(attempt))
        attempt += 1
        return try subscriber.receive(timeout: 20) != nil
    }
}

@Suite("Publisher", .serialized)
struct PublisherTests {
    @Test("A subscriber that waits for another descriptor as well wakes for each of the two")
    func waitForTwo() throws {
        let endpoint = testAddress("two")
        let publisher = try Publisher(try ZeroMQContext(), endpoints: [try Endpoint(endpoint)])
        // Not the newest only: a message that comes while the one before is read waits for the next one (ZMQ_CONFLATE).
        let subscriber = try Subscriber(endpoint, newestOnly: false)
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }

        var byte: UInt8 = 1
        #expect(unsafe write(ends[1], &byte, 1) == 1)
        let start = hf_monotonic_ns()
        subscriber.wait(atMost: patience, or: ends[0])
        #expect(hf_monotonic_ns() - start < UInt64(patience) * 1_000_000)
        #expect(try subscriber.receive(timeout: 0) == nil)
        #expect(unsafe read(ends[0], &byte, 1) == 1)

        let isConnected = try connect(publisher, subscriber) { [UInt8($0 & 0xff)] }
        #expect(isConnected)
        publisher.publish([7])
        subscriber.wait(atMost: patience, or: ends[0])
        #expect(try subscriber.receive(timeout: 0) != nil)
    }

    @Test("Whoever waits for several subscribers wakes for each of them")
    func waitForSeveral() throws {
        let endpoints = [testAddress("first"), testAddress("second")]
        let publishers = try endpoints.map { try Publisher(try ZeroMQContext(), endpoints: [try Endpoint($0)]) }
        let subscribers = try endpoints.map { try Subscriber($0, newestOnly: false) }
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        for (publisher, subscriber) in zip(publishers, subscribers) {
            let isConnected = try connect(publisher, subscriber) { [UInt8($0 & 0xff)] }
            #expect(isConnected)
            let isWoken = try eventually {
                publisher.publish([7])
                Subscriber.wait(for: subscribers, atMost: patience, or: ends[0])
                return try subscriber.receive(timeout: 0) == [7]
            }
            #expect(isWoken)
        }
    }

    @Test("A stalled subscriber with CONFLATE reads the newest message, and no stale one", arguments: ["ipc", "tcp"])
    func conflate(transport: String) throws {
        let endpoint = transport == "ipc" ? testAddress("conflate") : "tcp://127.0.0.1:\(20000 + getpid() % 20000)"
        let publisher = try Publisher(try ZeroMQContext(), endpoints: [try Endpoint(endpoint)])
        let subscriber = try Subscriber(endpoint, newestOnly: true)
        var encoder = LocalizationEncoder(
            identity: SessionIdentity(sessionID: 1, bootID: "", mapID: "", modelID: "", calibrationID: ""))
        func encoded(_ sequence: UInt64) -> [UInt8] {
            var message = LocalizationMessage()
            message.sequence = sequence
            return encoder.encode(message)
        }
        let isConnected = try connect(publisher, subscriber, encoded)
        #expect(isConnected)
        // The subscriber stalls while 500 messages are sent at 1 kHz.
        let last: UInt64 = 1500
        for sequence in 1001...last {
            publisher.publish(encoded(sequence))
            hf_sleep_until_ns(hf_monotonic_ns() + 1_000_000)
        }
        // ZeroMQ's thread may not have handed all of them on yet; a queue would hold hundreds before the last.
        var (sequence, read): (UInt64, Int) = (0, 0)
        while sequence < last {
            let bytes = try #require(try subscriber.receive(timeout: patience))
            sequence = try Hfloc_V1_Localization(serializedBytes: bytes).sequence
            read += 1
        }
        #expect(read < 50)
        let stale = try subscriber.receive(timeout: 50)
        #expect(stale == nil)
        #expect(publisher.failures == 0)
    }

    @Test("One publisher serves several endpoints")
    func severalEndpoints() throws {
        let addresses = [testAddress("first"), testAddress("second")]
        let publisher = try Publisher(try ZeroMQContext(), endpoints: try addresses.map { try Endpoint($0) })
        for address in addresses {
            let subscriber = try Subscriber(address, newestOnly: false)
            let isConnected = try connect(publisher, subscriber) { [UInt8(truncatingIfNeeded: $0)] }
            #expect(isConnected)
        }
    }

    @Test("An endpoint that another publisher owns is refused, and left to it", arguments: ["ipc", "tcp"])
    func inUse(transport: String) throws {
        let port = 21000 + getpid() % 20000
        let endpoint = try Endpoint(transport == "ipc" ? testAddress("busy") : "tcp://127.0.0.1:\(port)")
        let first = try Publisher(try ZeroMQContext(), endpoints: [endpoint])
        #expect(throws: PublishingError.inUse(endpoint.address)) {
            _ = try Publisher(try ZeroMQContext(), endpoints: [endpoint])
        }
        let subscriber = try Subscriber(endpoint.address, newestOnly: true)
        let isConnected = try connect(first, subscriber) { [UInt8(truncatingIfNeeded: $0)] }
        #expect(isConnected)
    }

    @Test("A socket file that a dead publisher left is taken over")
    func staleSocket() throws {
        let endpoint = testAddress("stale")
        let path = String(endpoint.dropFirst(6))
        // A bound and closed socket leaves its file behind, as a killed process does.
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let bound = unsafe withUnsafePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        close(descriptor)
        #expect(throws: Never.self) { _ = try Publisher(try ZeroMQContext(), endpoints: [try Endpoint(endpoint)]) }
        unsafe unlink(path)
    }

    @Test("ZeroMQ makes one allocation per message at most; we make none")
    func allocations() throws {
        guard hf_allocations_counted() != 0 else { return }
        let endpoint = testAddress("allocations")
        let publisher = try Publisher(try ZeroMQContext(), endpoints: [try Endpoint(endpoint)])
        let subscriber = try Subscriber(endpoint, newestOnly: true)
        let message = [UInt8](repeating: 1, count: 600)
        let isConnected = try connect(publisher, subscriber) { _ in message }
        #expect(isConnected)
        hf_allocations_begin()
        for _ in 0..<100 { publisher.publish(message) }
        let count = hf_allocations_end()
        #expect(count <= 100 + 2, "\(count) in 100 messages")
    }

    @Test("A directory that is missing is named")
    func missingDirectory() throws {
        let endpoint = try Endpoint("ipc:///nonexistent/cam0/localization")
        #expect(throws: PublishingError.noDirectory(endpoint.address, "/nonexistent/cam0")) {
            _ = try Publisher(try ZeroMQContext(), endpoints: [endpoint])
        }
    }

    @Test(
        "Addresses that cannot or must not be published on are refused",
        arguments: [
            "", "udp://127.0.0.1:1", "tcp://127.0.0.1", "tcp://127.0.0.1:0", "tcp://127.0.0.1:65536",
            "tcp://0.0.0.0:5556", "tcp://127.evil.example:1", "tcp://:5556", "tcp://*:5556", "tcp://192.168.1.2:5556",
            "ipc://", "ipc://relative",
            "ipc:///" + String(repeating: "x", count: 107),
        ])
    func refused(address: String) {
        #expect(throws: PublishingError.self) { try Endpoint(address) }
    }

    @Test(
        "Addresses on this machine are accepted",
        arguments: [
            "ipc:///run/hfloc/cam0/localization", "ipc://@hfloc", "tcp://127.0.0.1:5556", "tcp://[::1]:5556",
            "tcp://localhost:1",
        ])
    func accepted(address: String) throws {
        #expect(try Endpoint(address).address == address)
    }
}

@Suite("Wall clock")
struct WallClockTests {
    @Test("A stamp of now becomes the wall clock's now, within the stated uncertainty and the time that passed")
    func now() {
        for _ in 0..<1000 {
            let before = hf_realtime_ns()
            let clock = WallClock.sample()
            let stamp = clock.time(ofMonotonic: hf_monotonic_ns())
            let after = hf_realtime_ns()
            // The two clocks tick alike; a step between the calls is not to be expected in a test.
            #expect(stamp + UInt64(clock.uncertainty) + 1000 >= before)
            #expect(stamp <= after + UInt64(clock.uncertainty) + 1000)
        }
    }
}
