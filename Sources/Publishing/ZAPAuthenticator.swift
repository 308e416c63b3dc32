internal import CZeroMQ

/// Lets the clients of an allow-list in, and nobody else: the ZAP handler of a context, which ZeroMQ asks for each
/// encrypted connection.
///
/// Source: ZeroMQ RFC 27 (ZAP). To be polled by one thread; handshakes wait until it is.
public final class ZAPAuthenticator {
    let socket: ZeroMQSocket
    private let allowed: AllowList
    public private(set) var refusals: UInt64 = 0

    static let domain = Array("hfloc".utf8)

    public init(_ context: ZeroMQContext, allowed: AllowList) throws(PublishingError) {
        let address = "inproc://zeromq.zap.01"
        socket = try ZeroMQSocket(ZMQ_REP, in: context, for: address)
        self.allowed = allowed
        guard unsafe zmq_bind(socket.handle, address) == 0 else {
            throw .failed(address, "cannot bind: \(ZeroMQSocket.lastError())")
        }
    }

    /// Answers the handshakes that wait; a bounded number of them.
    public func poll() {
        for _ in 0..<64 {
            guard let frames = socket.receiveFrames(atMost: 7) else { return }
            answer(frames)
        }
    }

    private func answer(_ frames: [[UInt8]]) {
        let (reply, isAllowed) = Self.reply(to: frames, allowed: allowed)
        if !isAllowed { refusals += 1 }
        for frame in reply.dropLast() {
            guard socket.send(frame, more: true) else { return }
        }
        _ = socket.send(reply.last ?? [])
    }

    /// Of [version][request][domain][address][peer][mechanism][key], the answer
    /// [version][request][code][text][name][metadata].
    package static func reply(
        to frames: [[UInt8]], allowed: AllowList
    ) -> (frames: [[UInt8]], isAllowed: Bool) {
        let isWellFormed =
            frames.count == 7 && frames[0] == Array("1.0".utf8) && frames[2] == domain
            && frames[5] == Array("CURVE".utf8)
        let name = isWellFormed ? CurveKey(bytes: frames[6]).flatMap { allowed.clients[$0] } : nil
        let request = frames.count > 1 ? frames[1] : []
        let (code, text) = name == nil ? ("400", "this key is not allowed") : ("200", "OK")
        let reply = [Array("1.0".utf8), request, Array(code.utf8), Array(text.utf8), Array((name ?? "").utf8), []]
        return (reply, name != nil)
    }
}
