import CZeroMQ
import Publishing
import Testing

/// A PUB socket that connects, as a vehicle's odometry does.
@safe final class TestSender {
    private let context: UnsafeMutableRawPointer
    private let socket: UnsafeMutableRawPointer

    init(_ address: String) throws {
        unsafe context = try #require(unsafe zmq_ctx_new())
        unsafe socket = try #require(unsafe zmq_socket(context, ZMQ_PUB))
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
