/// Takes a record apart, within its bounds.
@safe struct RecordCursor {
    private let bytes: UnsafeRawBufferPointer
    let begin: Int
    private(set) var position: Int
    let end: Int

    /// What was to be read does not fit.
    struct Short: Error {}

    /// - Parameters:
    ///   - bytes: of the file; they must outlive this value.
    ///   - range: of the record in the file.
    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        unsafe self.bytes = bytes
        (begin, position) = (range.lowerBound, range.lowerBound)
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(Short) -> Number {
        let range = try take(MemoryLayout<Number>.size)
        return unsafe Number(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self))
    }

    /// Where so many bytes stand.
    mutating func take(_ count: some BinaryInteger) throws(Short) -> Range<Int> {
        guard count <= end - position, let count = Int(exactly: count), count >= 0 else { throw Short() }
        defer { position += count }
        return position..<(position + count)
    }

    /// Where a list stands.
    mutating func list() throws(Short) -> Range<Int> { try take(try number(UInt32.self)) }

    mutating func text() throws(Short) -> String {
        let range = try list()
        return unsafe String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
}
