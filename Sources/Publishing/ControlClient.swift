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
