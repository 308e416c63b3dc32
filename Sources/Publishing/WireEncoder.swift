/// Writes protobuf's wire format into a buffer that it keeps: once the buffer has grown to the largest message,
/// encoding allocates nothing (SwiftProtobuf allocates for every message).
///
/// Source: the protobuf encoding, https://protobuf.dev/programming-guides/encoding. Fields with proto3's implicit
/// presence are left out at their default, as every other encoder does; written in ascending order, the bytes equal
/// SwiftProtobuf's.
public struct WireEncoder: Sendable {
    /// The message so far.
    public private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: bytes of the largest message; larger ones work, and allocate once.
    public init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Begins a new message.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// A `uint32`, `uint64` or enum field.
    public mutating func varint(_ field: Int, _ value: UInt64) {
        guard value != 0 else { return }
        tag(field, 0)
        appendVarint(value)
    }

    /// A `bool` field.
    public mutating func bool(_ field: Int, _ value: Bool) {
        varint(field, value ? 1 : 0)
    }

    /// A `fixed64` field.
    public mutating func fixed64(_ field: Int, _ value: UInt64) {
        guard value != 0 else { return }
        tag(field, 1)
        appendLittleEndian(value)
    }

    /// A `fixed32` field.
    public mutating func fixed32(_ field: Int, _ value: UInt32) {
        guard value != 0 else { return }
        tag(field, 5)
        for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }

    /// The beginning of a `bytes` field, whose content follows elsewhere: exactly `count` bytes.
    public mutating func lengthOfBytes(_ field: Int, _ count: Int) {
        tag(field, 2)
        appendVarint(UInt64(count))
    }

    /// A `double` field. Negative zero is not the default, and is written.
    public mutating func double(_ field: Int, _ value: Double) {
        fixed64(field, value.bitPattern)
    }

    /// A `bytes` field, or a `string` field of UTF-8 bytes.
    public mutating func string(_ field: Int, _ utf8: [UInt8]) {
        guard !utf8.isEmpty else { return }
        tag(field, 2)
        appendVarint(UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    /// A `string` field.
    public mutating func string(_ field: Int, _ text: String) {
        guard !text.isEmpty else { return }
        tag(field, 2)
        appendVarint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// The beginning of a packed `repeated double` field; exactly `count` calls of `element` follow.
    public mutating func packedDoubles(_ field: Int, count: Int) {
        guard count > 0 else { return }
        tag(field, 2)
        appendVarint(UInt64(8 * count))
    }

    /// One value of a packed `repeated double` field.
    public mutating func element(_ value: Double) {
        appendLittleEndian(value.bitPattern)
    }

    /// A message field, written also if it is empty: its presence says something.
    public mutating func message(_ field: Int, _ body: (inout WireEncoder) -> Void) {
        tag(field, 2)
        // Most lengths take one byte.
        bytes.append(0)
        let start = bytes.count
        body(&self)
        writeLength(before: start)
    }

    /// Writes the length of what follows `start` into the byte before it. It is known only now: if it needs more bytes
    /// than that one, the content moves up.
    private mutating func writeLength(before start: Int) {
        let length = bytes.count - start
        var extra = 0
        while length >> (7 * (extra + 1)) != 0 { extra += 1 }
        if extra > 0 {
            for _ in 0..<extra { bytes.append(0) }
            for index in stride(from: start + length - 1, through: start, by: -1) {
                bytes[index + extra] = bytes[index]
            }
        }
        for index in 0...extra {
            let more: UInt8 = index < extra ? 0x80 : 0
            bytes[start - 1 + index] = UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7f | more
        }
    }

    private mutating func tag(_ field: Int, _ wireType: UInt64) {
        appendVarint(UInt64(field) << 3 | wireType)
    }

    private mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func appendLittleEndian(_ value: UInt64) {
        for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}
