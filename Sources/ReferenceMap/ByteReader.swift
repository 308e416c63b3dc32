import Files

/// Little-endian values from a byte array, bounds checked, with errors that name the field and the offset.
struct ByteReader {
    let file: String
    private let bytes: [UInt8]
    private(set) var position = 0

    init(reading file: String) throws(MapError) {
        do throws(FileError) {
            self.init(file: file, bytes: try WholeFile.read(file, atMost: 8 << 30))
        } catch {
            throw MapError(error)
        }
    }

    init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - position }

    /// The next integer, least significant byte first.
    mutating func integer<Value: FixedWidthInteger>(
        _ type: Value.Type = Value.self, _ field: String
    ) throws(MapError) -> Value {
        let size = Value.bitWidth / 8
        guard remaining >= size else { throw error(field, "the file ends here") }
        var value: Value = 0
        for index in (0..<size).reversed() {
            value = (value << 8) | Value(truncatingIfNeeded: bytes[position + index])
        }
        position += size
        return value
    }

    /// The next number; NaN and infinities are refused.
    mutating func number(_ field: String) throws(MapError) -> Double {
        let value = Double(bitPattern: try integer(UInt64.self, field))
        guard value.isFinite else { throw error(field, "\(value) is not a finite number") }
        return value
    }

    /// A count of elements that take at least `elementSize` bytes each: never more than the rest of the file can hold,
    /// so that memory can be reserved for it.
    mutating func count(_ field: String, elementSize: Int) throws(MapError) -> Int {
        let value = try integer(UInt64.self, field)
        guard value <= UInt64(remaining / elementSize) else {
            throw error(field, "\(value) elements do not fit in the \(remaining) bytes that follow")
        }
        return Int(value)
    }

    /// Passes over `count` bytes, which `count(_:elementSize:)` has checked to be there.
    mutating func skip(_ count: Int) {
        precondition(count <= remaining, "ByteReader: skip past the end")
        position += count
    }

    /// The text up to the next zero byte, at most `limit` bytes of valid UTF-8.
    mutating func zeroTerminatedText(_ field: String, limit: Int) throws(MapError) -> String {
        let range = position..<min(bytes.count, position + limit + 1)
        guard let end = bytes[range].firstIndex(of: 0),
            let text = String(validating: bytes[position..<end], as: UTF8.self)
        else { throw error(field, "not a text of at most \(limit) bytes ended by a zero") }
        position = end + 1
        return text
    }

    func error(
        _ field: String, _ problem: String, cure: String = "copy or export the file again"
    ) -> MapError {
        MapError(.damaged, file: file, field: "\(field) at byte \(position)", problem: problem, cure: cure)
    }
}
