import Features
import Geometry
import ReferenceMap
import TestSupport

/// A consistent map of random landmarks before a row of cameras: each landmark is observed, without error, by a random
/// choice of the cameras that see it.
enum SmallMap {
    static let dimension = 32
    static let globalDimension = 16

    static func contents(named name: String, keyframes: Int = 9, landmarks: Int = 300) throws -> MapContents {
        var random = SeededGenerator(name)
        let cameras = [
            try Camera(
                model: .openCV, parameters: [500, 510, 318, 242, -0.1, 0.02, 0.001, -0.0005], width: 640, height: 480),
            try Camera(model: .simplePinhole, parameters: [450, 320, 176], width: 640, height: 352),
        ]
        var map = MapContents(
            modelID: String(repeating: "ab", count: 32), longSide: 640, descriptorDimension: dimension,
            globalDimension: globalDimension, cameras: cameras, minimumShared: 15,
            notes: ["provenance.source": "a \"test\"\n"])
        map.landmarks = (0..<landmarks).map { _ in
            Vector3(
                .random(in: -3...6, using: &random), .random(in: -2...2, using: &random),
                .random(in: 4...12, using: &random))
        }
        for index in 0..<keyframes {
            map.keyframes.append(keyframe(index, of: map, &random))
        }
        return map
    }

    private static func keyframe(
        _ index: Int, of map: MapContents, _ random: inout SeededGenerator
    ) -> MapContents.Keyframe {
        let pose = RigidTransform(
            rotation: Rotation(exp: Vector3(0.02, 0.05 * Double(index % 3), 0.01)),
            translation: Vector3(-0.4 * Double(index), 0.05, 0))
        var global = GlobalDescriptor(dimension: globalDimension)
        global.values = (0..<globalDimension).map { _ in .random(in: -127...127, using: &random) }
        global.scale = 0.01
        var keyframe = MapContents.Keyframe(
            name: "drive/\(index)é.jpg", camera: index % 2, cameraFromMap: pose, globalDescriptor: global,
            detectedKeypoints: 500)
        let camera = map.cameras[keyframe.camera]
        for landmark in map.landmarks.indices.shuffled(using: &random) {
            guard Bool.random(using: &random), let pixel = camera.project(pose * map.landmarks[landmark]),
                camera.contains(pixel)
            else { continue }
            keyframe.landmarks.append(UInt32(landmark))
            keyframe.pixels.append(SIMD2(Float(pixel.x), Float(pixel.y)))
            keyframe.descriptors += (0..<dimension).map { _ in Int8.random(in: -127...127, using: &random) }
        }
        return keyframe
    }
}
