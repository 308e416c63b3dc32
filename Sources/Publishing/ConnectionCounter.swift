internal import CLinux
internal import CZeroMQ
internal import Synchronization

/// Counts the connections of a bound socket as its monitor tells of them, and closes its gate while there are as many
/// as it may have: `CLinux/connections.h`. To be updated by the thread that uses the socket; may be asked by others.
package final class ConnectionCounter: Sendable {
    /// Where the socket is bound.
    package let addresses: [String]
    /// Connections at this moment.
    package var count: Int { current.load(ordering: .relaxed) }

    private let most: Int
    private let current = Atomic(0)
    /// When it last had as many as it may: CLOCK_MONOTONIC, nanoseconds.
    private let lastFull = Atomic<UInt64>(0)
    private let refusals = Atomic<UInt64>(0)
    private let monitor: Monitor

    /// For so long after it was full, that is worth a word: nanoseconds.
    private static let memory: UInt64 = 10_000_000_000

    /// - Parameters:
    ///   - socket: not bound yet.
    ///   - context: in which it lives; has the bound.
    ///   - addresses: to which it will be bound.
    init(
        of socket: borrowing ZeroMQSocket, in context: ZeroMQContext, addresses: [String]
    ) throws(PublishingError) {
        self.addresses = addresses
        most = context.mostConnections
        monitor = try Monitor(of: socket, in: context, for: addresses.first ?? "")
    }

    /// Takes in what has happened. Allocates nothing.
    func update() {
        var count = current.load(ordering: .relaxed)
        var isNews = false
        while let (event, value) = monitor.next() {
            isNews = true
            switch event {
            case ZMQ_EVENT_LISTENING: monitor.addListener(value)
            case ZMQ_EVENT_ACCEPTED: count += 1
            case ZMQ_EVENT_DISCONNECTED: count = max(0, count - 1)
            default: refusals.add(1, ordering: .relaxed)
            }
        }
        guard isNews else { return }
        current.store(count, ordering: .relaxed)
        let isFull = count >= most
        if isFull { lastFull.store(hf_monotonic_ns(), ordering: .relaxed) }
        monitor.gateListeners(isFull)
    }

    /// One line for people, if it is full or was lately.
    ///
    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds.
    package func problem(at now: UInt64) -> String? {
        let lastFull = lastFull.load(ordering: .relaxed)
        guard count >= most || (lastFull > 0 && now < lastFull + Self.memory) else { return nil }
        let isFull = count >= most
        return """
            \(addresses.joined(separator: ", ")): \(count) connections, where \(most) are allowed; others were turned \
            away (\(refusals.load(ordering: .relaxed)) so far)\(isFull ? ", and will be until some end" : ""); \
            'ss --all --processes' shows whose they are
            """
    }
}

/// The events of a socket, as ZeroMQ sends them.
///
/// Sendable unchecked: used by the one thread that updates the counter.
private final class Monitor: @unchecked Sendable {
    private let socket: ZeroMQSocket
    private var listeners: [Int32] = []
    private var isGated = false

    private static let number = Atomic(0)
    private static let events =
        ZMQ_EVENT_LISTENING | ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_ACCEPT_FAILED

    init(of monitored: borrowing ZeroMQSocket, in context: ZeroMQContext, for address: String) throws(PublishingError) {
        let name = "inproc://connections-\(Self.number.add(1, ordering: .relaxed).newValue)"
        guard unsafe zmq_socket_monitor(monitored.handle, name, Self.events) == 0 else {
            throw .failed(address, "cannot watch its connections: \(ZeroMQSocket.lastError())")
        }
        socket = try ZeroMQSocket(ZMQ_PAIR, in: context, for: address)
        // Without a bound: ZeroMQ's own thread would wait for room.
        socket.set(ZMQ_RCVHWM, 0)
        guard unsafe zmq_connect(socket.handle, name) == 0 else {
            throw .failed(address, "cannot watch its connections: \(ZeroMQSocket.lastError())")
        }
        listeners.reserveCapacity(16)
    }

    /// The next event, with its descriptor or error; nil if none waits.
    func next() -> (event: Int32, value: Int32)? {
        // 16 bits and 32 bits, then the address.
        var head: UInt64 = 0
        guard unsafe zmq_recv(socket.handle, &head, 6, ZMQ_DONTWAIT) == 6 else { return nil }
        var address: UInt8 = 0
        unsafe zmq_recv(socket.handle, &address, 1, ZMQ_DONTWAIT)
        head = UInt64(littleEndian: head)
        return (Int32(head & 0xFFFF), Int32(truncatingIfNeeded: head >> 16))
    }

    func addListener(_ descriptor: Int32) {
        listeners.append(descriptor)
    }

    func gateListeners(_ isClosed: Bool) {
        guard isClosed != isGated else { return }
        isGated = isClosed
        for index in listeners.indices { hf_gate_listener(listeners[index], isClosed ? 1 : 0) }
    }
}
