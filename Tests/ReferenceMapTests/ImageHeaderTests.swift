import ReferenceMap
import TestSupport
import Testing

/// The first bytes of images of 640x480, as the formats' documents lay them out.
@Suite("An image's size from its header")
struct ImageHeaderTests {
    struct Header: Sendable {
        let suffix: String
        let bytes: [UInt8]
    }

    private static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 2, 0x80, 0, 0, 1, 0xE0, 8, 2, 0, 0, 0]

    /// A segment with what looks like a frame inside, a table whose marker lies among the frames', fill bytes, and a
    /// progressive frame.
    private static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE1, 0, 8, 0xFF, 0xC0, 0, 17, 8, 9, 0xFF, 0xC4, 0, 4, 1, 2]
        + [0xFF, 0xFF, 0xFF, 0xC2, 0, 17, 8, 1, 0xE0, 2, 0x80, 3]

    static let headers = [
        Header(suffix: ".png", bytes: png), Header(suffix: ".jpg", bytes: jpeg),
        Header(suffix: ".pgm", bytes: Array("P5 # by a scanner\n640\t480\n255\n".utf8)),
    ]

    @Test("PNG, JPEG and PGM say their size", arguments: headers)
    func size(header: Header) throws {
        let scratch = Scratch()
        let size = try #require(ImageHeader.size(of: scratch.write("a", header.bytes)))
        #expect(size == (640, 480))
    }

    @Test("a header that ends before it says its size says none", arguments: headers)
    func cut(header: Header) {
        let scratch = Scratch()
        // A PGM's digits can be cut to other numbers; all else is nil.
        let shortest = header.suffix == ".pgm" ? 20 : header.bytes.count - 6
        for count in 0..<shortest {
            #expect(ImageHeader.size(of: scratch.write("a", Array(header.bytes.prefix(count)))) == nil, "\(count)")
        }
        #expect(ImageHeader.size(of: scratch.file("none")) == nil)
        #expect(ImageHeader.size(of: scratch.write("a", text: "GIF89a")) == nil)
    }
}
