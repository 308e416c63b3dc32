/// The messages of `hfloc.v1` as plain Swift values, with encoders of what the daemon sends and decoders of what it
/// receives. Generated from the .proto files by `tools/generate/generate-wire`, but for ``LocalizationMessage``, which
/// is made and encoded without an allocation.
///
/// The daemon does without SwiftProtobuf, which `hfloc` and the tests use: the tests compare the two.
public enum Wire {
    /// The bytes are no message.
    public struct Malformed: Error {}

    /// Of `hfloc.v1`: what statuses, poses and states of the vehicle say of themselves. Another one would mean that a
    /// field has another meaning.
    public static let protocolVersion: UInt32 = 1
}

/// A message that the daemon sends.
package protocol EncodableMessage: Sendable {
    /// Writes the fields in ascending order. Allocates nothing but what the message's buffer needs to grow.
    func encode(into wire: inout WireEncoder)
}

extension EncodableMessage {
    /// The serialized message.
    package func encoded() -> [UInt8] {
        var wire = WireEncoder(capacity: 2048)
        encode(into: &wire)
        return wire.bytes
    }
}

/// A message that the daemon receives. Agrees with SwiftProtobuf on what is malformed, and what it then holds.
package protocol DecodableMessage: Sendable {
    init()
    /// Takes one field over: the later value of a field replaces the earlier, a message that is sent twice is merged.
    /// One that is unknown, or of another type than expected, is ignored.
    mutating func take(_ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>) throws(Wire.Malformed)
}

extension DecodableMessage {
    /// Takes a serialized message apart. Allocates for strings and lists alone.
    package init(decoding bytes: Span<UInt8>) throws(Wire.Malformed) {
        self = try Self.merging(nil, bytes, 0..<bytes.count)
    }

    /// The message that stands at `range`, merged into one that came before.
    package static func merging(
        _ old: Self?, _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(Wire.Malformed) -> Self {
        var message = old ?? Self()
        var reader = WireReader(range)
        while let (field, value) = try reader.next(bytes) { try message.take(field, value, of: bytes) }
        return message
    }
}
