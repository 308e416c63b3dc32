internal import CZeroMQ
internal import Glibc

/// ZeroMQ's threads (one for input and output, one that reaps sockets), shared by all sockets of a program; they end
/// when the last socket and this have gone.
///
/// Sendable unchecked: libzmq's contexts are thread safe, and the handle never changes.
@safe public final class ZeroMQContext: @unchecked Sendable {
    /// For clients inside the process, as tests have them.
    package let handle: UnsafeMutableRawPointer
    /// That each of its endpoints may have at once.
    package let mostConnections: Int

    /// - Parameters:
    ///   - endpoints: that will be bound. The limit of descriptors is raised, and divided among them.
    ///   - mostConnections: of each endpoint, where the descriptors allow that.
    ///   - priority: SCHED_FIFO of the thread that takes messages in and sends them, if that is allowed; else, and for
    ///     0, the ordinary scheduler has it.
    package init(endpoints: Int, mostConnections: Int = 256, priority: Int = 0) throws(PublishingError) {
        let room = try DescriptorRoom(endpoints: endpoints, mostConnections: mostConnections)
        guard let handle = unsafe zmq_ctx_new() else {
            throw .failed("", "cannot start ZeroMQ: \(ZeroMQSocket.lastError())")
        }
        unsafe self.handle = handle
        self.mostConnections = room.connections
        // A thread of ZeroMQ's that may not have it ends the program: so this one tries.
        if priority > 0, Self.mayHave(priority) {
            unsafe zmq_ctx_set(handle, ZMQ_THREAD_SCHED_POLICY, SCHED_FIFO)
            unsafe zmq_ctx_set(handle, ZMQ_THREAD_PRIORITY, Int32(clamping: priority))
        }
    }

    /// Whether a thread of this program may have a SCHED_FIFO priority. This one has it for an instant.
    private static func mayHave(_ priority: Int) -> Bool {
        var before = sched_param()
        var policy: Int32 = 0
        guard unsafe pthread_getschedparam(pthread_self(), &policy, &before) == 0 else { return false }
        var wanted = sched_param()
        wanted.sched_priority = Int32(clamping: priority)
        guard unsafe pthread_setschedparam(pthread_self(), SCHED_FIFO, &wanted) == 0 else { return false }
        return unsafe pthread_setschedparam(pthread_self(), policy, &before) == 0
    }

    /// For sockets that connect, and for few that are bound.
    public convenience init() throws(PublishingError) {
        try self.init(endpoints: 0)
    }

    deinit {
        unsafe zmq_ctx_term(handle)
    }
}

/// One ZeroMQ socket; closes when it goes. To be used by one thread at a time.
@safe struct ZeroMQSocket: ~Copyable {
    private let context: ZeroMQContext
    let handle: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - type: as ZeroMQ numbers it.
    ///   - context: in which it lives.
    ///   - address: for the error's text only.
    init(_ type: Int32, in context: ZeroMQContext, for address: String) throws(PublishingError) {
        guard let handle = unsafe zmq_socket(context.handle, type) else {
            throw .failed(address, "cannot open a ZeroMQ socket: \(Self.lastError())")
        }
        self.context = context
        unsafe self.handle = handle
        set(ZMQ_LINGER, 0)
    }

    deinit {
        unsafe zmq_close(handle)
    }

    /// Sets an integer option. They are constants of ours: a refusal is our bug.
    func set(_ option: Int32, _ value: Int32) {
        var value = value
        let result = unsafe zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size)
        precondition(result == 0, "ZeroMQ refused an option")
    }

    /// Sets an option that is a number of 64 bits.
    func set(_ option: Int32, long value: Int64) {
        var value = value
        let result = unsafe zmq_setsockopt(handle, option, &value, MemoryLayout<Int64>.size)
        precondition(result == 0, "ZeroMQ refused an option")
    }

    /// Sets an option that is bytes.
    func set(_ option: Int32, bytes: [UInt8]) {
        let result = unsafe bytes.withUnsafeBytes { unsafe zmq_setsockopt(handle, option, $0.baseAddress, $0.count) }
        precondition(result == 0, "ZeroMQ refused an option")
    }

    /// What a socket that others connect to needs: bounded messages, and a peer that went without a word noticed within
    /// seconds.
    ///
    /// - Parameter largestMessage: what a peer may send, bytes. One that sends more is disconnected.
    func harden(largestMessage: Int64) {
        set(ZMQ_MAXMSGSIZE, long: largestMessage)
        // What was sent last, such as the answer to `shutdown`, has this long to leave: milliseconds.
        set(ZMQ_LINGER, 100)
        set(ZMQ_HEARTBEAT_IVL, 2000)
        set(ZMQ_HEARTBEAT_TIMEOUT, 6000)
        set(ZMQ_HEARTBEAT_TTL, 10_000)
        set(ZMQ_HANDSHAKE_IVL, 5000)
        set(ZMQ_IPV6, 1)
    }

    /// Binds; a socket file gets mode 0660, whatever the umask: its group may connect, others may not.
    func bind(_ endpoint: Endpoint) throws(PublishingError) {
        try endpoint.checkFree()
        let mask = umask(0o117)
        let result = unsafe zmq_bind(handle, endpoint.address)
        let code = zmq_errno()
        umask(mask)
        guard result == 0 else {
            throw code == EADDRINUSE
                ? .inUse(endpoint.address)
                : .failed(endpoint.address, "cannot bind: \(unsafe String(cString: zmq_strerror(code)))")
        }
    }

    /// Sends one frame without waiting; false if ZeroMQ did not take it.
    func send(_ bytes: [UInt8], more: Bool = false) -> Bool {
        unsafe bytes.withUnsafeBytes {
            unsafe zmq_send(handle, $0.baseAddress, $0.count, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) >= 0
        }
    }

    /// The next whole message if there is one, frame by frame. What exceeds `frames` frames is received, and dropped.
    func receiveFrames(atMost frames: Int) -> [[UInt8]]? {
        var result: [[UInt8]] = []
        var more = true
        while more {
            var message = zmq_msg_t()
            unsafe zmq_msg_init(&message)
            defer { unsafe zmq_msg_close(&message) }
            guard unsafe zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) >= 0 else { return nil }
            more = unsafe zmq_msg_more(&message) != 0
            guard result.count <= frames else { continue }
            result.append(
                unsafe [UInt8](UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))))
        }
        return result
    }

    /// Of an XPUB: did somebody subscribe (true) or leave (false)? nil if there is no news. Allocates nothing.
    func receiveSubscription() -> Bool? { receiveSubscription(to: "").map(\.isNew) }

    /// The same, and whether what it is to begins with this topic.
    func receiveSubscription(to topic: StaticString) -> (isNew: Bool, names: Bool)? {
        var message = InlineArray<32, UInt8>(repeating: 0)
        while true {
            var span = message.mutableSpan
            let count = Int(
                unsafe span.withUnsafeMutableBufferPointer {
                    unsafe zmq_recv(handle, $0.baseAddress, $0.count, ZMQ_DONTWAIT)
                })
            guard count >= 0 else { return nil }
            guard count > 0, message[0] < 2 else { continue }
            let length = topic.utf8CodeUnitCount
            precondition(length < message.count, "a topic of our own is too long")
            var names = count > length
            for index in 0..<length where names {
                names = unsafe message[1 + index] == topic.utf8Start[index]
            }
            return (message[0] == 1, names)
        }
    }

    /// Waits for a message; false if none comes in time (milliseconds; -1 waits for ever) or a signal came.
    func waitReadable(timeout: Int32, _ address: String) throws(PublishingError) -> Bool {
        var item = unsafe zmq_pollitem_t(socket: handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        let ready = unsafe zmq_poll(&item, 1, Int(timeout))
        if ready < 0, zmq_errno() != EINTR { throw .failed(address, "cannot receive: \(Self.lastError())") }
        return ready > 0
    }

    static func lastError() -> String {
        unsafe String(cString: zmq_strerror(zmq_errno()))
    }
}
