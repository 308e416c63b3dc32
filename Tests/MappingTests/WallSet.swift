import Inference
import Mapping
import ReferenceMap
import TestSupport

/// A folder of images with poses: a wall of random rectangles, 5 m away, as cameras along it see it.
struct WallSet {
    let folder = TemporaryFolder()
    private let wall = Wall(named: "wall")

    init(images count: Int = 4) {
        folder.write("cameras.txt", "1 PINHOLE \(Wall.width) \(Wall.height) 300 300 159.5 119.5\n")
        write(count)
    }

    /// The set with so many images.
    func write(_ count: Int) {
        var poses = ""
        for index in 0..<count {
            folder.write("images/\(index).pgm", wall.picture(cameraX: 0.35 * Double(index)))
            poses += "\(index).pgm 1 1 0 0 0 \(-0.35 * Double(index)) 0 0\n"
        }
        folder.write("poses.txt", poses)
    }

    /// The model that the repository carries.
    static func model() throws -> Model {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try Model(opening: "/\(root)/Sources/Inference/Model/hfnet.safetensors")
    }

    /// Builds the set's map as a file in the folder.
    func produce(
        _ name: String, cache: BuildCache? = nil, removesUnused: Bool = false, threads: Int = 2,
        options: MappingOptions = MappingOptions()
    ) throws -> MappingSummary {
        var production = MapProduction(model: try Self.model(), longSide: 640, options: options)
        (production.cache, production.removesUnused, production.threads) = (cache, removesUnused, threads)
        return try production.produce(
            from: try PosedImages(folder: folder.path), to: folder.file(name), notes: ["provenance.source": "wall"]
        ).summary
    }
}
