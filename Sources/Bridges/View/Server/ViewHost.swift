internal import Dispatch
internal import Errors
internal import FlyingFox
internal import FlyingSocks
internal import Glibc

/// Binds the page's server, and runs it.
public struct ViewHost: Sendable {
    private let address: ListenAddress
    private let board: Board
    private let token: String?
    private let names: [String]
    private let control: ControlDesk?
    private let player: RecordedFeed?
    private let source: String

    /// Seconds within which an answer begins: a command waits for the daemon.
    private static let patience = 70.0

    /// - Parameters:
    ///   - address: where it listens.
    ///   - board: what is shown.
    ///   - token: nil for a random one.
    ///   - names: further names in the Host header.
    ///   - control: nil: pages cannot command.
    ///   - player: nil: a running daemon is shown.
    ///   - source: what the page says that it shows.
    public init(
        _ address: ListenAddress, board: Board, token: String?, names: [String], control: ControlDesk?,
        player: RecordedFeed?, source: String
    ) {
        (self.address, self.board, self.token, self.names) = (address, board, token, names)
        (self.control, self.player, self.source) = (control, player, source)
    }

    /// Serves until the program ends.
    ///
    /// - Parameter say: is told where the page is, and why the server ended.
    public func run(_ say: @escaping @Sendable (String) -> Void) -> Never {
        Task {
            do {
                try await serve(say)
            } catch {
                say("\(address.url(port: address.port)) cannot be served: \(error)")
            }
            exit(ExitStatus.unavailable.rawValue)
        }
        dispatchMain()
    }

    private func serve(_ say: @escaping @Sendable (String) -> Void) async throws {
        let gatekeeper = Gatekeeper(token: token, names: names, guardsAll: !address.isLoopback)
        let page = ViewServer(board: board, gatekeeper: gatekeeper, control: control, player: player, source: source)
        let server = try server(page)
        let needsToken = control != nil || !address.isLoopback
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                try await server.waitUntilListening()
                let port = await Self.port(of: server) ?? address.port
                say(address.url(port: port) + (needsToken ? "?token=\(gatekeeper.token)" : ""))
            }
            // The first error ends all; the second task ends by itself.
            try await group.waitForAll()
        }
    }

    private func server(_ page: ViewServer) throws -> HTTPServer {
        func make(_ address: some SocketAddress) -> HTTPServer {
            HTTPServer(address: address, timeout: Self.patience, logger: .disabled, handler: PageHandler(page: page))
        }
        return address.isVersion6
            ? make(try .inet6(ip6: address.address, port: address.port))
            : make(try .inet(ip4: address.address, port: address.port))
    }

    private static func port(of server: HTTPServer) async -> UInt16? {
        switch await server.listeningAddress {
        case .ip4(_, let port), .ip6(_, let port): port
        default: nil
        }
    }
}

private struct PageHandler: HTTPHandler {
    let page: ViewServer

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse { await page.answer(request) }
}
