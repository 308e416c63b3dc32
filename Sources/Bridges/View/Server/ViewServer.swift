public import FlyingFox

internal import Foundation
internal import ReferenceMap

/// The page's server: what is at which address.
public struct ViewServer: Sendable {
    let board: Board
    let gatekeeper: Gatekeeper
    /// nil: pages cannot command.
    let control: ControlDesk?
    /// nil: a running daemon.
    let player: RecordedFeed?
    /// What the page says that it shows.
    let source: String

    public init(
        board: Board, gatekeeper: Gatekeeper, control: ControlDesk?, player: RecordedFeed?, source: String
    ) {
        (self.board, self.gatekeeper, self.control) = (board, gatekeeper, control)
        (self.player, self.source) = (player, source)
    }

    private static let json = "application/json"
    /// Largest body of a request, bytes.
    private static let largestBody = 8192

    /// Answers one request.
    public func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch (request.method, request.path) {
        case (.GET, "/healthz"): return guarded(request, .health) { health }
        case (.GET, "/"): return guarded(request, entersByToken(request) ? .health : .look) { page(request) }
        case (.GET, "/state.json"):
            return guarded(request, .look) { .text(.ok, StateText.json(board), type: Self.json) }
        case (.GET, "/metrics"):
            return guarded(request, .look) { .text(.ok, MetricsText.text(board), type: MetricsText.type) }
        case (.GET, "/events"): return guarded(request, .look) { events(request) }
        case (.GET, "/map.json"): return guarded(request, .look) { map }
        case (.GET, let path) where path.hasPrefix("/tiles/"): return guarded(request, .look) { tile(path) }
        case (.GET, let path) where PageFile.all[path] != nil:
            return guarded(request, .look) { PageFile.response(path) }
        case (.POST, "/relocalize"): return await command(request) { _ in .relocalize }
        case (.POST, "/load-map"): return await command(request) { .loadMap($0) }
        case (.POST, "/player"): return await play(request)
        default: return guarded(request, .look) { .refusal(.notFound, "There is nothing here.") }
        }
    }

    private func guarded(
        _ request: HTTPRequest, _ right: Gatekeeper.Right, _ body: () -> HTTPResponse
    ) -> HTTPResponse {
        gatekeeper.refusal(of: request, wanting: right) ?? body()
    }

    // MARK: What there is to see

    private var health: HTTPResponse {
        let silence = player == nil ? board.silence ?? .infinity : 0
        guard silence < News.silence else {
            return .text(.serviceUnavailable, "no message of hflocd\n")
        }
        return .text(.ok, "ok\n")
    }

    private func token(_ request: HTTPRequest) -> String? { request.query.first { $0.name == "token" }?.value }

    /// Somebody opens the address that was printed: whoever has the token in it needs no cookie yet.
    private func entersByToken(_ request: HTTPRequest) -> Bool { token(request).map(gatekeeper.isToken) ?? false }

    /// With the token in the address: the cookie, and the page without it, so that it is in no history.
    private func page(_ request: HTTPRequest) -> HTTPResponse {
        guard entersByToken(request) else { return PageFile.response("/view.html") }
        var response = HTTPResponse.text(.seeOther, "")
        response.headers[.location] = "/"
        response.headers[.setCookie] = gatekeeper.cookieText(for: request)
        return response
    }

    private func events(_ request: HTTPRequest) -> HTTPResponse {
        // Milliseconds until a page asks again, when this program has ended.
        let greeting =
            "retry: 500\n"
            + News.event(
                "hello",
                .object([
                    ("source", .text(source)), ("recorded", .bool(player != nil)),
                    ("damage", .text(player?.damage ?? "")),
                    ("commands", .bool(control != nil && gatekeeper.hasToken(request))),
                    ("control", .bool(control != nil)),
                ]))
        return HTTPResponse(
            statusCode: .ok, headers: HTTPResponse.headers("text/event-stream"),
            body: HTTPBodySequence(from: EventStream(board: board, greeting: greeting)))
    }

    private var map: HTTPResponse {
        guard let map = board.facts.map else { return .refusal(.notFound, "There is no map yet.") }
        return .text(.ok, map.overview.encoded, type: Self.json)
    }

    /// /tiles/MAP/LEVEL/COLUMN/ROW; the map's identity is there so that no page mixes two maps.
    private func tile(_ path: String) -> HTTPResponse {
        let parts = path.split(separator: "/").dropFirst().map(String.init)
        guard parts.count == 4, let map = board.facts.map, map.map.identity == parts[0],
            let (level, column, row) = Self.place(parts.dropFirst()),
            let bytes = map.tiles.content(level: level, column: column, row: row)
        else { return .refusal(.notFound, "There is no such tile.") }
        return .bytes(bytes, type: "application/octet-stream")
    }

    private static func place(_ parts: ArraySlice<String>) -> (Int, Int, Int)? {
        let numbers = parts.compactMap { Int($0) }
        return numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : nil
    }

    // MARK: What can be done

    private func command(
        _ request: HTTPRequest, _ make: (String) -> ControlDesk.Command
    ) async -> HTTPResponse {
        if let refusal = gatekeeper.refusal(of: request, wanting: .command) { return refusal }
        guard let control else {
            return .refusal(.notFound, "hfloc-view was started without --control.")
        }
        guard let body = await Self.body(of: request) else {
            return .refusal(.payloadTooLarge, "That is too long.")
        }
        if let problem = await control.ask(make(body)) { return .refusal(.conflict, problem) }
        return .text(.ok, "done\n")
    }

    private func play(_ request: HTTPRequest) async -> HTTPResponse {
        if let refusal = gatekeeper.refusal(of: request, wanting: .look) { return refusal }
        guard let player else { return .refusal(.notFound, "This is no recording.") }
        for item in request.query {
            switch (item.name, Double(item.value)) {
            case ("t", let seconds?) where seconds.isFinite: player.seek(to: seconds)
            case ("rate", let rate?) where (0.1...16).contains(rate): player.setRate(rate)
            case ("playing", let value?): player.setPlaying(value != 0)
            default: return .refusal(.badRequest, "t, rate (0.1 to 16) or playing (0, 1)")
            }
        }
        return .text(.ok, "done\n")
    }

    /// nil if it is too long, or no text.
    private static func body(of request: HTTPRequest) async -> String? {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > largestBody { return nil }
        guard let data = try? await request.bodyData, data.count <= largestBody else { return nil }
        return String(data: data, encoding: .utf8)
    }
}
