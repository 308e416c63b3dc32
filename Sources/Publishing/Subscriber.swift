internal import CZeroMQ
internal import Glibc

/// Receives messages from one endpoint; for `hfloc listen` and for tests.
public final class Subscriber {
    private let socket: ZeroMQSocket
    private let address: String

    /// - Parameters:
    ///   - address: of a publisher, as ZeroMQ writes it.
    ///   - topic: only messages whose first frame begins with this.
    ///   - newestOnly: keep only the newest message (ZMQ_CONFLATE), for endpoints whose messages have one frame;
    ///     otherwise up to 1000 wait, and the newest are lost first.
    ///   - identity: keys, for an encrypted endpoint.
    public init(
        _ address: String, topic: String = "", newestOnly: Bool, identity: CurveIdentity? = nil
    ) throws(PublishingError) {
        let socket = try ZeroMQSocket(ZMQ_SUB, in: try ZeroMQContext(), for: address)
        if newestOnly { socket.set(ZMQ_CONFLATE, 1) }
        socket.set(ZMQ_IPV6, 1)
        socket.set(ZMQ_SUBSCRIBE, bytes: Array(topic.utf8))
        // A daemon that went without a word (power, cable) is noticed, and connected to again when it is back.
        socket.set(ZMQ_HEARTBEAT_IVL, 2000)
        socket.set(ZMQ_HEARTBEAT_TIMEOUT, 6000)
        socket.set(ZMQ_RECONNECT_IVL, 50)
        socket.set(ZMQ_RECONNECT_IVL_MAX, 1000)
        identity?.apply(to: socket)
        guard unsafe zmq_connect(socket.handle, address) == 0 else {
            throw .invalidEndpoint(address, "cannot connect: \(ZeroMQSocket.lastError())")
        }
        self.socket = socket
        self.address = address
    }

    /// Asks for the messages as well whose first frame begins with this. To be taken back as often as it was asked.
    public func subscribe(to topic: String) { socket.set(ZMQ_SUBSCRIBE, bytes: Array(topic.utf8)) }

    /// Takes back what ``subscribe(to:)`` asked.
    public func unsubscribe(from topic: String) { socket.set(ZMQ_UNSUBSCRIBE, bytes: Array(topic.utf8)) }

    /// The next message of one frame, or nil if none comes in time (milliseconds; -1 waits for ever).
    public func receive(timeout: Int32) throws(PublishingError) -> [UInt8]? {
        try receiveFrames(timeout: timeout)?.first
    }

    /// The next message, frame by frame, or nil if none comes in time (milliseconds; -1 waits for ever).
    public func receiveFrames(timeout: Int32) throws(PublishingError) -> [[UInt8]]? {
        guard try socket.waitReadable(timeout: timeout, address) else { return nil }
        return socket.receiveFrames(atMost: 8)
    }

    /// Waits until a message is there, or something to read from another file descriptor, at most so long
    /// (milliseconds). A signal ends the wait.
    public func wait(atMost timeout: Int32, or descriptor: Int32) {
        Self.wait(for: [self], atMost: timeout, or: descriptor)
    }

    /// Waits until one of several has a message, or something is to be read from another file descriptor.
    public static func wait(for subscribers: [Subscriber], atMost timeout: Int32, or descriptor: Int32) {
        let events = Int16(ZMQ_POLLIN)
        var items = unsafe subscribers.map {
            unsafe zmq_pollitem_t(socket: $0.socket.handle, fd: 0, events: events, revents: 0)
        }
        unsafe items.append(zmq_pollitem_t(socket: nil, fd: descriptor, events: events, revents: 0))
        unsafe _ = zmq_poll(&items, Int32(items.count), Int(timeout))
    }
}

/// Keys with which a client connects to an encrypted endpoint.
public struct CurveIdentity: Sendable {
    /// The daemon's public key.
    public var server: CurveKey
    /// The client's own secret key.
    public var secret: CurveKey

    public init(server: CurveKey, secret: CurveKey) {
        self.server = server
        self.secret = secret
    }

    func apply(to socket: borrowing ZeroMQSocket) {
        guard let own = secret.publicKey else { return }
        socket.set(ZMQ_CURVE_SERVERKEY, bytes: server.bytes)
        socket.set(ZMQ_CURVE_PUBLICKEY, bytes: own.bytes)
        socket.set(ZMQ_CURVE_SECRETKEY, bytes: secret.bytes)
    }
}
