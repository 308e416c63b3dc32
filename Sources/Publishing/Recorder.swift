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
    private var cameraInfo: Wire.CameraInfo?
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

    /// Those that ask for previews by name: who subscribes to everything does not.
    public var previewSubscriptions: Int {
        endpoints.reduce(0) { $0 + ($1.encoding == .protobuf ? $1.previewSubscriptions : 0) }
    }

    /// Of each socket.
    var connections: [ConnectionCounter] { endpoints.map(\.endpoint.connections) }

    /// Forwards the poses that wait, and greets new subscribers with the camera and the last status. Call often.
    public func serve() {
        for _ in 0..<256 {
            guard let frames = relay.receiveFrames(atMost: 1), let message = frames.first else { break }
            // The next recorder has it already, under its own number.
            let retained = LocalizationEncoder.retainedSuffix
            guard !message.suffix(retained.count).elementsEqual(retained) else { continue }
            send(.localization, message)
        }
        for endpoint in endpoints where endpoint.hasNewcomer() {
            if let cameraInfo { endpoint.send(.cameraInfo, cameraInfo.encoded(), session) }
            if let lastStatus { endpoint.send(.status, lastStatus, session) }
        }
    }

    public func publish(_ status: Wire.Status) {
        let bytes = status.encoded()
        lastStatus = bytes
        send(.status, bytes)
    }

    public func publish(_ info: Wire.CameraInfo) {
        cameraInfo = info
        send(.cameraInfo, info.encoded())
    }

    public func publish(_ event: Wire.Event) {
        send(.event, event.encoded())
    }

    /// A picture: not to the JSON endpoint.
    public func publish(_ preview: Wire.Preview) {
        let bytes = preview.encoded()
        for endpoint in endpoints where endpoint.encoding == .protobuf { endpoint.send(.preview, bytes, session) }
    }

    var relayHandle: UnsafeMutableRawPointer { unsafe relay.handle }

    private func send(_ topic: Topic, _ payload: [UInt8]) {
        for endpoint in endpoints { endpoint.send(topic, payload, session) }
    }
}

enum Encoding: String, CaseIterable {
    case protobuf, json
}

/// What the first frame of a recorder's message says.
public enum Topic: String, Sendable {
    case localization, status
    case cameraInfo = "camera_info"
    case event, preview

    /// Of the third frame.
    var schema: JSONSchema {
        switch self {
        case .localization: .localization
        case .status: .status
        case .cameraInfo: .cameraInfo
        case .event: .event
        // There is none: pictures are not sent as JSON.
        case .preview: JSONSchema("hfloc.v1.Preview", [:])
        }
    }
}

/// One socket of the recorder, with its own numbers.
private final class RecordEndpoint {
    let encoding: Encoding
    private(set) var subscriptions = 0
    private(set) var previewSubscriptions = 0
    let endpoint: EndpointSocket
    private var sequences: [Topic: UInt64] = [:]

    init(_ endpoint: EndpointSocket, _ encoding: Encoding) {
        self.endpoint = endpoint
        self.encoding = encoding
    }

    /// Has somebody subscribed since the last call?
    func hasNewcomer() -> Bool {
        var hasNewcomer = false
        endpoint.connections.update()
        for _ in 0..<64 {
            guard let news = endpoint.socket.receiveSubscription(to: "preview") else { break }
            let change = news.isNew ? 1 : -1
            subscriptions = max(0, subscriptions + change)
            if news.names { previewSubscriptions = max(0, previewSubscriptions + change) }
            hasNewcomer = hasNewcomer || news.isNew
        }
        return hasNewcomer
    }

    func send(_ topic: Topic, _ payload: [UInt8], _ session: Recorder.Session) {
        sequences[topic, default: 0] += 1
        // Nobody listens: the number alone tells the next one what it missed.
        guard subscriptions > 0 else { return }
        let header = Wire.RecordHeader(
            schema: topic.schema.name, encoding: encoding.rawValue, bootID: session.bootID,
            sessionID: session.sessionID, sequence: sequences[topic, default: 0], monotonicNs: hf_monotonic_ns())
        guard endpoint.socket.send(Array(topic.rawValue.utf8), more: true),
            endpoint.socket.send(encoded(header.encoded(), .recordHeader), more: true)
        else { return }
        _ = endpoint.socket.send(encoded(payload, topic.schema))
    }

    /// As this endpoint sends it.
    private func encoded(_ message: [UInt8], _ schema: JSONSchema) -> [UInt8] {
        switch encoding {
        case .protobuf: message
        case .json: JSONTranscoder.json(message, schema)
        }
    }
}
