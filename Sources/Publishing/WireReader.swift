/// Takes a protobuf message apart, field by field, within its bounds and without an allocation. Unknown fields are
/// stepped over.
///
/// Source: the protobuf encoding, https://protobuf.dev/programming-guides/encoding. Agrees with SwiftProtobuf on what
/// is malformed.
struct WireReader {
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32
        /// Where the bytes stand.
        case bytes(Range<Int>)
        case group
    }

    /// The bytes are not a protobuf message.
    struct Malformed: Error {}

    private var position: Int
    private let end: Int

    /// Groups within groups, at most; SwiftProtobuf's own limit.
    private static let deepest = 100

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field, or nil at the end.
    mutating func next(_ bytes: Span<UInt8>) throws(Malformed) -> (field: UInt64, value: Value)? {
        guard position < end else { return nil }
        let (field, wireType) = try tag(bytes)
        if wireType == 3 {
            try skipGroup(bytes, field, depth: 1)
            return (field, .group)
        }
        return (field, try value(bytes, wireType))
    }

    private mutating func tag(_ bytes: Span<UInt8>) throws(Malformed) -> (field: UInt64, wireType: UInt64) {
        let start = position
        let tag = try varint(bytes)
        guard position - start <= 5, tag < UInt64(UInt32.max), tag >> 3 != 0 else { throw Malformed() }
        return (tag >> 3, tag & 7)
    }

    private mutating func value(_ bytes: Span<UInt8>, _ wireType: UInt64) throws(Malformed) -> Value {
        switch wireType {
        case 0: return .varint(try varint(bytes))
        case 1: return .fixed64(try fixed64(bytes))
        case 2:
            let count = try varint(bytes)
            guard count <= UInt64(end - position) else { throw Malformed() }
            defer { position += Int(count) }
            return .bytes(position..<position + Int(count))
        case 5:
            guard end - position >= 4 else { throw Malformed() }
            position += 4
            return .fixed32
        default: throw Malformed()
        }
    }

    private mutating func skipGroup(_ bytes: Span<UInt8>, _ field: UInt64, depth: Int) throws(Malformed) {
        guard depth <= Self.deepest else { throw Malformed() }
        while true {
            let (inner, wireType) = try tag(bytes)
            if wireType == 4 {
                guard inner == field else { throw Malformed() }
                return
            }
            if wireType == 3 { try skipGroup(bytes, inner, depth: depth + 1) } else { _ = try value(bytes, wireType) }
        }
    }

    private mutating func varint(_ bytes: Span<UInt8>) throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Malformed()
    }

    private mutating func fixed64(_ bytes: Span<UInt8>) throws(Malformed) -> UInt64 {
        guard end - position >= 8 else { throw Malformed() }
        var value: UInt64 = 0
        for byte in 0..<8 { value |= UInt64(bytes[position + byte]) << (8 * byte) }
        position += 8
        return value
    }
}

/// `hfloc.v1.Vector3` and `hfloc.v1.Quaternion`: up to four numbers, each 0 if absent. A later field wins, a repeated
/// message merges.
struct WireNumbers {
    private(set) var values: SIMD4<Double>

    init(_ values: SIMD4<Double> = SIMD4()) { self.values = values }

    mutating func merge(_ bytes: Span<UInt8>, _ range: Range<Int>, count: Int) throws(WireReader.Malformed) {
        var reader = WireReader(range)
        while let (field, value) = try reader.next(bytes) {
            guard case .fixed64(let bits) = value, field <= UInt64(count) else { continue }
            values[Int(field) - 1] = Double(bitPattern: bits)
        }
    }
}
