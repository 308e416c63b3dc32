/// Image files that are not read: what they are, by their first bytes.
enum ForeignImage {
    private static let signatures: [(name: String, offset: Int, bytes: [UInt8])] = [
        ("a TIFF file", 0, [0x49, 0x49, 0x2A, 0x00]), ("a TIFF file", 0, [0x4D, 0x4D, 0x00, 0x2A]),
        ("a WebP file", 8, Array("WEBP".utf8)), ("a HEIF or AVIF file", 4, Array("ftyp".utf8)),
        ("a GIF file", 0, Array("GIF8".utf8)), ("a BMP file", 0, Array("BM".utf8)),
        ("a JPEG 2000 file", 4, Array("jP  ".utf8)), ("a JPEG XL file", 0, [0xFF, 0x0A]),
        ("a JPEG XL file", 4, Array("JXL ".utf8)), ("a colour netpbm file", 0, Array("P6".utf8)),
        ("a netpbm file in ASCII", 0, Array("P2".utf8)), ("a netpbm file in ASCII", 0, Array("P3".utf8)),
        ("an OpenEXR file", 0, [0x76, 0x2F, 0x31, 0x01]),
        ("a Git LFS pointer", 0, Array("version https://git-lfs".utf8)),
    ]

    /// Such as "a TIFF file"; nil for what is not known.
    static func name(of bytes: [UInt8]) -> String? {
        signatures.first { bytes.dropFirst($0.offset).starts(with: $0.bytes) }?.name
    }
}
