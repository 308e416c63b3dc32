internal import Features

extension ImageFile {
    /// A binary PGM (netpbm "P5"), of 8 or 16 bits; values are scaled so that the file's maximum is 255.
    static func decodePGM(_ bytes: [UInt8], _ path: String, into image: inout GreyImage) throws(ImageError) {
        var position = 2
        let width = try number(bytes, &position, path)
        let height = try number(bytes, &position, path)
        let largest = try number(bytes, &position, path)
        guard (1...65_535).contains(largest) else { throw .damaged(path, "its maximal value is \(largest)") }
        try reshape(&image, width, height, path)
        position += 1  // The one blank that ends the header.
        let size = largest > 255 ? 2 : 1
        guard bytes.count - position >= size * image.pixels.count else {
            throw .damaged(path, "the PGM ends early: \(image.pixels.count) pixels are promised")
        }
        for index in image.pixels.indices {
            let at = position + size * index
            let value = size == 1 ? Int(bytes[at]) : Int(bytes[at]) << 8 | Int(bytes[at + 1])
            image.pixels[index] = UInt8((min(value, largest) * 255 + largest / 2) / largest)
        }
    }

    /// The next decimal number, behind blanks and comments.
    private static func number(_ bytes: [UInt8], _ position: inout Int, _ path: String) throws(ImageError) -> Int {
        while position < bytes.count, !isDigit(bytes[position]) {
            if bytes[position] == UInt8(ascii: "#") {
                while position < bytes.count && bytes[position] != 0x0A { position += 1 }
            } else if ![0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20].contains(bytes[position]) {
                throw .damaged(path, "the PGM's header is not three numbers")
            } else {
                position += 1
            }
        }
        var value = 0
        let start = position
        while position < bytes.count, isDigit(bytes[position]), value < 1_000_000 {
            value = 10 * value + Int(bytes[position] - UInt8(ascii: "0"))
            position += 1
        }
        guard position > start, position < bytes.count, !isDigit(bytes[position]) else {
            throw .damaged(path, "the PGM's header is not three numbers")
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
