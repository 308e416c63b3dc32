import CZeroMQ
import Publishing
import Testing

/// A socket that connects and sends: a PUB, as a vehicle's odometry, or an XSUB, whose messages are subscriptions.
@safe final class TestSender {
    enum Kind { case publisher, subscriber }

    private let context: UnsafeMutableRawPointer
    private let socket: UnsafeMutableRawPointer

    init(_ address: String, type: Kind = .publisher) throws {
        unsafe context = try #require(unsafe zmq_ctx_new())
        unsafe socket = try #require(unsafe zmq_socket(context, type == .publisher ? ZMQ_PUB : ZMQ_XSUB))
        var linger: Int32 = 0
        unsafe zmq_setsockopt(socket, ZMQ_LINGER, &linger, MemoryLayout<Int32>.size)
        let connected = unsafe zmq_connect(socket, address)
        #expect(connected == 0)
    }

    deinit {
        unsafe zmq_close(socket)
        unsafe zmq_ctx_term(context)
    }

    func send(_ bytes: [UInt8]) {
        let sent = unsafe bytes.withUnsafeBytes { unsafe zmq_send(socket, $0.baseAddress, $0.count, ZMQ_DONTWAIT) }
        #expect(sent == bytes.count)
    }
}
