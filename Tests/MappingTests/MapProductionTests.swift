import Geometry
import Mapping
import ReferenceMap
import Testing
import TestSupport

@Suite("From images to a map file")
struct MapProductionTests {
    private let wallSet = WallSet()

    private func write(_ name: String, _ bytes: [UInt8]) { wallSet.folder.write(name, bytes) }

    private func bytes(_ name: String) -> [UInt8] { wallSet.folder.bytes(name) }

    private var folder: String { wallSet.folder.path }

    private func produce(_ name: String) throws -> (summary: MappingSummary, identity: String) {
        try MapProduction(model: try WallSet.model(), longSide: 640).produce(
            from: try PosedImages(folder: folder), to: "\(folder)/\(name)", notes: ["provenance.source": "wall"])
    }

    @Test("a wall becomes landmarks on the wall, in a file that verifies and comes out the same again")
    func wall() throws {
        wallSet.write(4)
        let (summary, identity) = try produce("a.hfmap")
        #expect(summary.skipped.isEmpty && summary.landmarks > 50)
        let map = try ReferenceMap(opening: "\(folder)/a.hfmap")
        #expect(map.identity == identity && map.keyframeCount == 4)
        _ = try map.verify()
        // A disparity off by 1 px between neighbouring images is 24 cm.
        let errors = (0..<map.landmarkCount).map { abs(map.position(ofLandmark: $0).z - 5) }.sorted()
        #expect(errors[errors.count / 2] < 0.4)
        _ = try produce("b.hfmap")
        #expect(bytes("a.hfmap") == bytes("b.hfmap"))
    }

    @Test("images that cannot be used are named, each with its reason, and the others make the map")
    func skips() throws {
        wallSet.write(6)
        let good = bytes("images/2.pgm")
        write("images/2.pgm", Array(good[..<1000]))
        write("images/3.pgm", Array("P5 100 100 255\n".utf8) + [UInt8](repeating: 9, count: 10_000))
        removeRecursively("\(folder)/images/4.pgm")
        let (summary, _) = try produce("a.hfmap")
        #expect(summary.skipped.map(\.name) == ["2.pgm", "3.pgm", "4.pgm"])
        #expect(summary.skipped[0].reason.contains("ends early"))
        #expect(summary.skipped[1].reason.contains("100 x 100"))
        #expect(summary.skipped[2].reason.contains("does not exist"))
        #expect(summary.images == 3)
    }

    private func refusal() -> String {
        do {
            _ = try produce("a.hfmap")
            return "none"
        } catch { return "\(error)" }
    }

    @Test("of a camera that stands there is no map, and the message says that it stood")
    func standing() {
        let wall = Wall(named: "wall")
        var poses = ""
        for index in 0..<4 {
            write("images/\(index).pgm", wall.picture(cameraX: 0.35))
            // As a reconstruction has it: within a millimetre of the same place.
            poses += "\(index).pgm 1 1 0 0 0 \(-0.35 + 0.0002 * Double(index)) 0 0\n"
        }
        write("cameras.txt", Array("1 PINHOLE \(Wall.width) \(Wall.height) 300 300 159.5 119.5\n".utf8))
        write("poses.txt", Array(poses.utf8))
        let said = refusal()
        #expect(said.contains("the camera stood in one place") && !said.contains("camera from map"), "\(said)")
    }

    @Test("of poses that are inverted there is no map, and the message says to look at them")
    func inverted() {
        wallSet.write(6)
        let poses = (0..<6).map { "\($0).pgm 1 1 0 0 0 \(0.35 * Double($0)) 0 0\n" }.joined()
        write("poses.txt", Array(poses.utf8))
        let said = refusal()
        #expect(
            said.contains("map from camera") && said.contains("camera from map") && !said.contains("stood"), "\(said)")
    }

    @Test("with fewer than two images left there is no map, and no file")
    func tooFew() throws {
        wallSet.write(2)
        removeRecursively("\(folder)/images/1.pgm")
        let error = #expect(throws: MapError.self) { try produce("a.hfmap") }
        #expect(error?.kind == .input && error?.problem.contains("only 1 of 2") == true)
        write("split.txt", Array("0.pgm query\n".utf8))
        #expect(throws: MapError.self) { try produce("a.hfmap") }
        #expect(bytes("a.hfmap").isEmpty)
    }
}
