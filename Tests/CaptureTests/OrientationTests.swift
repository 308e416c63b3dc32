import Capture
import Features
import Files
import TestSupport
import Testing

@Suite("EXIF orientations, and images that are not read")
struct OrientationTests {
    private let folder = TemporaryFolder()

    /// A JPEG with an APP1 of this orientation before its other segments.
    private func jpeg(_ orientation: UInt8, isLittle: Bool) -> [UInt8] {
        let tiff: [UInt8] =
            isLittle
            ? [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 2, 0, 0x0F, 1, 2, 0, 1, 0, 0, 0, 0x41, 0, 0, 0]
                + [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
            : [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 2, 1, 0x0F, 0, 2, 0, 0, 0, 1, 0x41, 0, 0, 0]
                + [1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        let payload = Array("Exif\0\0".utf8) + tiff
        return [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xE1, 0, UInt8(payload.count + 2)] + payload
            + ImageFixtures.greyJPEG.dropFirst(2)
    }

    private func warning(_ files: [(String, [UInt8])]) -> String? {
        var orientations = Orientations()
        for (name, bytes) in files {
            folder.write(name, bytes)
            orientations.add(folder.file(name), name: name)
        }
        return orientations.warning
    }

    @Test("that are all the same are nothing to speak of")
    func same() {
        #expect(warning([]) == nil)
        #expect(warning([("a.jpg", jpeg(6, isLittle: true)), ("b.jpg", jpeg(6, isLittle: false))]) == nil)
        #expect(warning([("a.jpg", jpeg(1, isLittle: true)), ("b.jpg", ImageFixtures.greyJPEG)]) == nil)
        #expect(warning([("a.png", ImageFixtures.greyPNG), ("none.jpg", [])]) == nil)
    }

    @Test("that differ are named")
    func mixed() {
        let said = warning([
            ("a.jpg", jpeg(6, isLittle: true)), ("b.jpg", ImageFixtures.greyJPEG), ("c.jpg", jpeg(6, isLittle: false)),
        ])
        #expect(
            said?.hasPrefix(
                "the images have several EXIF orientations, which are ignored: 1 in 1 (b.jpg), 6 in 2 (a.jpg, ...);")
                == true)
    }

    @Test("do not move a pixel, and damaged ones do no harm")
    func ignored() throws {
        let turned = jpeg(6, isLittle: true)
        folder.write("turned.jpg", turned)
        var image = GreyImage(width: 1, height: 1)
        try ImageFile.readGrey(folder.file("turned.jpg"), into: &image)
        #expect(image.width == ImageFixtures.width && image.height == ImageFixtures.height)
        for count in 0..<60 { #expect(warning([("cut.jpg", Array(turned[..<count]))]) == nil) }
        for position in 2..<60 {
            var changed = turned
            changed[position] ^= 0xFF
            #expect(warning([("changed.jpg", changed)]) == nil)
        }
    }

    @Test(
        "files of other formats are refused by name",
        arguments: [
            ([0x49, 0x49, 0x2A, 0x00, 8], "a TIFF file"), (Array("RIFF1234WEBPVP8 ".utf8), "a WebP file"),
            ([0, 0, 0, 24] + Array("ftypheic".utf8), "a HEIF or AVIF file"),
            (Array("P6 1 1 255\n123".utf8), "a colour"),
        ] as [([UInt8], String)])
    func foreign(bytes: [UInt8], name: String) {
        folder.write("x.jpg", bytes)
        var image = GreyImage(width: 1, height: 1)
        let error = #expect(throws: ImageError.self) { try ImageFile.readGrey(folder.file("x.jpg"), into: &image) }
        #expect(error?.kind == .unknownFormat && error?.problem.hasPrefix(name) == true)
    }
}
