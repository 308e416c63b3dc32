import Files

/// What an image file says of its size before its pixels.
package enum ImageHeader {
    /// Width and height of a PNG, JPEG or binary PGM, as the pixels lie in the file (an orientation that EXIF states is
    /// not applied); nil of other files, and of those that end before they say it. Cost: the pages that are touched.
    package static func size(of path: String) -> (width: Int, height: Int)? {
        guard let file = try? FileMapping(path) else { return nil }
        let size = unsafe portableGreymap(file.bytes) ?? png(file.bytes) ?? jpeg(file.bytes)
        return size.flatMap { $0.width > 0 && $0.height > 0 ? $0 : nil }
    }

    /// An unsigned number of 16 bits, most significant byte first.
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int? {
        guard offset + 2 <= bytes.count else { return nil }
        return unsafe Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
    }

    private static func png(_ bytes: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard unsafe bytes.starts(with: signature), let a = unsafe word(bytes, 16), let b = unsafe word(bytes, 18),
            let c = unsafe word(bytes, 20), let d = unsafe word(bytes, 22)
        else { return nil }
        return (a << 16 | b, c << 16 | d)
    }

    /// The first start of frame (SOF0...15 but DHT, JPG and DAC); segments before it are passed over.
    private static func jpeg(_ bytes: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        guard unsafe word(bytes, 0) == 0xFFD8 else { return nil }
        var offset = 2
        while let marker = unsafe word(bytes, offset), marker >= 0xFF00 {
            switch marker {
            case 0xFFFF: offset += 1
            case 0xFF01, 0xFFD0...0xFFD8: offset += 2
            case 0xFFC0...0xFFCF where ![0xFFC4, 0xFFC8, 0xFFCC].contains(marker):
                guard let height = unsafe word(bytes, offset + 5), let width = unsafe word(bytes, offset + 7)
                else { return nil }
                return (width, height)
            default:
                guard let length = unsafe word(bytes, offset + 2), length >= 2 else { return nil }
                offset += 2 + length
            }
        }
        return nil
    }

    /// `P5 WIDTH HEIGHT`, with any white space and comments between.
    private static func portableGreymap(_ bytes: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        guard unsafe bytes.starts(with: "P5".utf8) else { return nil }
        let header = unsafe String(decoding: bytes.prefix(1024), as: UTF8.self)
        let words = header.split(whereSeparator: \.isNewline)
            .map { $0.prefix { $0 != "#" } }.flatMap { $0.split(whereSeparator: \.isWhitespace) }
        guard words.count >= 3, let width = Int(words[1]), let height = Int(words[2]) else { return nil }
        return (width, height)
    }
}
