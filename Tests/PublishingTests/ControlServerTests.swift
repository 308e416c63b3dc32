import CLinux
import Messages
import Publishing
import SwiftProtobuf
import Testing

@Suite("Control endpoint", .serialized)
struct ControlServerTests {
    private static func request(_ number: UInt64, _ command: Hfloc_V1_ControlRequest.OneOf_Command?) throws -> [UInt8] {
        try Hfloc_V1_ControlRequest.with {
            $0.requestID = number
            $0.command = command
        }.serializedBytes()
    }

    /// What the server hands out next, within two seconds.
    private func next(_ server: ControlServer, at now: UInt64 = 1) -> (Wire.ControlRequest, ControlServer.Ticket)? {
        var found: (Wire.ControlRequest, ControlServer.Ticket)?
        _ = eventually {
            found = server.poll(at: now).map { ($0.request, $0.ticket) }
            return found != nil
        }
        return found
    }

    private func reply(_ client: ControlClient) throws -> Hfloc_V1_ControlReply {
        try Hfloc_V1_ControlReply(serializedBytes: try #require(try client.receive(timeout: patience)))
    }

    @Test("Answers go to who asked, in any order")
    func answers() throws {
        let address = testAddress("control")
        let server = try ControlServer(try ZeroMQContext(), endpoints: [try Endpoint(address, for: .control)])
        let (first, second) = (try ControlClient(address), try ControlClient(address))
        #expect(first.send(try Self.request(11, .loadMap(.with { $0.path = "/m" })), timeout: patience))
        let load = try #require(next(server))
        #expect(second.send(try Self.request(22, .getStatus(.init())), timeout: patience))
        let ask = try #require(next(server))
        #expect(load.0.requestID == 11 && load.0.command == .loadMap(.init(path: "/m")))
        #expect(ask.0.command == .getStatus(.init()))
        var status = Wire.Status()
        status.state = .localized
        server.answer(ask.1, status: status)
        server.answer(load.1, error: "/m does not exist")
        let (a, b) = (try reply(first), try reply(second))
        #expect(a.requestID == 11 && !a.ok && a.error == "/m does not exist" && !a.hasStatus)
        #expect(b.requestID == 22 && b.ok && b.error.isEmpty && b.status.state == .localized)
    }

    @Test("What is no request is answered with an error; one that is too large costs its sender the connection")
    func garbage() throws {
        let address = testAddress("garbage")
        let server = try ControlServer(try ZeroMQContext(), endpoints: [try Endpoint(address, for: .control)])
        let (rude, polite) = (try ControlClient(address), try ControlClient(address))
        #expect(rude.send([0xff, 0xff, 0xff], timeout: patience))
        var refusal: [UInt8]?
        var isTaken = false
        _ = try eventually {
            isTaken = isTaken || server.poll(at: 1) != nil
            refusal = try rude.receive(timeout: 1)
            return refusal != nil
        }
        #expect(!isTaken)
        #expect(try Hfloc_V1_ControlReply(serializedBytes: refusal ?? []).error == "not a hfloc.v1.ControlRequest")
        #expect(rude.send([UInt8](repeating: 0x42, count: ControlServer.largestRequest + 1), timeout: patience))
        #expect(polite.send(try Self.request(1, .relocalize(.init())), timeout: patience))
        #expect(next(server)?.0.command == .relocalize(.init()))
    }

    @Test("Requests beyond the rate are refused, and time brings more")
    func rate() throws {
        let address = testAddress("rate")
        let server = try ControlServer(try ZeroMQContext(), endpoints: [try Endpoint(address, for: .control)])
        let client = try ControlClient(address)
        var (served, refused) = (0, 0)
        let second: UInt64 = 1_000_000_000
        for number in 1...60 as ClosedRange<UInt64> {
            #expect(client.send(try Self.request(number, .getStatus(.init())), timeout: patience))
            var answer: [UInt8]?
            _ = eventually {
                if let (_, ticket) = server.poll(at: second) { server.answer(ticket) }
                answer = (try? client.receive(timeout: 1)) ?? nil
                return answer != nil
            }
            let reply = try Hfloc_V1_ControlReply(serializedBytes: try #require(answer))
            #expect(reply.requestID == number)
            if reply.ok { served += 1 } else { refused += 1 }
        }
        #expect(served == Int(ControlServer.burst) && refused == 60 - served)
        // Another client's requests are its own.
        let other = try ControlClient(address)
        #expect(other.send(try Self.request(7, .relocalize(.init())), timeout: patience))
        #expect(next(server, at: second)?.0.command == .relocalize(.init()))
        #expect(client.send(try Self.request(99, .reload(.init())), timeout: patience))
        #expect(next(server, at: 2 * second)?.0.command == .reload(.init()))
    }

    @Test("Control over tcp needs a key, even on the loopback")
    func needsKey() throws {
        #expect(throws: PublishingError.self) { try Endpoint("tcp://127.0.0.1:5556", for: .control) }
        #expect(try Endpoint("tcp://127.0.0.1:5556", for: .control, hasKey: true).isEncrypted)
        #expect(try !Endpoint("ipc:///run/x", for: .control, hasKey: true).isEncrypted)
        #expect(try Endpoint("tcp://0.0.0.0:5556", hasKey: true).isEncrypted)
        #expect(try !Endpoint("tcp://127.0.0.1:5556", hasKey: true).isEncrypted)
    }
}
