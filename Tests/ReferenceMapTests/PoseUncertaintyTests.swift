import ReferenceMap
import Reporting
import TestSupport
import Testing

@Suite("How far poses may be off")
struct PoseUncertaintyTests {
    static let degree = Double.pi / 180
    static let forms: [(String, Double, Double)] = [
        ("0.2m,0.5deg", 0.2, 0.5 * degree), ("0.5deg,20cm", 0.2, 0.5 * degree), ("5mm", 0.005, 0), ("1deg", 0, degree),
        ("1e-2rad,0m", 0, 0.01),
    ]

    @Test("is read from its short form", arguments: forms)
    func form(text: String, position: Double, rotation: Double) throws {
        let uncertainty = try #require(PoseUncertainty(parsing: text))
        #expect(abs((uncertainty.position ?? -1) - position) < 1e-15)
        #expect(abs((uncertainty.rotation ?? -1) - rotation) < 1e-15)
    }

    @Test(
        "refuses anything else",
        arguments: ["", "0.2", "m", "-1m", "0.2m,", "1m,2m", "1deg,2rad", "1 m", "nanm", "infdeg", "1m,2deg,3m", "1km"])
    func refused(text: String) { #expect(PoseUncertainty(parsing: text) == nil) }

    private func images(priors: String?) throws -> PosedImages {
        let scratch = Scratch()
        let folder = scratch.folder("set")
        scratch.write("set/cameras.txt", text: PosedImagesTests.cameras)
        scratch.write("set/poses.txt", text: PosedImagesTests.poses)
        if let priors { scratch.write("set/priors.txt", text: priors) }
        return try PosedImages(folder: folder)
    }

    @Test("is read for single images")
    func file() throws {
        let images = try images(priors: "# NAME POSITION ROTATION\nc.jpg 0.5 none\na.jpg 0 0\nz.jpg 1 1\n")
        #expect(images.images[0].uncertainty?.isExact == true)
        #expect(images.images[1].uncertainty == nil)
        #expect(images.images[2].uncertainty == PoseUncertainty(position: 0.5, rotation: nil))
        #expect(images.unused.first { $0.what == "names in priors.txt" }?.names == ["z.jpg"])
    }

    @Test("names the line that is wrong", arguments: ["a.jpg 1", "a.jpg -1 0", "a.jpg x 0", "a.jpg 1 1\na.jpg 1 1"])
    func wrong(text: String) {
        let error = #expect(throws: MapError.self) { try images(priors: text) }
        #expect(error?.field.contains("line") == true)
    }
}
