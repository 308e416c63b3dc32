/// Takes a protobuf message apart, field by field, within its bounds and without an allocation. Unknown fields are
/// stepped over.
///
/// Source: the protobuf encoding, https://protobuf.dev/programming-guides/encoding. Agrees with SwiftProtobuf on what
/// is malformed.
package struct WireReader {
    package enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// Where the bytes stand.
        case bytes(Range<Int>)
        case group
    }

    private var position: Int
    private let end: Int

    /// Groups within groups, at most; SwiftProtobuf's own limit.
    private static let deepest = 100

    package init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field, or nil at the end.
    package mutating func next(_ bytes: Span<UInt8>) throws(Wire.Malformed) -> (field: UInt64, value: Value)? {
        guard position < end else { return nil }
        let (field, wireType) = try tag(bytes)
        if wireType == 3 {
            try skipGroup(bytes, field, depth: 1)
            return (field, .group)
        }
        return (field, try value(bytes, wireType))
    }

    private mutating func tag(_ bytes: Span<UInt8>) throws(Wire.Malformed) -> (field: UInt64, wireType: UInt64) {
        let start = position
        let tag = try varint(bytes)
        guard position - start <= 5, tag < UInt64(UInt32.max), tag >> 3 != 0 else { throw Wire.Malformed() }
        return (tag >> 3, tag & 7)
    }

    private mutating func value(_ bytes: Span<UInt8>, _ wireType: UInt64) throws(Wire.Malformed) -> Value {
        switch wireType {
        case 0: return .varint(try varint(bytes))
        case 1: return .fixed64(try fixed64(bytes))
        case 2:
            let count = try varint(bytes)
            guard count <= UInt64(end - position) else { throw Wire.Malformed() }
            defer { position += Int(count) }
            return .bytes(position..<position + Int(count))
        case 5:
            guard end - position >= 4 else { throw Wire.Malformed() }
            defer { position += 4 }
            return .fixed32((0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1) })
        default: throw Wire.Malformed()
        }
    }

    private mutating func skipGroup(_ bytes: Span<UInt8>, _ field: UInt64, depth: Int) throws(Wire.Malformed) {
        guard depth <= Self.deepest else { throw Wire.Malformed() }
        while true {
            let (inner, wireType) = try tag(bytes)
            if wireType == 4 {
                guard inner == field else { throw Wire.Malformed() }
                return
            }
            if wireType == 3 { try skipGroup(bytes, inner, depth: depth + 1) } else { _ = try value(bytes, wireType) }
        }
    }

    private mutating func varint(_ bytes: Span<UInt8>) throws(Wire.Malformed) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Wire.Malformed()
    }

    private mutating func fixed64(_ bytes: Span<UInt8>) throws(Wire.Malformed) -> UInt64 {
        guard end - position >= 8 else { throw Wire.Malformed() }
        defer { position += 8 }
        return Self.littleEndian(bytes, at: position)
    }

    /// The values of a packed `repeated double` field.
    package static func doubles(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Wire.Malformed) -> [Double] {
        guard range.count % 8 == 0 else { throw Wire.Malformed() }
        var values: [Double] = []
        values.reserveCapacity(range.count / 8)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            values.append(Double(bitPattern: littleEndian(bytes, at: start)))
        }
        return values
    }

    /// The number whose eight bytes begin at `start`.
    package static func double(_ bytes: Span<UInt8>, at start: Int) -> Double {
        Double(bitPattern: littleEndian(bytes, at: start))
    }

    private static func littleEndian(_ bytes: Span<UInt8>, at start: Int) -> UInt64 {
        var value: UInt64 = 0
        for byte in 0..<8 { value |= UInt64(bytes[start + byte]) << (8 * byte) }
        return value
    }
}

extension String {
    /// A `string` field: UTF-8, or the message is malformed.
    package init(wire bytes: Span<UInt8>, _ range: Range<Int>) throws(Wire.Malformed) {
        guard let text = String(validating: range.map { bytes[$0] }, as: UTF8.self) else { throw Wire.Malformed() }
        self = text
    }
}

extension RawRepresentable where RawValue == UInt8 {
    /// An enum field: nil for a number that this version does not know.
    package init?(number: UInt64) {
        guard let value = UInt8(exactly: number) else { return nil }
        self.init(rawValue: value)
    }
}
