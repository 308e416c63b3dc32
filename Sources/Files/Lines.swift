/// The lines of a text, one after another, without their endings (LF or CRLF).
public struct Lines {
    private let bytes: [UInt8]
    private var position = 0
    /// Number of the line that was read last, from 1.
    public private(set) var number = 0

    /// - Parameter bytes: UTF-8; what is not is replaced.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next line as it stands, empty ones too; nil at the end.
    public mutating func next() -> String? {
        guard position < bytes.count else { return nil }
        let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
        var last = end
        if last > position && bytes[last - 1] == 0x0D { last -= 1 }
        let text = String(decoding: bytes[position..<last], as: UTF8.self)
        position = end + 1
        number += 1
        return text
    }
}
