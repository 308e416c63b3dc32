internal import CZeroMQ
internal import Glibc

/// Asks a daemon's control endpoint; for `hfloc status` and its like, and for tests.
public final class ControlClient {
    private let socket: ZeroMQSocket
    private let address: String

    public init(_ address: String, identity: CurveIdentity? = nil) throws(PublishingError) {
        let socket = try ZeroMQSocket(ZMQ_DEALER, in: try ZeroMQContext(), for: address)
        socket.set(ZMQ_IPV6, 1)
        // Only a daemon that is there gets the request: one that starts an hour later must not shut down for it.
        socket.set(ZMQ_IMMEDIATE, 1)
        socket.set(ZMQ_RECONNECT_IVL, 50)
        identity?.apply(to: socket)
        guard unsafe zmq_connect(socket.handle, address) == 0 else {
            throw .invalidEndpoint(address, "cannot connect: \(ZeroMQSocket.lastError())")
        }
        self.socket = socket
        self.address = address
    }

    /// Sends a serialized request; false if no daemon took it in time.
    public func send(_ request: [UInt8], timeout: Int32) -> Bool {
        socket.set(ZMQ_SNDTIMEO, timeout)
        return unsafe request.withUnsafeBytes { unsafe zmq_send(socket.handle, $0.baseAddress, $0.count, 0) >= 0 }
    }

    /// The next serialized reply, or nil if none comes in time.
    public func receive(timeout: Int32) throws(PublishingError) -> [UInt8]? {
        guard try socket.waitReadable(timeout: timeout, address) else { return nil }
        return socket.receiveFrames(atMost: 2)?.last
    }
}

/// The answer to a request: `hfloc.v1.ControlReply`.
public struct ControlReply: Sendable {
    public var requestID: UInt64
    /// Why the request was not fulfilled, and what cures it; nil if it was.
    public var error: String?
    public var status: StatusMessage?

    public init(requestID: UInt64, error: String? = nil, status: StatusMessage? = nil) {
        self.requestID = requestID
        self.error = error
        self.status = status
    }

    /// The serialized reply.
    public func encoded() -> [UInt8] {
        var wire = WireEncoder(capacity: 2048)
        wire.varint(1, requestID)
        wire.bool(2, error == nil)
        wire.string(3, error ?? "")
        if let status { wire.message(4) { status.encode(into: &$0) } }
        return wire.bytes
    }
}
