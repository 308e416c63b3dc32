import CZeroMQ
import Publishing
import Testing

/// A client inside the process. Within one context, and from one thread, what is sent is there: nobody need wait.
@safe final class TestSocket {
    private let context: ZeroMQContext
    private let socket: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - type: ZMQ_SUB, ZMQ_DEALER or ZMQ_PUB.
    ///   - context: of the one that it talks to.
    ///   - address: of that one.
    ///   - topic: what a ZMQ_SUB asks for.
    init(_ type: Int32, in context: ZeroMQContext, connectedTo address: String, topic: String = "") throws {
        self.context = context
        unsafe socket = try #require(unsafe zmq_socket(context.handle, type))
        var linger: Int32 = 0
        unsafe zmq_setsockopt(socket, ZMQ_LINGER, &linger, MemoryLayout<Int32>.size)
        if type == ZMQ_SUB { unsafe zmq_setsockopt(socket, ZMQ_SUBSCRIBE, topic, topic.utf8.count) }
        let connected = unsafe zmq_connect(socket, address)
        try #require(connected == 0)
    }

    deinit { unsafe zmq_close(socket) }

    func send(_ bytes: [UInt8]) {
        // Takes in who has connected meanwhile: a PUB drops what nobody has asked for.
        var (events, size) = (Int32(0), MemoryLayout<Int32>.size)
        unsafe zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size)
        let sent = unsafe bytes.withUnsafeBytes { unsafe zmq_send(socket, $0.baseAddress, $0.count, ZMQ_DONTWAIT) }
        #expect(sent == bytes.count)
    }

    /// The next message, frame by frame; nil if there is none.
    func receive() -> [[UInt8]]? {
        var frames: [[UInt8]] = []
        var more = true
        while more {
            var message = zmq_msg_t()
            unsafe zmq_msg_init(&message)
            defer { unsafe zmq_msg_close(&message) }
            guard unsafe zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) >= 0 else { return nil }
            more = unsafe zmq_msg_more(&message) != 0
            frames.append(
                unsafe [UInt8](UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))))
        }
        return frames
    }

    /// All that waits.
    func drain() -> [[[UInt8]]] {
        var messages: [[[UInt8]]] = []
        while let frames = receive() { messages.append(frames) }
        return messages
    }
}
