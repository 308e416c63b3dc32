internal import CZeroMQ
internal import Synchronization

/// Where the frame loop's messages go. For classes only: nothing is boxed on a frame's way.
package protocol PosePublisher: AnyObject {
    /// Sends one message, and never waits.
    func publish(_ message: [UInt8])
    /// Call while there is nothing new.
    func greetLateJoiners()
    /// Messages that could not be sent.
    var failures: UInt64 { get }
}

extension Publisher: PosePublisher {}

/// The hot endpoint: ZeroMQ XPUB, bound to one or several addresses. One frame is one message, so that a subscriber's
/// ZMQ_CONFLATE works (it silently drops messages of several frames).
///
/// To be used by one thread at a time; only the counts may be read by others. Once warm we allocate nothing, and never
/// block.
public final class Publisher {
    private let sockets: [EndpointSocket]
    /// The last message, marked as retained, for those who come late; empty before the first.
    private var retained: [UInt8] = []
    /// Messages that ZeroMQ did not take, for lack of memory.
    public var failures: UInt64 { failureCount.load(ordering: .relaxed) }
    private let failureCount = Atomic<UInt64>(0)
    /// Subscriptions of all subscribers, the relays' own not counted. Who subscribed twice counts twice.
    public var subscriptions: Int { max(0, heard.load(ordering: .relaxed) - relays) }
    private let heard = Atomic(0)
    private var relays = 0
    /// Of each socket; may be asked by any thread.
    package var connections: [ConnectionCounter] { sockets.map(\.connections) }

    /// Messages waiting for one slow subscriber, at most. When it is full, ZeroMQ drops the newest for that subscriber.
    private static let highWaterMark: Int32 = 4
    /// A subscription is a short prefix; the handshake of CURVE takes a few hundred bytes.
    private static let largestSubscription: Int64 = 2048

    /// - Parameters:
    ///   - context: in which the sockets live.
    ///   - endpoints: where it publishes; bound at once.
    ///   - curve: the secret key for the endpoints that are encrypted.
    public init(
        _ context: ZeroMQContext, endpoints: [Endpoint], curve: CurveKey? = nil
    ) throws(PublishingError) {
        sockets = try EndpointSocket.open(ZMQ_XPUB, in: context, endpoints, curve: curve) { socket in
            socket.harden(largestMessage: Self.largestSubscription)
            socket.set(ZMQ_SNDHWM, Self.highWaterMark)
            socket.set(ZMQ_XPUB_VERBOSER, 1)
        }
        retained.reserveCapacity(4096)
    }

    /// With threads of its own, for endpoints that need no key.
    public convenience init(endpoints: [Endpoint]) throws(PublishingError) {
        try self.init(try ZeroMQContext(), endpoints: endpoints)
    }

    /// Hands one message to ZeroMQ, and never blocks. We allocate nothing; ZeroMQ itself allocates once per socket, the
    /// size of the message.
    public func publish(_ message: [UInt8]) {
        takeNews()
        send(message)
        retained.removeAll(keepingCapacity: true)
        retained.append(contentsOf: message)
        retained.append(contentsOf: LocalizationEncoder.retainedSuffix)
    }

    /// Sends the last message again if a subscriber has come since, marked as retained. Call while there is nothing
    /// new.
    public func greetLateJoiners() {
        if takeNews(), !retained.isEmpty { send(retained) }
    }

    private func send(_ message: [UInt8]) {
        // By index: a debug build boxes an array's iterator.
        for index in sockets.indices where !sockets[index].socket.send(message) {
            failureCount.add(1, ordering: .relaxed)
        }
    }

    /// Who subscribed and who left; true if somebody subscribed. Bounded, so that a flood of them does not hold a frame
    /// up.
    @discardableResult private func takeNews() -> Bool {
        var hasNewcomer = false
        for index in sockets.indices {
            sockets[index].connections.update()
            for _ in 0..<64 {
                guard let isSubscription = sockets[index].socket.receiveSubscription() else { break }
                // Somebody may leave who never came.
                let count = heard.load(ordering: .relaxed) + (isSubscription ? 1 : -1)
                heard.store(max(0, count), ordering: .relaxed)
                hasNewcomer = hasNewcomer || isSubscription
            }
        }
        return hasNewcomer
    }

    /// An address inside the process at which all messages can be had, for the recorder.
    func bindRelay() throws(PublishingError) -> String {
        guard let first = sockets.first else { throw .failed("", "there is no endpoint to relay") }
        let address = "inproc://localization-\(relays)"
        relays += 1
        guard unsafe zmq_bind(first.socket.handle, address) == 0 else {
            throw .failed(address, "cannot bind: \(ZeroMQSocket.lastError())")
        }
        return address
    }
}
