import Geometry
import GeometryFixtures
import ReferenceMap
import TestSupport
import Testing

/// What files hold of every camera model; a new one is tested by its line in `CameraSamples`.
@Suite("Camera models")
struct CameraModelTests {
    let scratch = Scratch()

    private func colmap(_ camera: Camera) -> ColmapModel {
        ColmapModel(
            cameras: [
                .init(
                    id: 3, model: camera.model.rawValue, width: camera.width, height: camera.height,
                    parameters: camera.colmapParameters)
            ],
            images: [.init(id: 1, name: "a.jpg", camera: 3, cameraFromWorld: .identity)], points: [])
    }

    @Test("come back from COLMAP's text", arguments: CameraSamples.all)
    func text(camera: Camera) throws {
        _ = scratch.folder("images")
        try colmap(camera).writeText(folder: scratch.folder("model"))
        #expect(try PosedImages(folder: scratch.path).cameras == [camera])
    }

    @Test("come back from COLMAP's binary files", arguments: CameraSamples.all)
    func binary(camera: Camera) throws {
        _ = scratch.folder("images")
        _ = scratch.folder("model")
        let model = colmap(camera)
        let ids = [camera.model.rawValue: camera.model.colmapID]
        _ = scratch.write("model/cameras.bin", ColmapBytes.cameras(model, ids: ids))
        _ = scratch.write("model/images.bin", ColmapBytes.images(model))
        #expect(try PosedImages(folder: scratch.path).cameras == [camera])
    }

    @Test("come back from a list of posed images", arguments: CameraSamples.all)
    func posedImages(camera: Camera) throws {
        let numbers = camera.parameters.map { "\($0)" }.joined(separator: " ")
        _ = scratch.folder("images")
        _ = scratch.write("cameras.txt", text: "1 \(camera.model.rawValue) 640 480 \(numbers)\n")
        _ = scratch.write("poses.txt", text: "a.jpg 1 1 0 0 0 0 0 0\n")
        #expect(try PosedImages(folder: scratch.path).cameras == [camera])
    }

    @Test("come back from a map file")
    func map() throws {
        var contents = try SmallMap.contents(named: "models")
        contents.cameras += CameraSamples.all
        let path = "\(scratch.path)/a.hfmap"
        try contents.write(to: path)
        #expect(try ReferenceMap(opening: path).cameras == contents.cameras)
    }
}
