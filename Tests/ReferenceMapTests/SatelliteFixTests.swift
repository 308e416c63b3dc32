import Geometry
import ReferenceMap
import Reporting
import TestSupport
import Testing

@Suite("Where satellites saw an image")
struct SatelliteFixTests {
    let scratch = Scratch()

    private func seen(_ fixes: String) throws -> PosedImages {
        let folder = scratch.folder("set")
        scratch.write("set/cameras.txt", text: PosedImagesTests.cameras)
        scratch.write("set/poses.txt", text: PosedImagesTests.poses)
        scratch.write("set/gnss.txt", text: fixes)
        return try PosedImages(folder: folder)
    }

    @Test("is read from gnss.txt")
    func fixes() throws {
        let images = try seen("# NAME LAT LON HEIGHT H V\na.jpg 52.12 -11.5 80.25 1 2.5\nz.jpg 0 0 0 1 1\n")
        #expect(
            images.images[0].fix
                == SatelliteFix(
                    position: GeodeticPosition(latitude: 52.12, longitude: -11.5, height: 80.25), horizontalSigma: 1,
                    verticalSigma: 2.5))
        #expect(images.images[1].fix == nil)
        #expect(images.unused.first { $0.what == "names in gnss.txt" }?.names == ["z.jpg"])
    }

    @Test(
        "names the line that is wrong",
        arguments: [
            "a.jpg 1 2 3 1", "a.jpg 91 0 0 1 1", "a.jpg 0 200 0 1 1", "a.jpg 0 0 1e9 1 1", "a.jpg 0 0 0 0 1",
            "a.jpg 0 0 0 1 -1", "a.jpg x 0 0 1 1", "a.jpg 0 0 0 1 1\na.jpg 0 0 0 1 1",
        ])
    func wrongFix(text: String) {
        let error = #expect(throws: MapError.self) { try seen(text) }
        #expect(error?.file.hasSuffix("gnss.txt") == true && error?.field.contains("line") == true)
    }

    @Test("A place on the Earth is three numbers")
    func places() {
        #expect(
            GeodeticPosition(parsing: "52.1,-11,80")
                == GeodeticPosition(latitude: 52.1, longitude: -11, height: 80))
        for text in ["", "52,11", "52,11,80,1", "52,,80", "91,0,0", "0,181,0", "0,0,x", "nan,0,0"] {
            #expect(GeodeticPosition(parsing: text) == nil, "\(text)")
        }
    }
}
