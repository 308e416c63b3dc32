internal import CZeroMQ

/// Sends messages to an endpoint that hflocd binds to hear something: odometry.
public final class Feed {
    private let socket: ZeroMQSocket

    /// - Parameters:
    ///   - address: of the endpoint, as ZeroMQ writes it. It may be bound later.
    ///   - identity: keys, for an encrypted endpoint.
    public init(_ address: String, identity: CurveIdentity? = nil) throws(PublishingError) {
        let socket = try ZeroMQSocket(ZMQ_PUB, in: try ZeroMQContext(), for: address)
        socket.set(ZMQ_IPV6, 1)
        socket.set(ZMQ_RECONNECT_IVL, 50)
        socket.set(ZMQ_RECONNECT_IVL_MAX, 1000)
        identity?.apply(to: socket)
        guard unsafe zmq_connect(socket.handle, address) == 0 else {
            throw .invalidEndpoint(address, "cannot connect: \(ZeroMQSocket.lastError())")
        }
        self.socket = socket
    }

    /// Sends a serialized message of one frame. Never waits; without an hflocd it is lost.
    public func send(_ message: [UInt8]) { _ = socket.send(message) }
}
