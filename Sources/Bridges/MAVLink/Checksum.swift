/// The checksum of a frame: CRC-16/MCRF4XX, which MAVLink calls X.25.
///
/// Source: https://mavlink.io/en/guide/serialization.html#checksum.
struct Checksum {
    /// Of the bytes so far.
    private(set) var value: UInt16 = 0xffff

    /// Takes in the next byte.
    mutating func add(_ byte: UInt8) {
        var mixed = byte ^ UInt8(truncatingIfNeeded: value)
        mixed ^= mixed << 4
        let wide = UInt16(mixed)
        value = (value >> 8) ^ (wide << 8) ^ (wide << 3) ^ (wide >> 4)
    }

    /// Takes in the next bytes.
    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { add(byte) }
    }
}
