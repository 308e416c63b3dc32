internal import CZeroMQ
internal import Glibc

/// The hot endpoint: one ZeroMQ PUB socket, bound to one or several addresses. One frame is one message, so that a subscriber's
/// ZMQ_CONFLATE works (it silently drops messages of several frames).
///
/// To be used by one thread at a time.
public final class Publisher {
    private let socket: ZeroMQSocket
    /// Messages that ZeroMQ did not take, for lack of memory.
    public private(set) var failures: UInt64 = 0

    /// Messages waiting for one slow subscriber, at most. When it is full, ZeroMQ drops the newest for that subscriber.
    private static let highWaterMark: Int32 = 4

    /// What is still to be sent when the publisher goes, such as the last message, has this long: milliseconds.
    private static let linger: Int32 = 100

    public init(endpoints: [Endpoint]) throws(PublishingError) {
        let socket = try ZeroMQSocket(ZMQ_PUB, in: try ZeroMQContext(), for: endpoints.first?.address ?? "")
        socket.set(ZMQ_SNDHWM, Self.highWaterMark)
        socket.set(ZMQ_LINGER, Self.linger)
        for endpoint in endpoints {
            try endpoint.checkFree()
            if unsafe zmq_bind(socket.handle, endpoint.address) != 0 {
                throw zmq_errno() == EADDRINUSE
                    ? .inUse(endpoint.address) : .failed(endpoint.address, "cannot bind: \(ZeroMQSocket.lastError())")
            }
        }
        self.socket = socket
    }

    /// Hands one message to ZeroMQ, and never blocks. We allocate nothing; ZeroMQ itself allocates once, the size of the message.
    public func publish(_ message: [UInt8]) {
        let sent = unsafe message.withUnsafeBytes {
            unsafe zmq_send(socket.handle, $0.baseAddress, $0.count, ZMQ_DONTWAIT)
        }
        if sent < 0 { failures += 1 }
    }
}
