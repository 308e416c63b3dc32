import FlyingFox
import Foundation
import Testing
import View

@Suite("Who may ask")
struct GatekeeperTests {
    private let open = Gatekeeper(token: "0123456789abcdef", guardsAll: false)
    private let closed = Gatekeeper(token: "0123456789abcdef", names: ["yard.example"], guardsAll: true)

    private func request(_ method: HTTPMethod = .GET, _ headers: [HTTPHeader: String]) -> HTTPRequest {
        HTTPRequest(method: method, version: .http11, path: "/", query: [], headers: headers, body: Data())
    }

    private static let origin = HTTPHeader("Origin")
    private static let site = HTTPHeader("Sec-Fetch-Site")
    private static let mode = HTTPHeader("Sec-Fetch-Mode")

    @Test(
        "A name of this machine, or a number",
        arguments: [
            ("localhost:7700", true), ("127.0.0.1:7700", true), ("[::1]:7700", true), ("192.168.1.4", true),
            ("LocalHost", true), ("evil.example:7700", false), ("127.0.0.1.evil.example", false),
            ("1.2.3.4.5", false), ("[::1].evil.example", false), ("", false),
        ])
    func host(_ host: String, _ isOwn: Bool) {
        #expect((open.refusal(of: request(.GET, [.host: host]), wanting: .look) == nil) == isOwn)
    }

    @Test("Without a Host nothing is answered")
    func noHost() {
        #expect(open.refusal(of: request(.GET, [:]), wanting: .look)?.statusCode == .misdirectedRequest)
    }

    @Test("A further name is a name once it is allowed")
    func furtherName() {
        let headers: [HTTPHeader: String] = [.host: "Yard.example", .authorization: "Bearer 0123456789abcdef"]
        #expect(closed.refusal(of: request(.GET, headers), wanting: .look) == nil)
        #expect(open.refusal(of: request(.GET, headers), wanting: .look) != nil)
    }

    @Test(
        "Across origins nothing is answered",
        arguments: [
            ("http://127.0.0.1:7700", true), ("https://127.0.0.1:7700", true), ("http://127.0.0.1:7701", false),
            ("http://evil.example", false), ("null", false), ("", false),
        ])
    func origin(_ origin: String, _ isOwn: Bool) {
        let asked = request(.POST, [.host: "127.0.0.1:7700", Self.origin: origin])
        #expect((open.refusal(of: asked, wanting: .look) == nil) == isOwn)
    }

    @Test("What changes anything says which page asks")
    func post() {
        #expect(open.refusal(of: request(.POST, [.host: "localhost"]), wanting: .look)?.statusCode == .forbidden)
    }

    @Test("A link from elsewhere may be followed; a picture or a script of elsewhere gets nothing")
    func site() {
        let link = request(.GET, [.host: "localhost", Self.site: "cross-site", Self.mode: "navigate"])
        let picture = request(.GET, [.host: "localhost", Self.site: "cross-site", Self.mode: "no-cors"])
        #expect(open.refusal(of: link, wanting: .look) == nil)
        #expect(open.refusal(of: link, wanting: .command) != nil)
        #expect(open.refusal(of: picture, wanting: .look) != nil)
    }

    @Test("The token: for commands always, for looking beyond this machine; for health never")
    func token() {
        let bare = request(.GET, [.host: "localhost:7700"])
        #expect(open.refusal(of: bare, wanting: .look) == nil)
        #expect(open.refusal(of: bare, wanting: .command)?.statusCode == .unauthorized)
        #expect(closed.refusal(of: bare, wanting: .look)?.statusCode == .unauthorized)
        #expect(closed.refusal(of: bare, wanting: .health) == nil)
    }

    @Test(
        "It comes in the cookie of this port, or as a bearer, and is whole",
        arguments: [
            (HTTPHeader.cookie, "hfloc_view_7700=0123456789abcdef", true),
            (.cookie, "a=b; hfloc_view_7700=0123456789abcdef; c=d", true),
            (.cookie, "hfloc_view_7701=0123456789abcdef", false), (.cookie, "hfloc_view_7700=0123456789abcde", false),
            (.cookie, "hfloc_view_7700=", false), (.cookie, "hfloc_view_7700", false),
            (.authorization, "Bearer 0123456789abcdef", true), (.authorization, "Bearer 0123456789abcdeF", false),
            (.authorization, "Basic 0123456789abcdef", false), (.authorization, "Bearer ", false),
        ])
    func tokenForms(_ header: HTTPHeader, _ value: String, _ isRight: Bool) {
        #expect(closed.hasToken(request(.GET, [.host: "localhost:7700", header: value])) == isRight)
    }

    @Test("A random token has 128 bits, and is another each time")
    func random() {
        let tokens = (0..<50).map { _ in Gatekeeper(guardsAll: true).token }
        #expect(Set(tokens).count == 50 && tokens.allSatisfy { $0.count == 32 })
    }
}
