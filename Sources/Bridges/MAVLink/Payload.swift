/// Writes a payload: little-endian, fields in the order of the wire (the widest first, extensions last).
public struct PayloadWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// An integer of any width.
    public mutating func integer(_ value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// A number of 32 bits.
    public mutating func float(_ value: Float) { integer(value.bitPattern) }

    /// Numbers of 32 bits, one after another.
    public mutating func floats(_ values: [Float]) {
        for value in values { float(value) }
    }
}

/// Reads a payload in the order of the wire. What a frame lacks at its end is zero, as MAVLink 2 cuts zeros off there.
public struct PayloadReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// An integer of the width that is asked for.
    public mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
        var value: T = 0
        for shift in stride(from: 0, to: T.bitWidth, by: 8) {
            value |= T(truncatingIfNeeded: position < bytes.count ? bytes[position] : 0) << shift
            position += 1
        }
        return value
    }

    /// A number of 32 bits.
    public mutating func float() -> Float { Float(bitPattern: integer()) }

    /// So many numbers of 32 bits.
    public mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }
}
