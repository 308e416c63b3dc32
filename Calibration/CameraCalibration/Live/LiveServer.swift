internal import Capture
internal import CLinux
internal import Synchronization

/// Serves the page of a live calibration: the camera's image as a stream, the state as events, the buttons as commands.
public final class LiveServer: Sendable {
    private let server: HTTPServer

    /// Starts to listen, and serves from then on.
    public init(_ endpoint: HTTPEndpoint, session: LiveSession) throws(HTTPError) {
        let stream = FrameStream(session.frames)
        server = try HTTPServer(endpoint) { request in Self.answer(request, session, stream) }
        server.start()
    }

    /// Where the page is: `http://ADDRESS:PORT/`.
    public var url: String { "http://\(server.address)/" }

    /// Takes no more requests, after a fifth of a second at most; streams last until their readers leave.
    public func stop() { server.stop() }

    private static func answer(_ request: HTTPRequest, _ session: LiveSession, _ stream: FrameStream) -> HTTPResponse {
        if request.method == "POST" { return command(request.path, session) }
        switch request.path {
        case "/":
            return HTTPResponse(
                type: "text/html; charset=utf-8", .bytes(Array(LivePage.html.utf8)), headers: [LivePage.policy])
        case "/stream":
            return HTTPResponse(
                type: "multipart/x-mixed-replace; boundary=\(FrameStream.boundary)", .stream(stream.pieces()))
        case "/events": return HTTPResponse(type: "text/event-stream", .stream(events(session)))
        case "/state":
            return HTTPResponse(type: "application/json", .bytes(Array(session.state.current.value.json.utf8)))
        case "/report.html":
            guard let report = session.files.current.value.report else { return notYet }
            return HTTPResponse(
                type: "text/html; charset=utf-8", .bytes(Array(report.utf8)), headers: [LivePage.policy])
        case "/camera.yaml":
            guard let file = session.files.current.value.camera else { return notYet }
            return HTTPResponse(type: "application/yaml", .bytes(Array(file.utf8)))
        default: return .text("404 Not Found", "There is no such page. The calibration is at /")
        }
    }

    private static var notYet: HTTPResponse { .text("404 Not Found", "Not yet: press Finish first.") }

    private static func command(_ path: String, _ session: LiveSession) -> HTTPResponse {
        guard let command = LiveSession.Command(rawValue: String(path.dropFirst())) else {
            return .text("404 Not Found", "There is no such command.")
        }
        session.give(command)
        return .text("200 OK", "done")
    }

    /// The state whenever it changes, at most twenty times a second, and a sign of life every second.
    private static func events(_ session: LiveSession) -> @Sendable () -> [UInt8]? {
        let seen = Mutex<UInt64?>(nil)
        return {
            let version = seen.withLock { $0 }
            if version != nil { hf_sleep_until_ns(hf_monotonic_ns() + 50_000_000) }
            let next = version.map { session.state.next(after: $0, milliseconds: 1000) } ?? session.state.current
            guard let next else { return Array(": alive\n\n".utf8) }
            seen.withLock { $0 = next.version }
            return Array("data: \(next.value.json)\n\n".utf8)
        }
    }
}

/// The camera's frames as JPEG, each encoded once for all who look.
final class FrameStream: Sendable {
    static let boundary = "hfloc-frame"
    /// Longest side that is sent, pixels.
    private static let longestSide = 1280
    /// Between two frames to a client, nanoseconds.
    private static let period: UInt64 = 50_000_000

    private let frames: Latest<LiveFrame?>
    private let encoded = Mutex<(version: UInt64, bytes: [UInt8])>((0, []))

    init(_ frames: Latest<LiveFrame?>) { self.frames = frames }

    func pieces() -> @Sendable () -> [UInt8]? {
        let seen = Mutex<UInt64>(0)
        return { [self] in
            let version = seen.withLock { $0 }
            if version > 0 { hf_sleep_until_ns(hf_monotonic_ns() + Self.period) }
            guard let next = frames.next(after: version, milliseconds: 1000) else { return [] }
            seen.withLock { $0 = next.version }
            guard let frame = next.value, let jpeg = jpeg(of: frame, next.version) else { return [] }
            let head =
                "--\(Self.boundary)\r\nContent-Type: image/jpeg\r\nContent-Length: \(jpeg.count)\r\n\r\n"
            return Array(head.utf8) + jpeg + [0x0D, 0x0A]
        }
    }

    private func jpeg(of frame: LiveFrame, _ version: UInt64) -> [UInt8]? {
        encoded.withLock { cache in
            if cache.version != version {
                guard let bytes = GreyJPEG.encode(frame.image.reduced(toSide: Self.longestSide)) else { return nil }
                cache = (version, bytes)
            }
            return cache.bytes
        }
    }
}
