import CJPEGFixtures
import Glibc

/// A JPEG, and what cameras do to one: surgery on its bytes.
struct EncodedPicture {
    var bytes: [UInt8]

    /// Compresses grey rows.
    ///
    /// - Parameters:
    ///   - components: 1, 3 or 4.
    ///   - sampling: pixels of the intensities to one of the colours, across and down.
    ///   - restarts: blocks between two restart markers; 0: none.
    init(
        width: Int, height: Int, pixels: [UInt8], components: Int = 3, sampling: (Int, Int) = (2, 2),
        quality: Int = 95, restarts: Int = 0, isProgressive: Bool = false
    ) {
        var fixture = jpeg_fixture(
            width: Int32(width), height: Int32(height), components: Int32(components), across: Int32(sampling.0),
            down: Int32(sampling.1), quality: Int32(quality), restart_interval: Int32(restarts),
            is_progressive: isProgressive ? 1 : 0)
        var count = 0
        let encoded = unsafe jpeg_fixture_encode(&fixture, pixels, &count)
        bytes = unsafe Array(UnsafeBufferPointer(start: encoded, count: count))
        unsafe free(encoded)
    }

    /// Where the segments of the header begin that have this marker.
    func segments(_ marker: UInt8) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var at = 2
        while at + 4 <= bytes.count, bytes[at] == 0xFF, bytes[at + 1] != 0xDA {
            let end = at + 2 + Int(bytes[at + 2]) << 8 + Int(bytes[at + 3])
            if bytes[at + 1] == marker { found.append(at..<end) }
            at = end
        }
        return found
    }

    /// Where the compressed pixels begin.
    var scan: Int {
        for at in bytes.indices.dropLast(3) where bytes[at] == 0xFF && bytes[at + 1] == 0xDA {
            return at + 2 + Int(bytes[at + 2]) << 8 + Int(bytes[at + 3])
        }
        return bytes.count
    }

    /// Where the restart markers begin.
    var restarts: [Int] {
        (scan..<bytes.count - 1).filter { bytes[$0] == 0xFF && (0xD0...0xD7).contains(bytes[$0 + 1]) }
    }

    /// It with some bytes replaced, given where they were.
    func replacing(_ range: Range<Int>, with new: [UInt8]) -> [UInt8] {
        var copy = bytes
        copy.replaceSubrange(range, with: new)
        return copy
    }

    func without(_ range: Range<Int>) -> [UInt8] { replacing(range, with: []) }

    /// With these bytes before one of its restart markers.
    func at(restart index: Int, _ new: [UInt8]) -> [UInt8] {
        replacing(restarts[index]..<restarts[index], with: new)
    }

    /// Without its Huffman tables, as many webcams leave them out.
    var withoutTables: [UInt8] {
        var copy = self
        for range in segments(0xC4).reversed() { copy.bytes.removeSubrange(range) }
        return copy.bytes
    }

    /// With these bytes before every restart marker.
    func beforeRestarts(_ new: [UInt8]) -> [UInt8] {
        var copy = bytes
        for at in restarts.reversed() { copy.insert(contentsOf: new, at: at) }
        return copy
    }

    /// With these bytes before the end marker.
    func beforeEnd(_ new: [UInt8]) -> [UInt8] { replacing(bytes.count - 2..<bytes.count - 2, with: new) }
}
