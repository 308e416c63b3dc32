internal import CLinux
internal import CZeroMQ

/// The recorder endpoint and its JSON twin: messages of three frames, [topic][header][payload]. The poses come from the
/// hot endpoint, by a subscription inside the process, so that the frame thread sends each message once.
///
/// For one thread that has time: it allocates.
public final class Recorder {
    private let endpoints: [RecordEndpoint]
    private let relay: ZeroMQSocket
    private let session: Session
    private var cameraInfo: CameraInfoMessage?
    private var lastStatus: [UInt8]?

    /// What is in each header.
    public struct Session: Sendable {
        public var bootID: String
        public var sessionID: UInt64

        public init(bootID: String, sessionID: UInt64) {
            self.bootID = bootID
            self.sessionID = sessionID
        }
    }

    /// - Parameters:
    ///   - context: the publisher's.
    ///   - publisher: the hot endpoint. Its thread may not publish yet: it is bound to one more address.
    ///   - record: endpoints with protobuf payloads.
    ///   - json: endpoints with JSON.
    ///   - curve: the secret key for the endpoints that are encrypted.
    ///   - session: what the headers name.
    public init(
        _ context: ZeroMQContext, of publisher: Publisher, record: [Endpoint], json: [Endpoint],
        curve: CurveKey? = nil, session: Session
    ) throws(PublishingError) {
        self.session = session
        var endpoints: [RecordEndpoint] = []
        for encoding in Encoding.allCases {
            let addresses = encoding == .protobuf ? record : json
            let sockets = try EndpointSocket.open(ZMQ_XPUB, in: context, addresses, curve: curve) { socket in
                socket.harden(largestMessage: 2048)
                // Half a minute at 30 frames per second.
                socket.set(ZMQ_SNDHWM, 1000)
                socket.set(ZMQ_XPUB_VERBOSER, 1)
            }
            endpoints += sockets.map { RecordEndpoint($0, encoding) }
        }
        self.endpoints = endpoints
        let address = try publisher.bindRelay()
        relay = try ZeroMQSocket(ZMQ_SUB, in: context, for: address)
        relay.set(ZMQ_RCVHWM, 1000)
        relay.set(ZMQ_SUBSCRIBE, bytes: [])
        guard unsafe zmq_connect(relay.handle, address) == 0 else {
            throw .failed(address, "cannot connect: \(ZeroMQSocket.lastError())")
        }
    }

    /// The subscriptions to each of the endpoints.
    public var subscriptions: (record: Int, json: Int) {
        endpoints.reduce(into: (0, 0)) { sum, endpoint in
            if endpoint.encoding == .protobuf {
                sum.0 += endpoint.subscriptions
            } else {
                sum.1 += endpoint.subscriptions
            }
        }
    }

    /// Forwards the poses that wait, and greets new subscribers with the camera and the last status. Call often.
    public func serve() {
        for _ in 0..<256 {
            guard let frames = relay.receiveFrames(atMost: 1), let message = frames.first else { break }
            // The next recorder has it already, under its own number.
            guard !message.suffix(3).elementsEqual(LocalizationEncoder.retainedSuffix) else { continue }
            send(.localization, message)
        }
        for endpoint in endpoints where endpoint.hasNewcomer() {
            if let cameraInfo { endpoint.send(.cameraInfo, cameraInfo.encoded(), session) }
            if let lastStatus { endpoint.send(.status, lastStatus, session) }
        }
    }

    public func publish(_ status: StatusMessage) {
        let bytes = status.encoded()
        lastStatus = bytes
        send(.status, bytes)
    }

    public func publish(_ info: CameraInfoMessage) {
        cameraInfo = info
        send(.cameraInfo, info.encoded())
    }

    public func publish(_ event: EventMessage) {
        send(.event, event.encoded())
    }

    var relayHandle: UnsafeMutableRawPointer { unsafe relay.handle }

    private func send(_ topic: Topic, _ payload: [UInt8]) {
        for endpoint in endpoints { endpoint.send(topic, payload, session) }
    }
}

enum Encoding: String, CaseIterable {
    case protobuf, json
}

enum Topic: Int, CaseIterable {
    case localization, status, cameraInfo, event

    var name: String { ["localization", "status", "camera_info", "event"][rawValue] }

    var schema: String {
        "hfloc.v1." + ["Localization", "Status", "CameraInfo", "Event"][rawValue]
    }

    var json: JSONSchema {
        switch self {
        case .localization: .localization
        case .status: .status
        case .cameraInfo: .cameraInfo
        case .event: .event
        }
    }
}

/// One socket of the recorder, with its own numbers.
private final class RecordEndpoint {
    let encoding: Encoding
    private(set) var subscriptions = 0
    private let endpoint: EndpointSocket
    private var sequences = [UInt64](repeating: 0, count: Topic.allCases.count)

    init(_ endpoint: EndpointSocket, _ encoding: Encoding) {
        self.endpoint = endpoint
        self.encoding = encoding
    }

    /// Has somebody subscribed since the last call?
    func hasNewcomer() -> Bool {
        var hasNewcomer = false
        for _ in 0..<64 {
            guard let isSubscription = endpoint.socket.receiveSubscription() else { break }
            subscriptions = max(0, subscriptions + (isSubscription ? 1 : -1))
            hasNewcomer = hasNewcomer || isSubscription
        }
        return hasNewcomer
    }

    func send(_ topic: Topic, _ payload: [UInt8], _ session: Recorder.Session) {
        sequences[topic.rawValue] += 1
        // Nobody listens: the number alone tells the next one what it missed.
        guard subscriptions > 0 else { return }
        var wire = WireEncoder(capacity: 256)
        wire.string(1, topic.schema)
        wire.string(2, encoding.rawValue)
        wire.string(3, session.bootID)
        wire.fixed64(4, session.sessionID)
        wire.varint(5, sequences[topic.rawValue])
        wire.fixed64(6, hf_monotonic_ns())
        let isJSON = encoding == .json
        let header = isJSON ? JSONTranscoder.json(wire.bytes, .recordHeader) : wire.bytes
        let body = isJSON ? JSONTranscoder.json(payload, topic.json) : payload
        guard endpoint.socket.send(Array(topic.name.utf8), more: true), endpoint.socket.send(header, more: true)
        else { return }
        _ = endpoint.socket.send(body)
    }
}
