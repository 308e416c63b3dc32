internal import CLinux
internal import CZeroMQ

/// The control endpoint: a ZeroMQ ROUTER that hands out requests one by one, each with a ticket for its answer.
///
/// REQ and DEALER sockets may ask. A message that is no request is answered if it can be, and otherwise dropped; requests beyond the rate
/// are answered with an error. To be polled by one thread that has time: it allocates. Never on the frame path.
public final class ControlServer {
    let socket: ZeroMQSocket
    private var bucket: RateLimit

    /// Bytes of a request: a peer that sends more is disconnected.
    public static let largestRequest = 8192
    /// Requests per second, on average, and at once.
    public static let requestsPerSecond = 20.0
    public static let burst = 40.0

    public init(_ context: ZeroMQContext, endpoints: [Endpoint]) throws(PublishingError) {
        socket = try ZeroMQSocket(ZMQ_ROUTER, in: context, for: endpoints.first?.address ?? "")
        socket.harden(largestMessage: Int64(Self.largestRequest))
        // Waiting requests and answers of one peer.
        socket.set(ZMQ_RCVHWM, 64)
        socket.set(ZMQ_SNDHWM, 64)
        bucket = RateLimit(perSecond: Self.requestsPerSecond, burst: Self.burst)
        for endpoint in endpoints { try socket.bind(endpoint) }
    }

    /// Where an answer belongs.
    public struct Ticket: Sendable {
        /// ZeroMQ's name of the peer, and the empty frame that a REQ socket puts before its message.
        let route: [[UInt8]]
        /// The request's own number, which its answer repeats.
        public let requestID: UInt64
    }

    /// The next request that deserves an answer, or nil if none waits.
    ///
    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds.
    public func poll(at now: UInt64) -> (request: ControlRequest, ticket: Ticket)? {
        // A flood must not keep the caller here.
        for _ in 0..<64 {
            guard let frames = socket.receiveFrames(atMost: 3) else { return nil }
            guard let (route, payload) = Self.split(frames) else { continue }
            guard bucket.take(at: now) else {
                refuse(route, payload, "too many requests: \(Int(Self.requestsPerSecond)) per second are allowed")
                continue
            }
            guard let request = try? ControlRequest(decoding: payload.span) else {
                refuse(route, payload, "not a hfloc.v1.ControlRequest")
                continue
            }
            return (request, Ticket(route: route, requestID: request.requestID))
        }
        return nil
    }

    /// Sends the answer. A peer that has gone, or does not read, loses it.
    ///
    /// - Parameter error: why the request was not fulfilled; nil if it was.
    public func answer(_ ticket: Ticket, error: String? = nil, status: StatusMessage? = nil) {
        let reply = ControlReply(requestID: ticket.requestID, error: error, status: status)
        send(reply.encoded(), to: ticket.route)
    }

    private func refuse(_ route: [[UInt8]], _ payload: [UInt8], _ reason: String) {
        let number = (try? ControlRequest(decoding: payload.span))?.requestID ?? 0
        send(ControlReply(requestID: number, error: reason).encoded(), to: route)
    }

    private func send(_ reply: [UInt8], to route: [[UInt8]]) {
        for frame in route where !socket.send(frame, more: true) { return }
        _ = socket.send(reply)
    }

    /// [peer][payload] of a DEALER, or [peer][][payload] of a REQ.
    private static func split(_ frames: [[UInt8]]) -> (route: [[UInt8]], payload: [UInt8])? {
        switch frames.count {
        case 2: (Array(frames[..<1]), frames[1])
        case 3 where frames[1].isEmpty: (Array(frames[..<2]), frames[2])
        default: nil
        }
    }
}

/// A token bucket: how often something may happen.
struct RateLimit {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var last: UInt64?

    init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
        tokens = burst
    }

    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds.
    mutating func take(at now: UInt64) -> Bool {
        let elapsed = Double(now - min(now, last ?? now)) * 1e-9
        tokens = min(burst, tokens + elapsed * perSecond)
        last = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
