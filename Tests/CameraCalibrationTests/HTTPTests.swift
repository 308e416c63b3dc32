import CameraCalibration
import Testing

private func request(_ text: String) -> HTTPRequest? { HTTPRequest(head: Array(text.utf8)) }

@Suite("The live page's server")
struct HTTPTests {
    @Test("Requests are taken apart, and what is none is refused")
    func parse() throws {
        let good = try #require(
            request("POST /take?x=1 HTTP/1.1\r\nHost: localhost:8080\r\nORIGIN:http://a\r\nContent-Length: 2"))
        #expect(good.method == "POST" && good.path == "/take" && good.bodyLength == 2)
        #expect(good.headers == ["host": "localhost:8080", "origin": "http://a", "content-length": "2"])
        let bad = [
            "", "GET /", "GET / HTTP/2", "GET http://a/ HTTP/1.1", "GET  / HTTP/1.1", "GET / HTTP/1.1\r\nno colon",
            "GET / HTTP/1.1\r\n: empty", "GET / HTTP/1.1\r\nHost: a\r\nhost: b", "GET / HTTP/1.1\r\nHost : a",
            "GET / HTTP/1.1\r\nContent-Length: -1", "GET / HTTP/1.1\r\nContent-Length: x",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked", "GET /\0 HTTP/1.1",
        ]
        for text in bad { #expect(request(text) == nil, "\(text)") }
        #expect(HTTPRequest(head: [0x47, 0xFF, 0xFE]) == nil)
    }

    @Test("Only addresses and the machine's own names may be the host")
    func hosts() throws {
        let gate = HTTPGuard(hostName: "board7")
        for host in [
            "localhost", "LOCALHOST:8080", "127.0.0.1:1", "192.168.1.20:8080", "[::1]:8080", "[fe80::1]", "board7",
            "board7.local:80",
        ] {
            let get = try #require(request("GET / HTTP/1.1\r\nHost: \(host)"))
            #expect(gate.refusal(of: get) == nil, "\(host)")
        }
        let foreign = [
            "evil.example", "127.0.0.1.evil.example", "1.2.3", "1.2.3.256", "board7.evil.example",
            "localhost.evil.example",
            "localhost:99999", "[::1", "[::1]evil", "[evil.example]", "", "127.0.0.1:", "٣.1.1.1",
        ]
        for host in foreign {
            let get = try #require(request("GET / HTTP/1.1\r\nHost: \(host)"))
            #expect(gate.refusal(of: get)?.status == "403 Forbidden", "\(host)")
        }
        let bare = try #require(request("GET / HTTP/1.1"))
        #expect(gate.refusal(of: bare)?.status == "403 Forbidden")
    }

    @Test("Commands come from our own page only")
    func commands() throws {
        let gate = HTTPGuard(hostName: "board7")
        for (origin, isOurs) in [
            ("Origin: http://127.0.0.1:8080", true), ("Origin: http://127.0.0.1:8081", false), ("Origin: null", false),
            ("X: y", false),
            ("Origin: https://127.0.0.1:8080", false),
        ] {
            let post = try #require(request("POST /finish HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\(origin)"))
            #expect((gate.refusal(of: post) == nil) == isOurs, "\(origin)")
        }
    }

    @Test("Endpoints")
    func endpoints() throws {
        #expect(try HTTPEndpoint(parsing: "8080").address == "127.0.0.1")
        #expect(try HTTPEndpoint(parsing: "localhost:1").isPublic == false)
        #expect(try HTTPEndpoint(parsing: "0.0.0.0:8080").isPublic)
        #expect(try HTTPEndpoint(parsing: "[::1]:90").address == "::1")
        for text in ["", "host:1", "1.2.3.4:", "1.2.3.4:70000", ":8080", "1.2.3.4:-1"] {
            #expect(throws: HTTPError.self) { try HTTPEndpoint(parsing: text) }
        }
    }

    @Test("A waiter gets the newest value, and nothing twice")
    func latest() {
        let latest = Latest(0)
        #expect(latest.next(after: 0, milliseconds: 10) == nil)
        for value in 1...5 { latest.set(value) }
        let first = latest.next(after: 0, milliseconds: 10)
        #expect(first?.value == 5)
        #expect(latest.next(after: first?.version ?? 0, milliseconds: 10) == nil)
        let changed = latest.update { value in
            value += 1
            return value
        }
        #expect(changed == 6)
        #expect(latest.current.value == 6)
    }
}
