internal import CLinux
internal import CZeroMQ

/// The control endpoint: a ZeroMQ ROUTER that hands out requests one by one, each with a ticket for its answer.
///
/// REQ and DEALER sockets may ask. A message that is no request is answered if it can be, and otherwise dropped;
/// requests beyond the rate are answered with an error. To be polled by one thread that has time: it allocates. Never
/// on the frame path.
public final class ControlServer {
    let sockets: [EndpointSocket]
    private var rates = PeerRates(perSecond: requestsPerSecond, burst: burst)
    private var total = RateLimit(perSecond: 10 * requestsPerSecond, burst: 10 * burst)

    /// Bytes of a request: a peer that sends more is disconnected.
    public static let largestRequest = 8192
    /// Requests of one client per second, on average, and at once; of all together ten times as many.
    public static let requestsPerSecond = 20.0
    public static let burst = 40.0

    /// - Parameters:
    ///   - context: in which the sockets live.
    ///   - endpoints: where it listens; bound at once.
    ///   - curve: the secret key for the endpoints that are encrypted.
    public init(
        _ context: ZeroMQContext, endpoints: [Endpoint], curve: CurveKey? = nil
    ) throws(PublishingError) {
        sockets = try EndpointSocket.open(ZMQ_ROUTER, in: context, endpoints, curve: curve) { socket in
            socket.harden(largestMessage: Int64(Self.largestRequest))
            // Waiting requests and answers of one peer.
            socket.set(ZMQ_RCVHWM, 64)
            socket.set(ZMQ_SNDHWM, 64)
        }
    }

    /// Where an answer belongs.
    public struct Ticket: Sendable {
        /// Which of the sockets the request came by.
        let door: Int
        /// ZeroMQ's name of the peer, and the empty frame that a REQ socket puts before its message.
        let route: [[UInt8]]
        /// The request's own number, which its answer repeats.
        public let requestID: UInt64
    }

    /// The next request that deserves an answer, or nil if none waits.
    ///
    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds.
    public func poll(at now: UInt64) -> (request: Wire.ControlRequest, ticket: Ticket)? {
        for door in sockets.indices {
            sockets[door].connections.update()
            if let found = poll(door, at: now) { return found }
        }
        return nil
    }

    private func poll(_ door: Int, at now: UInt64) -> (request: Wire.ControlRequest, ticket: Ticket)? {
        // A flood must not keep the caller here.
        for _ in 0..<64 {
            guard let frames = sockets[door].socket.receiveFrames(atMost: 3) else { return nil }
            guard let (route, payload) = Self.split(frames) else { continue }
            let request = try? Wire.ControlRequest(decoding: payload.span)
            let ticket = Ticket(door: door, route: route, requestID: request?.requestID ?? 0)
            guard rates.take(route[0], at: now), total.take(at: now) else {
                answer(ticket, error: "too many requests: \(Int(Self.requestsPerSecond)) per second are allowed")
                continue
            }
            if let request { return (request, ticket) }
            answer(ticket, error: "not a hfloc.v1.ControlRequest")
        }
        return nil
    }

    /// Sends the answer. A peer that has gone, or does not read, loses it.
    ///
    /// - Parameters:
    ///   - ticket: of the request.
    ///   - error: why the request was not fulfilled; nil if it was.
    ///   - status: the daemon's after the request.
    public func answer(_ ticket: Ticket, error: String? = nil, status: Wire.Status? = nil) {
        let socket = sockets[ticket.door]
        for frame in ticket.route where !socket.socket.send(frame, more: true) { return }
        let reply = Wire.ControlReply(
            requestID: ticket.requestID, ok: error == nil, error: error ?? "", status: status)
        _ = socket.socket.send(reply.encoded())
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

/// A rate for each peer, by ZeroMQ's name of it. Those of peers that have gone are forgotten in time.
private struct PeerRates {
    private let fresh: RateLimit
    private var peers: [[UInt8]: RateLimit] = [:]

    /// A peer more makes all be forgotten: then the rate of all together still holds.
    private static let most = 256

    init(perSecond: Double, burst: Double) {
        fresh = RateLimit(perSecond: perSecond, burst: burst)
    }

    mutating func take(_ peer: [UInt8], at now: UInt64) -> Bool {
        if peers.count >= Self.most, peers[peer] == nil { peers.removeAll(keepingCapacity: true) }
        return peers[peer, default: fresh].take(at: now)
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
