/// A V4L2 pixel format: its four-character code.
public struct PixelFormat: Sendable, Hashable, CustomStringConvertible {
    /// V4L2's number: the first character is the lowest byte, and bit 31 is set in a big-endian format.
    public let code: UInt32

    /// Set in the code of a format whose words are big-endian; its name ends in "-BE" then.
    private static let bigEndian: UInt32 = 1 << 31

    init(code: UInt32) {
        self.code = code
    }

    /// - Parameter name: up to four ASCII characters, as `v4l2-ctl --list-formats` prints them, with "-BE" behind them
    ///   for a big-endian format.
    public init?(_ name: String) {
        let isBigEndian = name.hasSuffix("-BE") && name.utf8.count > 4
        let bytes = Array(isBigEndian ? name.utf8.dropLast(3) : name.utf8[...])
        guard (1...4).contains(bytes.count), bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return nil }
        let padded = bytes + [UInt8](repeating: 0x20, count: 4 - bytes.count)
        let plain = padded.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (8 * UInt32($1.offset)) }
        code = isBigEndian ? plain | Self.bigEndian : plain
    }

    public var description: String {
        var name = ""
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            let byte = UInt8(truncatingIfNeeded: (code & ~Self.bigEndian) >> shift)
            name.unicodeScalars.append(Unicode.Scalar((0x20..<0x7f).contains(byte) ? byte : 0x3f))
        }
        if code & Self.bigEndian != 0 { return name + "-BE" }
        while name.last == " " { name.removeLast() }
        return name
    }

    /// Sensor data of colour filters: grey must first be interpolated, exposure and gain controlled, which needs a
    /// camera pipeline.
    var isRawBayer: Bool {
        let name = description
        let isWide = ["BG", "GB", "GR", "RG", "BA"].contains(name.prefix(2)) && Int(name.dropFirst(2)) != nil
        let isPacked = name.hasPrefix("p") && ["B", "G", "g", "R"].contains(name.dropFirst().prefix(1))
        return isWide || isPacked || ["BA81", "GBRG", "GRBG", "RGGB", "BYR2"].contains(name)
    }
}
