internal import CLinux

/// A V4L2 pixel format: its four-character code.
public struct PixelFormat: Sendable, Hashable, CustomStringConvertible {
    public let code: UInt32

    init(code: UInt32) {
        self.code = code
    }

    /// - Parameter name: up to four ASCII characters, as `v4l2-ctl --list-formats` prints them.
    public init?(_ name: String) {
        let bytes = Array(name.utf8)
        guard (1...4).contains(bytes.count), bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return nil }
        let padded = bytes + [UInt8](repeating: 0x20, count: 4 - bytes.count)
        code = padded.enumerated().reduce(0) { $0 | UInt32($1.element) << (8 * UInt32($1.offset)) }
    }

    public var description: String {
        var name = ""
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            let byte = UInt8(truncatingIfNeeded: code >> shift)
            name.unicodeScalars.append(Unicode.Scalar((0x20..<0x7f).contains(byte) ? byte : 0x3f))
        }
        while name.last == " " { name.removeLast() }
        return name
    }

    /// How the intensities lie in a row of a format that needs no conversion: the first at `offset`, the next `step` bytes further.
    /// nil for every other format.
    var luma: (offset: Int, step: Int)? {
        switch description {
        case "GREY", "NV12", "NV21", "YU12", "YV12": (0, 1)
        case "YUYV", "YVYU": (0, 2)
        case "UYVY", "VYUY": (1, 2)
        default: nil
        }
    }

    /// Sensor data of colour filters: grey must first be interpolated, exposure and gain controlled, which needs a camera pipeline.
    var isRawBayer: Bool {
        let name = description
        let isWide = ["BG", "GB", "GR", "RG", "BA"].contains(name.prefix(2)) && Int(name.dropFirst(2)) != nil
        let isPacked = name.hasPrefix("p") && ["B", "G", "g", "R"].contains(name.dropFirst().prefix(1))
        return isWide || isPacked || ["BA81", "GBRG", "GRBG", "RGGB", "BYR2"].contains(name)
    }

    /// Best first: as is, then every second byte, then through libv4lconvert.
    static let preferred = ["GREY", "NV12", "NV21", "YU12", "YV12", "YUYV", "UYVY", "YVYU", "VYUY", "MJPG", "JPEG"]
        .compactMap { PixelFormat($0) }
}
