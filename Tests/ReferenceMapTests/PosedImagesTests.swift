import Geometry
import ReferenceMap
import Reporting
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
    }

    @Test(
        "refuses by name a camera model that is not supported, where an image has it; else it does not matter",
        arguments: [
            "FOV 640 480 1 2 3 4 5", "THIN_PRISM_FISHEYE 640 480 1 2 3 4 5 6 7 8 9 10 11 12",
            "EQUIRECTANGULAR 640 480 640 480", "BULGE 640 480 1 2", "PINHOLE 640 480 -1 2 3 4",
        ])
    func unsupported(camera: String) throws {
        let poses = "a.jpg 1 1 0 0 0 0 0 0\n"
        let folder = set(cameras: "1 \(camera)\n2 PINHOLE 640 480 5 5 4 3\n", poses: poses)
        let error = #expect(throws: MapError.self) { try PosedImages(folder: folder) }
        let name = camera.prefix { $0 != " " }
        let reason = name == "PINHOLE" ? "focal lengths" : "\(name) is not supported"
        #expect(error?.problem.contains(reason) == true && error?.file == "\(folder)/cameras.txt")
        scratch.write("set/poses.txt", text: "a.jpg 2 1 0 0 0 0 0 0\n")
        let images = try PosedImages(folder: folder)
        #expect(images.cameras.map(\.focalLength.x) == [5] && images.images.map(\.camera) == [0])
        #expect(images.unused.map(\.text) == ["cameras are used by no image: 1 (camera 1)"])
    }

    @Test("names what it holds that is not used, with the reason")
    func unused() throws {
        let folder = set(split: "a.jpg query\ngone.jpg map\nposeless.jpg map\noff.jpg off-map\n")
        _ = scratch.folder("set/images/sub")
        for name in ["a.jpg", "c.jpg", "poseless.jpg", "off.jpg", "sub/b.jpg", "sub/extra.png", "notes.txt"] {
            scratch.write("set/images/\(name)", [])
        }
        #expect(
            try PosedImages(folder: folder).unused.map(\.text) == [
                "names in split.txt match no image: 1 (gone.jpg)",
                "names in split.txt have no pose: 1 (poseless.jpg)",
                "images with a pose are not named in split.txt, and so are in no list: 2 (sub/b.jpg, c.jpg)",
                "images have no pose: 1 (sub/extra.png)",
            ])
    }

    @Test("a role that is spelled otherwise is refused, and does not take images away without a word")
    func role() {
        let folder = set(split: "a.jpg query\nc.jpg Map\n")
        let error = #expect(throws: MapError.self) { try PosedImages(folder: folder) }
        let text = error?.description ?? ""
        #expect(text.contains("line 2, ROLE: 'Map' is written 'map'"), "\(text)")
    }

    @Test("names every other file with poses, whatever layout is taken")
    func otherPoses() throws {
        let folder = set()
        let jsons = ["reconstruction.json", "transforms.json", "transforms_train.json", "transforms_test.json"]
        for name in jsons { scratch.write("set/\(name)", text: "{}") }
        _ = scratch.folder("set/sparse")
        _ = scratch.folder("set/sparse/0")
        for name in ["images.txt", "sparse/0/cameras.txt", "sparse/0/images.txt"] {
            scratch.write("set/\(name)", text: "")
        }
        let unused = try PosedImages(folder: folder).unused.map(\.text)
        let list = jsons.joined(separator: ", ")
        #expect(unused.contains("files with poses are not used, since there is a poses.txt: 4 (\(list))"))
        #expect(
            unused.contains(
                "COLMAP models are not used, since there is a poses.txt: 2 (images.txt or images.bin, sparse/0)"))
    }

    @Test(
        "of half a COLMAP model beside a whole one the whole one is taken, and the half is named",
        arguments: ["images", "cameras"])
    func halfModel(half: String) throws {
        let folder = scratch.folder("half")
        let model = ColmapModel(
            cameras: [.init(id: 1, model: "SIMPLE_PINHOLE", width: 640, height: 480, parameters: [500, 320, 240])],
            images: [.init(id: 1, name: "a.jpg", camera: 1, cameraFromWorld: .identity)])
        try model.writeText(folder: folder)
        scratch.write("half/\(half).bin", [1, 2, 3])
        let images = try PosedImages(folder: folder)
        #expect(images.images.map(\.name) == ["a.jpg"])
        let text = "binary files lie beside text ones, which are read instead: 1 (\(half).bin)"
        #expect(images.unused.map(\.text).contains(text), "\(images.unused)")
    }

    @Test("names at most ten, then counts")
    func many() throws {
        let folder = set()
        for index in 10..<25 { scratch.write("set/images/\(index).jpg", []) }
        let unused = try #require(try PosedImages(folder: folder).unused.first)
        #expect(unused.names.count == 15)
        #expect(
            unused.text
                == "images have no pose: 15 (" + (10..<20).map { "\($0).jpg" }.joined(separator: ", ") + " and 5 more)")
    }

    @Test("names may hold blanks, and differ from the file's in Unicode normalization")
    func names() throws {
        let folder = set(
            poses: "my  photo 1.jpg 1 1 0 0 0 0 0 0\nsub/\u{FC}.jpg 1 1 0 0 0 0 0 0\n",
            split: "my  photo 1.jpg query\nsub/u\u{308}.jpg map\n")
        _ = scratch.folder("set/images/sub")
        scratch.write("set/images/sub/u\u{308}.jpg", [])
        scratch.write("set/images/my  photo 1.jpg", [])
        let images = try PosedImages(folder: folder)
        #expect(images.images.map(\.role) == ["query", "map"] && images.unused.map(\.what) == ["cameras"])
        #expect(images.images[0].path == "\(folder)/images/my  photo 1.jpg")
        #expect(Array(images.images[1].path.utf8) == Array("\(folder)/images/sub/u\u{308}.jpg".utf8))
    }

    @Test("of several COLMAP models the largest is taken, and the others are named")
    func severalModels() throws {
        let folder = scratch.folder("several")
        for part in ["images", "sparse", "sparse/0", "sparse/1", "sparse/2", "model"] {
            _ = scratch.folder("several/\(part)")
        }
        func write(_ place: String, count: Int) throws {
            let model = ColmapModel(
                cameras: [.init(id: 1, model: "SIMPLE_PINHOLE", width: 640, height: 480, parameters: [500, 320, 240])],
                images: (1...count).map {
                    .init(id: UInt32($0), name: "\(place.last ?? "x")\($0).jpg", camera: 1, cameraFromWorld: .identity)
                })
            try model.writeText(folder: "\(folder)/\(place)")
        }
        for (place, count) in [("sparse/0", 2), ("sparse/1", 12), ("sparse/2", 3), ("model", 20)] {
            try write(place, count: count)
        }
        let images = try PosedImages(folder: folder)
        #expect(images.images.count == 12 && images.images[0].name == "11.jpg")
        #expect(
            images.unused.prefix(2).map(\.text) == [
                "COLMAP models are not used, since sparse/1, which is taken, has 12 images: "
                    + "2 (sparse/0 with 2, sparse/2 with 3)",
                "COLMAP models are not used, since there is one in \(folder)/sparse/1: 1 (model)",
            ])
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
        let apart = try PosedImages(model: folder + place, imageFolder: "\(folder)/images")
        #expect(apart.images == images.images && apart.cameras == images.cameras)
        #expect(throws: MapError.self) { try PosedImages(model: folder + place, imageFolder: "/none") }
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
