internal import CLinux
internal import Glibc
internal import Synchronization

/// A web server for one page and the few people who look at it: a thread for each of a few connections, a time limit
/// for everything.
public final class HTTPServer: Sendable {
    /// Connections at a time; more are turned away.
    public static let mostConnections = 16
    /// What a client may take to send its request, and to take in a piece of the answer; seconds.
    private static let patience = 5

    private let listener: Int32
    private let open = Atomic(0)
    private let isStopping = Atomic(false)
    private let gate: HTTPGuard
    private let answer: @Sendable (HTTPRequest) -> HTTPResponse

    /// Where it listens, `ADDRESS:PORT`.
    public let address: String

    /// Starts to listen; ``run()`` serves.
    public init(
        _ endpoint: HTTPEndpoint, answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(HTTPError) {
        (listener, address) = try endpoint.listen()
        var name = [CChar](repeating: 0, count: 256)
        unsafe gethostname(&name, name.count - 1)
        gate = HTTPGuard(
            hostName: String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        self.answer = answer
    }

    deinit { close(listener) }

    /// Serves until ``stop()``, on a thread of its own.
    public func start() {
        Worker.start("http") { self.run() }
    }

    /// Takes no more connections, after a fifth of a second at most; those that are open go on to their end.
    public func stop() { isStopping.store(true, ordering: .relaxed) }

    private func run() {
        while !isStopping.load(ordering: .relaxed) {
            guard hf_wait_readable(listener, 200) == 1 else { continue }
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { continue }
            let count = open.add(1, ordering: .relaxed).newValue
            let isServed =
                count <= Self.mostConnections
                && Worker.start("http-client") {
                    self.serve(connection)
                    close(connection)
                    self.open.subtract(1, ordering: .relaxed)
                }
            if !isServed {
                HTTPConnection(connection).send(
                    .text("503 Service Unavailable", "Too many pages are open; close some."))
                close(connection)
                open.subtract(1, ordering: .relaxed)
            }
        }
    }

    private func serve(_ descriptor: Int32) {
        let connection = HTTPConnection(descriptor)
        connection.setPatience(seconds: Self.patience)
        switch connection.receive(deadline: hf_monotonic_ns() + UInt64(Self.patience) * 1_000_000_000) {
        case .success(let request): connection.send(gate.refusal(of: request) ?? answer(request), to: request)
        case .failure(let problem): if let response = problem.response { connection.send(response) }
        }
    }
}
