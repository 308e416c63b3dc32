import Capture
import Container
import Errors
import Evaluation
import Features
import Files
import Geometry
import Inference
import LocalizationOptions
import Localizer
import ReferenceMap
import Reporting
import Retrieval
import TestSupport
import Testing

/// On a map of the shipped model.
@Suite("Images localized off line", .serialized)
struct OfflineLocalizerTests {
    private let wall: WallMap
    private let localizer: OfflineLocalizer

    init() throws {
        wall = try WallMap.shared.get()
        localizer = try OfflineLocalizer(model: wall.model, map: wall.map, options: LocalizerOptions())
    }

    private func localize(_ index: Int, follows: Bool, camera: Camera? = nil) throws -> LocalizedImage {
        try localizer.localize(
            wall.image(index), camera: camera ?? wall.camera, captureTime: UInt64(index) * 100_000_000, follows: follows
        )
    }

    @Test("an image that follows is tracked; one on its own is retrieved")
    func follows() throws {
        // Until enough frames agree, each is looked for as if nothing were known.
        for index in 0..<LocalizerOptions().agreement {
            #expect(try localize(index, follows: true).result.source == .retrieval)
        }
        #expect(try localize(3, follows: true).result.source == .cachedPlace)
        let alone = try localize(5, follows: false)
        #expect(alone.result.source == .retrieval && alone.grey.width == Wall.width)
        let pose = try #require(alone.result.cameraFromMap)
        #expect(PoseError(estimated: pose, truth: wall.truth[1]).position < 0.1)
    }

    @Test("a camera has one localizer, another camera another one")
    func cameras() throws {
        let other = try Camera(
            model: .pinhole, parameters: [290, 290, 159.5, 119.5], width: Wall.width, height: Wall.height)
        let first = try localize(4, follows: false)
        #expect(try localize(5, follows: false).localizer === first.localizer)
        #expect(try localize(5, follows: false, camera: other).localizer !== first.localizer)
    }

    @Test("many cameras have few localizers: those that were used last")
    func manyCameras() throws {
        let localizer = try OfflineLocalizer(model: wall.model, map: wall.map, options: LocalizerOptions())
        func localize(_ focal: Double) throws -> Localizer {
            let camera = try Camera(
                model: .pinhole, parameters: [focal, focal, 159.5, 119.5], width: Wall.width, height: Wall.height)
            return try localizer.localize(wall.image(4), camera: camera, captureTime: 0, follows: false).localizer
        }
        let first = try localize(300)
        for index in 1...20 {
            _ = try localize(300 + Double(index))
            // Used again and again, it stays.
            #expect(try localize(300) === first)
            #expect(localizer.localizerCount == min(index + 1, OfflineLocalizer.mostLocalizers))
        }
        let last = try localize(320)
        for index in 1...OfflineLocalizer.mostLocalizers { _ = try localize(280 + Double(index)) }
        #expect(try localize(320) !== last)
    }

    @Test("a strip that is too small for the network is named by its size, with the size that is needed")
    func strip() throws {
        let camera = try Camera(model: .pinhole, parameters: [300, 300, 159.5, 2.5], width: 640, height: 6)
        wall.folder.write("strip.pgm", Array("P5 640 6 255\n".utf8) + [UInt8](repeating: 9, count: 640 * 6))
        let error = #expect(throws: LocalizerError.self) {
            try localizer.localize(
                wall.folder.file("strip.pgm"), camera: camera, captureTime: 0, follows: false)
        }
        #expect(
            error?.description
                == "image of 640 x 6 pixels: too small for the network; give images of at least 127 pixels on the "
                + "short side for 640 on the long one, which is reduced to 320")
    }

    @Test("an image of another size than its camera's is refused, and both sizes are named")
    func otherSize() throws {
        let camera = try Camera(model: .pinhole, parameters: [500, 500, 400, 300], width: 800, height: 600)
        let failure = #expect(throws: Failure.self) { try localize(4, follows: false, camera: camera) }
        #expect(failure?.status == .badData)
        #expect(
            failure?.description
                == "\(wall.image(4)): size 320x240, but its camera is for 800x600; give intrinsics of this size")
    }

    @Test("a map, a model or an image that is missing is named")
    func missing() throws {
        #expect(throws: MapError.self) {
            try OfflineLocalizer(model: wall.model, map: "/none.hfmap", options: LocalizerOptions())
        }
        #expect(throws: ModelError.self) {
            try OfflineLocalizer(model: "/none.safetensors", map: wall.map, options: LocalizerOptions())
        }
        #expect(throws: ImageError.self) {
            try localizer.localize("/none.jpg", camera: wall.camera, captureTime: 0, follows: false)
        }
    }

    @Test("a picture shows the frame at twice its size, inliers where their landmarks are")
    func drawing() throws {
        let drawing = try Drawing(folder: wall.folder.file("pictures"))
        _ = try Drawing(folder: wall.folder.file("pictures"))
        try drawing.draw("images/4.pgm", try localize(4, follows: false))
        var picture = GreyImage(width: 1, height: 1)
        try ImageFile.readGrey(wall.folder.file("pictures/images_4.pgm.png"), into: &picture)
        #expect(picture.width == 640 && picture.height == 480)
        // No brightness of the dimmed image: the luma of the marks.
        let lumas = Set(picture.pixels)
        let inlier: Double = 0.587 * 230 + 0.114 * 60
        #expect(lumas.contains(UInt8(inlier.rounded())), "no inlier")
        #expect(throws: FileError.self) { try Drawing(folder: wall.folder.file("pictures/images_4.pgm.png")) }
    }

    @Test("the frames that an image reminds of, each with its place")
    func retrieved() throws {
        let map = try ReferenceMap(opening: wall.map)
        let model = try Model(opening: wall.model)
        var network = FittingNetwork(model: model, longSide: map.longSide, maximumKeypoints: 1000)
        var (image, global) = (GreyImage(width: 1, height: 1), GlobalDescriptor(dimension: model.globalDimension))
        var features = LocalFeatures(dimension: model.descriptorDimension)
        try ImageFile.readGrey(wall.image(0), into: &image)
        let fitting = try network.network(for: image)
        fitting.extractLocal(from: image, into: &features)
        fitting.extractGlobal(of: features, into: &global)
        var retriever = Retriever(map: map, priors: 3)
        retriever.retrieve(global)
        let found = RetrievedFrames(image: "x.jpg", retriever, in: map)
        #expect(found.frames.count == 3 && found.frames[0].name == "0.pgm" && found.frames[0].similarity > 0.99)
        #expect(found.frames.allSatisfy { $0.place == 0 })
    }

    @Test("retrieved frames as lines and as JSON")
    func retrievedText() throws {
        let found = RetrievedFrames(
            image: "x.jpg",
            frames: [
                .init(name: "a.jpg", similarity: 0.75, place: 1), .init(name: "b.jpg", similarity: -0.5, place: -1),
            ])
        #expect(found.text == "x.jpg\n    1  0.7500  place 2  a.jpg\n    2  -0.5000  place 0  b.jpg")
        #expect(
            found.json == #"{"image": "x.jpg", "priors": [{"keyframe": "a.jpg", "similarity": 0.75, "place": 1}, "#
                + #"{"keyframe": "b.jpg", "similarity": -0.5, "place": -1}]}"#)
        #expect(RetrievedFrames(image: "x.jpg", frames: []).text == "x.jpg")
    }

    @Test("a benchmark times the branches, the map, and frames alone and in a row")
    func benchmark() throws {
        var benchmark = Benchmark(model: try Model(opening: wall.model), keypoints: 200)
        try benchmark.measureNetwork(width: 96, height: 64, runs: 2)
        try benchmark.measureLocalization(map: wall.map, images: wall.folder.path) { path, image in
            (try? ImageFile.readGrey(path, into: &image)) != nil
        }
        let table = try JSON(parsing: benchmark.table.json)
        #expect(table["network, global branch"]?["n"]?.int == 2 && table["map, opening"]?["n"]?.int == 5)
        // Two alone, and two in a row, which are too few to agree.
        #expect(table["cold, frame"]?["n"]?.int == 4 && table["tracking, frame"] == nil)
        #expect(table.object?.allSatisfy { $0.value["min"]?.double ?? -1 >= 0 } == true)
        #expect(benchmark.table.text.hasPrefix("network 96x64, "))
        #expect(throws: ModelError.self) { try benchmark.measureNetwork(width: 30, height: 30, runs: 1) }
    }

    @Test("a set without queries cannot be driven through")
    func noQueries() throws {
        let folder = TemporaryFolder()
        folder.write("cameras.txt", "1 PINHOLE 8 6 5 5 4 3\n")
        folder.write("poses.txt", "a.jpg 1 1 0 0 0 0 0 0\n")
        var benchmark = Benchmark(model: try Model(opening: wall.model), keypoints: 200)
        let failure = #expect(throws: Failure.self) {
            try benchmark.measureLocalization(map: wall.map, images: folder.path) { _, _ in true }
        }
        #expect(failure?.description == "\(folder.path): split.txt marks no image 'query'")
    }
}
