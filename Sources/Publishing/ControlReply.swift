/// The answer to a request: `hfloc.v1.ControlReply`.
public struct ControlReply: Sendable {
    public var requestID: UInt64
    /// Why the request was not fulfilled, and what cures it; nil if it was.
    public var error: String?
    public var status: StatusMessage?

    public init(requestID: UInt64, error: String? = nil, status: StatusMessage? = nil) {
        self.requestID = requestID
        self.error = error
        self.status = status
    }

    /// The serialized reply.
    public func encoded() -> [UInt8] {
        var wire = WireEncoder(capacity: 2048)
        wire.varint(1, requestID)
        wire.bool(2, error == nil)
        wire.string(3, error ?? "")
        if let status { wire.message(4) { status.encode(into: &$0) } }
        return wire.bytes
    }
}
