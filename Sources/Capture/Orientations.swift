internal import Files

/// The EXIF orientations of a set of images. They are ignored, as by COLMAP; where a set has several, some of its
/// images lie on their side, or were turned by one program and not by another.
public struct Orientations: Sendable {
    /// Of each orientation, 1 to 8, how many images have it, and the first of them.
    private var found: [Int: (count: Int, first: String)] = [:]

    public init() {}

    /// Notes an image; one that has no orientation or cannot be read counts as upright.
    ///
    /// - Parameters:
    ///   - path: of its file.
    ///   - name: in messages.
    public mutating func add(_ path: String, name: String) {
        let bytes = (try? WholeFile.read(path, atMost: ImageFile.largestFile)) ?? []
        add(Self.orientation(of: bytes), name: name)
    }

    /// Notes an image by its orientation.
    package mutating func add(_ orientation: Int, name: String) {
        found[orientation, default: (0, name)].count += 1
    }

    /// What to say if there are several.
    public var warning: String? {
        guard found.count > 1 else { return nil }
        let parts = found.sorted { $0.key < $1.key }.map { orientation, images in
            "\(orientation) in \(images.count) (\(images.first)\(images.count > 1 ? ", ..." : ""))"
        }
        return "the images have several EXIF orientations, which are ignored: \(parts.joined(separator: ", ")); "
            + "turn the pixels themselves if poses and cameras are of upright images"
    }

    /// The EXIF orientation of a JPEG (tag 0x0112 of the first directory in APP1), 1 to 8; 1 where there is none.
    package static func orientation(of bytes: [UInt8]) -> Int {
        guard bytes.starts(with: [0xFF, 0xD8]) else { return 1 }
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2, marker != 0xDA, position + 2 + length <= bytes.count else { return 1 }
            let segment = bytes[position + 4..<position + 2 + length]
            if marker == 0xE1, segment.starts(with: Array("Exif\0\0".utf8)) {
                return Self.orientation(ofTIFF: segment.dropFirst(6)) ?? 1
            }
            position += 2 + length
        }
        return 1
    }

    private static func orientation(ofTIFF bytes: ArraySlice<UInt8>) -> Int? {
        let isLittle = bytes.starts(with: Array("II*\0".utf8))
        guard isLittle || bytes.starts(with: Array("MM\0*".utf8)) else { return nil }
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset >= 0, offset + size <= bytes.count else { return nil }
            let field = bytes[bytes.startIndex + offset..<bytes.startIndex + offset + size]
            return (isLittle ? Array(field.reversed()) : Array(field)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for entry in 0..<count {
            let at = directory + 2 + 12 * entry
            guard let tag = number(at, 2) else { return nil }
            if tag == 0x0112, let value = number(at + 8, 2), (1...8).contains(value) { return value }
        }
        return nil
    }
}
