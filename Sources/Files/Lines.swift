/// The lines of a text, one after another, without their endings.
public struct Lines {
    private let bytes: [UInt8]
    private var position = 0
    /// Number of the line that was read last, from 1.
    public private(set) var number = 0

    /// - Parameter bytes: as ``PlainText/read(_:atMost:acceptsStreams:)`` gives them; what is not UTF-8 is replaced.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next line as it stands, empty ones too; nil at the end.
    public mutating func next() -> String? {
        guard position < bytes.count else { return nil }
        let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
        let text = String(decoding: bytes[position..<end], as: UTF8.self)
        position = end + 1
        number += 1
        return text
    }
}
