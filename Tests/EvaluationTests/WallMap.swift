import Capture
import Features
import Geometry
import Glibc
import Inference
import Mapping
import ReferenceMap
import TestSupport

/// A map of a wall, made by the shipped model from four images, and images to localize in it.
final class WallMap: Sendable {
    let folder = TemporaryFolder()
    let model: String
    let camera: Camera
    /// `cameraFromMap` of the query images `4.pgm`, `5.pgm`, ...: further along the wall, between the map's images.
    let truth: [RigidTransform]

    /// Made once for all tests; its folder goes with the process.
    static let shared: Result<WallMap, any Error> = {
        atexit { WallMap.remove() }
        return Result { try WallMap() }
    }()

    private static func remove() {
        if case .success(let wall) = shared { removeRecursively(wall.folder.path) }
    }

    var map: String { folder.file("wall.hfmap") }
    func image(_ index: Int) -> String { folder.file("images/\(index).pgm") }

    private init() throws {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        model = "\(root)/Sources/Inference/Model/hfnet.safetensors"
        camera = try Camera(
            model: .pinhole, parameters: [300, 300, 159.5, 119.5], width: Wall.width, height: Wall.height)
        let wall = Wall(named: "wall")
        let places = [0, 0.35, 0.7, 1.05, 0.15, 0.5]
        truth = places[4...].map { RigidTransform(rotation: .identity, translation: Vector3(-$0, 0, 0)) }
        var (poses, split) = ("", "")
        for (index, x) in places.enumerated() {
            folder.write("images/\(index).pgm", wall.picture(cameraX: x))
            poses += "\(index).pgm 1 1 0 0 0 \(-x) 0 0\n"
            split += "\(index).pgm \(index < 4 ? "map" : "query")\n"
        }
        folder.write("cameras.txt", "1 PINHOLE \(Wall.width) \(Wall.height) 300 300 159.5 119.5\n")
        folder.write("poses.txt", poses)
        folder.write("split.txt", split)
        _ = try MapProduction(model: try Model(opening: model), longSide: 320).produce(
            from: try PosedImages(folder: folder.path), to: folder.file("wall.hfmap"))
    }
}
