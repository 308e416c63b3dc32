import CLinux
import Glibc
import Publishing
import TestSupport
import Testing

@Suite("CURVE", .serialized)
struct CurveTests {
    @Test("A pair of keys belongs together, and its text is read back")
    func keys() throws {
        let pair = try #require(CurveKey.pair())
        #expect(pair.secret.publicKey == pair.public && CurveKey(z85: pair.public.z85) == pair.public)
        for text in ["", "x", String(repeating: "~", count: 40), String(pair.public.z85.dropLast())] {
            #expect(CurveKey(z85: text) == nil)
        }
    }

    @Test("An allow-list names the line that is wrong")
    func allowList() throws {
        let (a, b) = (try #require(CurveKey.pair()).public, try #require(CurveKey.pair()).public)
        let list = try AllowList(parsing: "; the planner\n\n\(a.z85) planner of the left car\r\n\(b.z85)\n")
        #expect(list.clients == [a: "planner of the left car", b: "client 2"])
        #expect(throws: AllowList.Failure.self) { try AllowList(parsing: "\(a.z85)\nnot a key\n") }
        do {
            _ = try AllowList(parsing: "\(a.z85)\nnot a key\n")
        } catch {
            #expect(error.line == 2)
        }
    }

    /// Does a subscriber with these keys, or none, receive within so many tries of 10 ms?
    private func receives(
        _ identity: (server: CurveKey, secret: CurveKey)?, allowed: AllowList, server: CurveKey, tries: Int = 100
    ) throws -> Bool {
        let context = try ZeroMQContext()
        let address = "tcp://0.0.0.0:\(22000 + getpid() % 20000)"
        let endpoint = try Endpoint(address, hasKey: true)
        let authenticator = try ZAPAuthenticator(context, allowed: allowed)
        let publisher = try Publisher(context, endpoints: [endpoint], curve: server)
        let subscriber = try Subscriber(
            address.replacing("0.0.0.0", with: "127.0.0.1"), newestOnly: true,
            identity: identity.map { CurveIdentity(server: $0.server, secret: $0.secret) })
        for _ in 0..<tries {
            authenticator.poll()
            publisher.publish([1, 2, 3])
            if try subscriber.receive(timeout: 10) != nil { return true }
        }
        return false
    }

    @Test("The right key is let in; no key, a stranger's, and a wrong server key are not", .slow)
    func admission() throws {
        let (server, friend) = (try #require(CurveKey.pair()), try #require(CurveKey.pair()))
        let stranger = try #require(CurveKey.pair())
        let allowed = AllowList([friend.public: "friend"])
        #expect(try receives((server.public, friend.secret), allowed: allowed, server: server.secret, tries: 6000))
        #expect(try !receives(nil, allowed: allowed, server: server.secret))
        #expect(try !receives((server.public, stranger.secret), allowed: allowed, server: server.secret))
        #expect(try !receives((stranger.public, friend.secret), allowed: allowed, server: server.secret))
        #expect(try !receives((server.public, friend.secret), allowed: AllowList([:]), server: server.secret))
    }

    @Test("One publisher serves ipc in the clear and tcp encrypted")
    func both() throws {
        let (server, friend) = (try #require(CurveKey.pair()), try #require(CurveKey.pair()))
        let context = try ZeroMQContext()
        let port = 23000 + getpid() % 20000
        let endpoints = [
            try Endpoint(testAddress("clear"), hasKey: true), try Endpoint("tcp://*:\(port)", hasKey: true),
        ]
        let authenticator = try ZAPAuthenticator(context, allowed: AllowList([friend.public: "friend"]))
        let publisher = try Publisher(context, endpoints: endpoints, curve: server.secret)
        let near = try Subscriber(testAddress("clear"), newestOnly: true)
        let far = try Subscriber(
            "tcp://127.0.0.1:\(port)", newestOnly: true,
            identity: CurveIdentity(server: server.public, secret: friend.secret))
        var (heardNear, heardFar) = (false, false)
        for _ in 0..<6000 where !(heardNear && heardFar) {
            authenticator.poll()
            publisher.publish([1, 2, 3])
            if try near.receive(timeout: 5) != nil { heardNear = true }
            if try far.receive(timeout: 5) != nil { heardFar = true }
        }
        #expect(heardNear && heardFar)
        #expect(authenticator.refusals == 0)
    }
}
