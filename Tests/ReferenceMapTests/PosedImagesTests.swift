import Geometry
import ReferenceMap
import TestSupport
import Testing

@Suite("A folder of posed images")
struct PosedImagesTests {
    let scratch = Scratch()
    static let cameras =
        "# id model size\n1 PINHOLE 640 480 500 501 319.5 239.5\r\n3 SIMPLE_RADIAL 64 48 50 31 23 0.1\n"
    static let poses = "# NAME ...\na.jpg 1 1 0 0 0 0.5 0 0\nsub/b.jpg 3 0 1 0 0 1e-3 -2 3\n\nc.jpg 1 1 0 0 0 0 0 1"

    private func set(cameras: String = cameras, poses: String = poses, split: String? = nil) -> String {
        let folder = scratch.folder("set")
        scratch.write("set/cameras.txt", text: cameras)
        scratch.write("set/poses.txt", text: poses)
        _ = scratch.folder("set/images")
        if let split { scratch.write("set/split.txt", text: split) }
        return folder
    }

    @Test("without a split is all map")
    func noSplit() throws {
        let folder = set()
        let images = try PosedImages(folder: folder)
        #expect(images.images(role: "map").map(\.name) == ["a.jpg", "sub/b.jpg", "c.jpg"])
        #expect(images.images[1].path == "\(folder)/images/sub/b.jpg")
        #expect(images.images.map(\.camera) == [0, 1, 0])
        #expect(images.images[1].cameraFromMap.translation == Vector3(1e-3, -2, 3))
        #expect(images.images[1].cameraFromMap.rotation == Rotation(w: 0, x: 1, y: 0, z: 0))
        #expect(images.cameras[0].principalPoint == Vector2(319.5, 239.5))
        #expect(images.cameras[1].model == .simpleRadial)
    }

    @Test("is divided by its split")
    func split() throws {
        let images = try PosedImages(folder: set(split: "a.jpg query\nc.jpg off-map\nother.jpg map\n"))
        #expect(images.images(role: "map").isEmpty)
        #expect(images.images(role: "query").map(\.name) == ["a.jpg"])
        #expect(images.images(role: "off-map").map(\.name) == ["c.jpg"])
        #expect(images.images.count == 3)
    }

    @Test(
        "names the file, the line and the field that is wrong",
        arguments: [
            ("a.jpg 1 1 0 0 0 0 0", "pose"), ("a.jpg 2 1 0 0 0 0 0 0", "CAMERA_ID"),
            ("a.jpg 1 1 0 0 0 0 0 inf", "TZ"), ("a.jpg 1 2 0 0 0 0 0 0", "QW QX QY QZ"),
            ("../a.jpg 1 1 0 0 0 0 0 0", "NAME"), ("/a.jpg 1 1 0 0 0 0 0 0", "NAME"),
            ("a//b.jpg 1 1 0 0 0 0 0 0", "NAME"), ("a.jpg 1 1,0 0 0 0 0 0 0", "QW"),
        ])
    func badPose(line: String, field: String) {
        let folder = set(poses: "ok.jpg 1 1 0 0 0 0 0 0\n\(line)\n")
        let error = #expect(throws: MapError.self) { try PosedImages(folder: folder) }
        #expect(error?.field == "line 2, \(field)")
        #expect(error?.file == "\(folder)/poses.txt")
    }

    @Test("refuses names that occur twice, and cameras that cannot be")
    func twice() {
        let folder = set(poses: "a.jpg 1 1 0 0 0 0 0 0\na.jpg 1 1 0 0 0 0 0 0\n")
        let error = #expect(throws: MapError.self) { try PosedImages(folder: folder) }
        #expect(error?.field == "line 2, NAME")
        scratch.write("set/cameras.txt", text: "1 PINHOLE 640 480 -500 501 319.5 239.5")
        #expect(throws: MapError.self) { try PosedImages(folder: folder) }
        scratch.write("set/cameras.txt", text: "1 EQUIRECTANGULAR 640 480 640 480")
        let unsupported = #expect(throws: MapError.self) { try PosedImages(folder: folder) }
        #expect(unsupported?.problem.contains("EQUIRECTANGULAR is not supported") == true)
    }

    @Test(
        "may be a COLMAP model, whose pixels are half a pixel off",
        arguments: ["", "/sparse/0", "/sparse", "/model"])
    func colmap(place: String) throws {
        let folder = scratch.folder("colmap")
        _ = scratch.folder("colmap/images")
        var path = "colmap"
        for part in place.split(separator: "/") {
            path += "/\(part)"
            _ = scratch.folder(path)
        }
        let model = ColmapModel(
            cameras: [.init(id: 1, model: "SIMPLE_PINHOLE", width: 640, height: 480, parameters: [500, 320, 240])],
            images: [.init(id: 1, name: "a.jpg", camera: 1, cameraFromWorld: .identity)])
        try model.writeText(folder: folder + place)
        let images = try PosedImages(folder: folder)
        #expect(images.cameras.first?.principalPoint == Vector2(319.5, 239.5))
        #expect(images.images.first?.path == "\(folder)/images/a.jpg")
        #expect(images.images.first?.role == "map")
        let apart = try PosedImages(colmapModel: folder + place, imageFolder: "\(folder)/images")
        #expect(apart.images == images.images && apart.cameras == images.cameras)
        #expect(throws: MapError.self) { try PosedImages(colmapModel: folder + place, imageFolder: "/none") }
    }

    @Test("must hold something")
    func nothing() {
        let error = #expect(throws: MapError.self) { try PosedImages(folder: scratch.folder("empty")) }
        #expect(error?.kind == .missing)
        let missing = #expect(throws: MapError.self) { try PosedImages(folder: "\(scratch.path)/none") }
        #expect(missing?.kind == .missing)
        #expect(throws: MapError.self) { try PosedImages(folder: set(poses: "# none\n")) }
    }
}
