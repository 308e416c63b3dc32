internal import CZeroMQ
internal import Glibc

/// Receives messages from one endpoint; for `hfloc listen` and for tests.
public struct Subscriber: ~Copyable {
    private let socket: ZeroMQSocket
    private let address: String

    /// - Parameter newestOnly: keep only the newest message (ZMQ_CONFLATE); otherwise up to 1000 wait, and the newest are lost first.
    public init(_ address: String, newestOnly: Bool) throws(PublishingError) {
        let socket = try ZeroMQSocket(ZMQ_SUB, in: try ZeroMQContext(), for: address)
        if newestOnly { socket.set(ZMQ_CONFLATE, 1) }
        unsafe zmq_setsockopt(socket.handle, ZMQ_SUBSCRIBE, "", 0)
        guard unsafe zmq_connect(socket.handle, address) == 0 else {
            throw .invalidEndpoint(address, "cannot connect: \(ZeroMQSocket.lastError())")
        }
        self.socket = socket
        self.address = address
    }

    /// The next message, or nil if none comes in time (milliseconds; -1 waits for ever).
    public func receive(timeout: Int32) throws(PublishingError) -> [UInt8]? {
        socket.set(ZMQ_RCVTIMEO, timeout)
        var message = zmq_msg_t()
        unsafe zmq_msg_init(&message)
        defer { unsafe zmq_msg_close(&message) }
        guard unsafe zmq_msg_recv(&message, socket.handle, 0) >= 0 else {
            if zmq_errno() == EAGAIN || zmq_errno() == EINTR { return nil }
            throw .failed(address, "cannot receive: \(ZeroMQSocket.lastError())")
        }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message)))
    }
}
