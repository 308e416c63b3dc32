import Capture
import Features
import Files
import Geometry
import Glibc
import Inference
import LocalizationOptions
import Localizer
import Mapping
import ReferenceMap

/// The shipped model, a map of the sample's first drive, and the first frames of its second, and of where the map does
/// not reach.
struct SampleDrive {
    let model: Model
    let map: ReferenceMap
    let camera: Camera
    let frames: [GreyImage]
    let offMap: [GreyImage]
    /// `cameraFromMap` of each frame.
    let truth: [RigidTransform]

    /// Made once for all tests.
    static let shared = Result { try SampleDrive() }

    private init() throws {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let model = try Model(opening: "\(root)/Sources/Inference/Model/hfnet.safetensors")
        let images = try PosedImages(folder: "\(root)/Tests/Sample")
        let path = "/tmp/hfloc-sample-drive-\(getpid()).hfmap"
        defer { unsafe unlink(path) }  // The mapping stays.
        _ = try MapProduction(model: model, longSide: 640).produce(from: images, to: path)
        let queries = images.images(role: "query").prefix(12)
        self.model = model
        map = try ReferenceMap(opening: path)
        camera = images.cameras[0]
        frames = try queries.map { try Self.read($0.path) }
        let split = try WholeFile.read("\(root)/Tests/Sample/split.txt", atMost: 1 << 20)
        offMap = try String(decoding: split, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
            .filter { $0.last == "off-map" }
            .map { try Self.read("\(root)/Tests/Sample/images/\($0[0])") }
        truth = queries.map(\.cameraFromMap)
    }

    /// More of the second drive, until it leaves the map: images and `cameraFromMap`.
    static func longer(_ count: Int) throws -> [(image: GreyImage, truth: RigidTransform)] {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let queries = try PosedImages(folder: "\(root)/Tests/Sample").images(role: "query").prefix(count)
        return try queries.map { (try read($0.path), $0.cameraFromMap) }
    }

    private static func read(_ path: String) throws -> GreyImage {
        var image = GreyImage(width: 1, height: 1)
        try ImageFile.readGrey(path, into: &image)
        return image
    }

    func localizer(_ options: LocalizerOptions = LocalizerOptions()) throws -> Localizer {
        try Localizer(model: model, map: map, camera: camera, options: options)
    }

    /// The capture stamp of frame `index` at ten frames a second.
    func stamp(_ index: Int) -> UInt64 { UInt64(index + 10) * 100_000_000 }

    /// Whether a pose is within 10 cm and 1 degree of the truth of frame `index`.
    func isRight(_ result: Localization, _ index: Int) -> Bool {
        guard let pose = result.cameraFromMap else { return false }
        let rotation = (pose.rotation * truth[index].rotation.inverse).angle
        return (pose.originInSource - truth[index].originInSource).length <= 0.1 && rotation <= .pi / 180
    }
}
