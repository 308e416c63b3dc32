/// A file that is not read as an image: what it is, by its first bytes.
struct ForeignImage {
    /// Such as "a TIFF file".
    let name: String
    /// What makes an image of it that is read.
    let cure: String

    /// The cure for another format.
    static let conversion = "convert it to JPEG, PNG or PGM"
    private static let formats: [(name: String, offset: Int, bytes: [UInt8])] = [
        ("a TIFF file", 0, [0x49, 0x49, 0x2A, 0x00]), ("a TIFF file", 0, [0x4D, 0x4D, 0x00, 0x2A]),
        ("a WebP file", 8, Array("WEBP".utf8)), ("a HEIF or AVIF file", 4, Array("ftyp".utf8)),
        ("a GIF file", 0, Array("GIF8".utf8)), ("a BMP file", 0, Array("BM".utf8)),
        ("a JPEG 2000 file", 4, Array("jP  ".utf8)), ("a JPEG XL file", 0, [0xFF, 0x0A]),
        ("a JPEG XL file", 4, Array("JXL ".utf8)), ("a colour netpbm file", 0, Array("P6".utf8)),
        ("a netpbm file in ASCII", 0, Array("P2".utf8)), ("a netpbm file in ASCII", 0, Array("P3".utf8)),
        ("an OpenEXR file", 0, [0x76, 0x2F, 0x31, 0x01]),
    ]
    /// What stands where an image should be, and holds none.
    private static let pointers: [(name: String, bytes: [UInt8], cure: String)] = [
        ("a Git LFS pointer", Array("version https://git-lfs".utf8), "fetch the image with `git lfs pull`"),
        ("a git-annex pointer", Array("/annex/objects".utf8), "fetch the image with `git annex get`"),
        ("an HTML page", Array("<!DOCTYPE html".utf8), "fetch the image itself"),
        ("an HTML page", Array("<html".utf8), "fetch the image itself"),
    ]

    /// nil for what is not known.
    init?(of bytes: [UInt8]) {
        if let format = Self.formats.first(where: { bytes.dropFirst($0.offset).starts(with: $0.bytes) }) {
            (name, cure) = (format.name, Self.conversion)
        } else if let pointer = Self.pointers.first(where: { bytes.starts(with: $0.bytes) }) {
            (name, cure) = (pointer.name, pointer.cure)
        } else {
            return nil
        }
    }
}
