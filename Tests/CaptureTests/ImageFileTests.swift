import Capture
import Features
import Glibc
import Testing

@Suite("Image files")
struct ImageFileTests {
    /// Writes a file, reads it as an image, and removes it.
    private func read(_ bytes: [UInt8]) throws(ImageError) -> GreyImage {
        let path = "/tmp/hfloc-image-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        guard let stream = unsafe fopen(path, "wb") else { preconditionFailure("cannot write \(path)") }
        precondition(unsafe fwrite(bytes, 1, bytes.count, stream) == bytes.count, "short write")
        unsafe fclose(stream)
        defer { unsafe _ = unlink(path) }
        var image = GreyImage(width: 1, height: 1)
        try ImageFile.readGrey(path, into: &image)
        return image
    }

    private func expect(_ image: GreyImage, within tolerance: Double, _ truth: (Int, Int) -> Double) {
        #expect(image.width == ImageFixtures.width && image.height == ImageFixtures.height)
        for y in 0..<image.height {
            for x in 0..<image.width {
                #expect(abs(Double(image[x, y]) - truth(x, y)) <= tolerance, "pixel (\(x), \(y))")
            }
        }
    }

    @Test("of grey pixels give their values")
    func grey() throws {
        let truth = { (x: Int, y: Int) in Double(ImageFixtures.grey(x, y)) }
        expect(try read(ImageFixtures.greyPNG), within: 0, truth)
        expect(try read(ImageFixtures.grey16PNG), within: 0, truth)
        expect(try read(ImageFixtures.greyJPEG), within: 3, truth)
        var pgm = Array("P5 # a comment\n11 # width\n7\n255\n".utf8)
        for y in 0..<7 { for x in 0..<11 { pgm.append(UInt8(ImageFixtures.grey(x, y))) } }
        expect(try read(pgm), within: 0, truth)
        var wide = Array("P5\n11 7 65535\n".utf8)
        for y in 0..<7 {
            for x in 0..<11 { wide += [UInt8](repeating: UInt8(ImageFixtures.grey(x, y)), count: 2) }
        }
        expect(try read(wide), within: 0, truth)
    }

    @Test("of colour pixels give BT.601 luma, the same from JPEG and PNG")
    func colour() throws {
        expect(try read(ImageFixtures.colourPNG), within: 0.51, ImageFixtures.luma)
        expect(try read(ImageFixtures.alphaPNG), within: 0.51, ImageFixtures.luma)
        expect(try read(ImageFixtures.colourJPEG), within: 3, ImageFixtures.luma)
    }

    @Test("that end early are refused")
    func truncated() {
        let pgm = Array("P5 4 4 255\n".utf8) + [UInt8](repeating: 7, count: 16)
        for good in [
            ImageFixtures.greyJPEG, ImageFixtures.colourJPEG, ImageFixtures.greyPNG, ImageFixtures.colourPNG, pgm,
        ] {
            // The last bytes of JPEG (end marker) and PNG (IEND) hold no pixels.
            for length in stride(from: 0, to: good.count - 12, by: 5) {
                #expect(throws: ImageError.self, "cut at \(length) of \(good.count)") {
                    try read(Array(good[..<length]))
                }
            }
        }
    }

    @Test("with any byte changed are read or refused, but never crash")
    func corrupt() {
        for good in [ImageFixtures.greyJPEG, ImageFixtures.greyPNG, ImageFixtures.colourPNG] {
            for position in good.indices {
                for bit in [0x01, 0x80] as [UInt8] {
                    var bad = good
                    bad[position] ^= bit
                    _ = try? read(bad)
                }
            }
        }
    }

    @Test(
        "of a kind that is not read are refused with a cure that helps",
        arguments: [
            ("lossless", [0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0], "baseline JPEG"),
            ("JPEG-LS", [0xFF, 0xD8, 0xFF, 0xF7, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0], "baseline JPEG"),
            (
                "twelve bits",
                [0xFF, 0xD8, 0xFF, 0xC1, 0, 11, 12, 0, 16, 0, 16, 1, 1, 0x11, 0]
                    + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0],
                "baseline JPEG"
            ),
            ("no height", [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 0, 0, 16, 1, 1, 0x11, 0], "baseline JPEG"),
            ("Git LFS", Array("version https://git-lfs.github.com/spec/v1\n".utf8), "git lfs pull"),
            ("a web page", Array("<!DOCTYPE html><html>".utf8), "fetch the image itself"),
        ] as [(String, [UInt8], String)])
    func unsupported(name: String, bytes: [UInt8], cure: String) {
        let error = #expect(throws: ImageError.self) { try read(bytes + [UInt8](repeating: 0, count: 40)) }
        let text = error?.description ?? ""
        #expect(error?.kind == .unknownFormat && error?.cure.contains(cure) == true, "\(name): \(text)")
    }

    @Test("that are too large or of no known kind are refused")
    func refused() {
        func kind(_ bytes: [UInt8]) -> ImageError.Kind? {
            do throws(ImageError) {
                _ = try read(bytes)
                return nil
            } catch {
                return error.kind
            }
        }
        #expect(kind(Array("P5 100000 100000 255\n".utf8)) == .tooLarge)
        #expect(kind(Array("P5 10 0 255\n".utf8)) == .damaged)
        #expect(kind(Array("P5 10 10 70000\n".utf8)) == .damaged)
        #expect(kind(Array("P5 99999999999999999999 1 255\n".utf8)) == .damaged)
        #expect(kind(Array("GIF89a".utf8)) == .unknownFormat)
        #expect(kind([]) == .unknownFormat)
        var image = GreyImage(width: 1, height: 1)
        let missing = #expect(throws: ImageError.self) { try ImageFile.readGrey("/none/x.jpg", into: &image) }
        #expect(missing?.kind == .missing)
        let folder = #expect(throws: ImageError.self) { try ImageFile.readGrey("/tmp", into: &image) }
        #expect(folder?.kind == .unreadable)
    }
}
