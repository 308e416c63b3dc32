import Features
import Geometry
import Inference
import ReferenceMap
import TestSupport
import Testing

/// A map of twenty landmarks before three cameras in a row, with descriptors by chance: of the committed model, but of
/// no place.
enum SmallMap {
    static let modelPath: String = {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        return root + "/Sources/Inference/Model/hfnet.safetensors"
    }()
    /// Opened once: that takes a second in a debug build.
    private static let model = Result { try Model(opening: modelPath) }
    static var modelID: String { get throws { try model.get().modelID } }

    @Sendable static func openModel(_ path: String) throws -> Model {
        path == modelPath ? try model.get() : try Model(opening: path)
    }

    static let cameraFile = "model: PINHOLE\nwidth: 96\nheight: 64\nparameters: [50, 50, 47.5, 31.5]\n"

    /// - Parameters:
    ///   - seed: another map for another seed.
    ///   - modelID: nil for the committed model's.
    static func write(to path: String, seed: UInt64 = 1, keyframes: Int = 3, modelID: String? = nil) throws {
        let model = try model.get()
        var random = SeededGenerator(seed: seed)
        let camera = try Camera(model: .pinhole, parameters: [50, 50, 47.5, 31.5], width: 96, height: 64)
        var contents = MapContents(
            modelID: modelID ?? model.modelID, longSide: 96, descriptorDimension: model.descriptorDimension,
            globalDimension: model.globalDimension, cameras: [camera], minimumShared: 5)
        contents.landmarks = (0..<20).map { _ in
            Vector3(
                .random(in: -1...1, using: &random), .random(in: -1...1, using: &random),
                .random(in: 8...12, using: &random))
        }
        for index in 0..<keyframes {
            let pose = RigidTransform(rotation: .identity, translation: Vector3(-Double(index), 0, 0))
            var global = GlobalDescriptor(dimension: model.globalDimension)
            for index in global.values.indices { global.values[index] = .random(in: -127...127, using: &random) }
            global.scale = 0.01
            var keyframe = MapContents.Keyframe(
                name: "\(index).jpg", camera: 0, cameraFromMap: pose, globalDescriptor: global, detectedKeypoints: 50)
            for landmark in contents.landmarks.indices {
                guard let pixel = camera.project(pose * contents.landmarks[landmark]), camera.contains(pixel)
                else { continue }
                keyframe.landmarks.append(UInt32(landmark))
                keyframe.pixels.append(SIMD2(Float(pixel.x), Float(pixel.y)))
                keyframe.descriptors += (0..<model.descriptorDimension).map { _ in
                    .random(in: -127...127, using: &random)
                }
            }
            contents.keyframes.append(keyframe)
        }
        try contents.write(to: path)
    }
}
