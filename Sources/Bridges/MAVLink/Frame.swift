/// A frame of MAVLink 2.
///
/// Source: https://mavlink.io/en/guide/serialization.html.
public struct Frame: Equatable, Sendable {
    /// The system (vehicle) that sent it.
    public let system: UInt8
    /// The component of that system.
    public let component: UInt8
    /// Counts the frames of one sender; wraps.
    public let sequence: UInt8
    /// What it holds: ``Message/id``.
    public let messageID: UInt32
    /// Without the zeros at its end.
    let payload: [UInt8]

    static let marker: UInt8 = 0xfd
    static let headerLength = 10
    static let signatureLength = 13

    /// The message, if it is one of these.
    public func message<M: Message>(_ type: M.Type = M.self) -> M? {
        guard messageID == M.id else { return nil }
        var reader = PayloadReader(payload)
        return M(from: &reader)
    }
}

/// Makes frames of one sender's messages.
public struct FrameWriter: Sendable {
    /// The system that sends: that of the vehicle.
    public let system: UInt8
    /// The component that sends.
    public let component: UInt8
    private var sequence: UInt8 = 0

    /// A sender that has sent nothing yet.
    public init(system: UInt8, component: UInt8) { (self.system, self.component) = (system, component) }

    /// The bytes of the next frame.
    public mutating func frame<M: Message>(_ message: M) -> [UInt8] {
        var writer = PayloadWriter(capacity: M.length)
        message.write(to: &writer)
        assert(writer.bytes.count == M.length, "\(M.self): the payload has another length than it declares")
        // Zeros at the end are cut off, but for the first byte.
        let count = max(1, (writer.bytes.lastIndex { $0 != 0 } ?? 0) + 1)
        var bytes = [Frame.marker, UInt8(count), 0, 0, sequence, system, component]
        bytes += (0..<3).map { UInt8(truncatingIfNeeded: M.id >> (8 * $0)) }
        bytes += writer.bytes.prefix(count)
        var checksum = Checksum()
        checksum.add(bytes.dropFirst())
        checksum.add(M.crcExtra)
        bytes += [UInt8(truncatingIfNeeded: checksum.value), UInt8(checksum.value >> 8)]
        sequence &+= 1
        return bytes
    }
}
