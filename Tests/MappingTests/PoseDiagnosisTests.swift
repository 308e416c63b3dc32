import Geometry
import Mapping
import ReferenceMap
import Testing
import TestSupport

/// A way to give poses or cameras wrongly, and words by which the diagnosis must name it; nil: nothing is wrong.
struct WrongInput: Sendable, CustomTestStringConvertible {
    let words: String?
    var pose: @Sendable (RigidTransform) -> RigidTransform = { $0 }
    var camera: @Sendable (Camera) throws -> Camera = { $0 }
    var testDescription: String { words ?? "nothing" }

    static func scaled(_ camera: Camera, focal: Double, centre: Double = 1) throws -> Camera {
        var values = camera.parameters
        for i in 0..<2 { values[i] *= focal }
        for i in 2..<4 { values[i] = (values[i] + 0.5) * centre - 0.5 }
        return try Camera(model: camera.model, parameters: values, width: camera.width, height: camera.height)
    }

    static let all = [
        WrongInput(words: nil),
        WrongInput(words: "map from camera (camera to world)") { $0.inverse },
        WrongInput(words: "the quaternions are x, y, z, w") {
            let (w, v) = ($0.rotation.w, $0.rotation.imaginary)
            return RigidTransform(rotation: Rotation(w: v.x, x: v.y, y: v.z, z: w), translation: $0.translation)
        },
        WrongInput(words: "the focal length is half") { try scaled($0, focal: 2) },
        WrongInput(words: "the focal length is twice") { try scaled($0, focal: 0.5) },
        WrongInput(words: "images half as large") { try scaled($0, focal: 0.5, centre: 0.5) },
        WrongInput(words: "images twice as large") { try scaled($0, focal: 2, centre: 2) },
        WrongInput(words: "% longer") { try scaled($0, focal: 0.85) },
        WrongInput(words: "% shorter") { try scaled($0, focal: 1.15) },
        WrongInput(words: "left-handed frame (y mirrored") {
            let mirror = Matrix3(diagonal: Vector3(1, -1, 1))
            return RigidTransform(
                rotation: Rotation(matrix: mirror * $0.rotation.matrix * mirror),
                translation: $0.translation * Vector3(1, -1, 1))
        },
        WrongInput(words: "OpenGL or Blender (y up, z backward)") {
            let turn = Matrix3(diagonal: Vector3(1, -1, -1))
            return RigidTransform(
                rotation: Rotation(matrix: turn * $0.rotation.matrix), translation: $0.translation * Vector3(1, -1, -1))
        },
    ]

    private init(words: String?) { self.words = words }

    private init(words: String, pose: @escaping @Sendable (RigidTransform) -> RigidTransform) {
        (self.words, self.pose) = (words, pose)
    }

    private init(words: String, camera: @escaping @Sendable (Camera) throws -> Camera) {
        (self.words, self.camera) = (words, camera)
    }
}

@Suite("What contradicts images") struct PoseDiagnosisTests {
    private func diagnosis(of scene: SyntheticScene) -> PoseDiagnosis {
        var summary = MappingSummary()
        _ = MapBuilder().build(
            scene.images, cameras: scene.cameras, network: MapBuilderTests.network, summary: &summary)
        return summary.diagnosis
    }

    @Test("each usual mistake is named", arguments: WrongInput.all)
    func named(_ wrong: WrongInput) throws {
        var scene = try SyntheticScene(named: "diagnosis", noise: 0.4)
        for index in scene.images.indices {
            scene.images[index].cameraFromMap = wrong.pose(scene.images[index].cameraFromMap)
        }
        scene.cameras = try scene.cameras.map(wrong.camera)
        let found = diagnosis(of: scene)
        guard let words = wrong.words else {
            #expect(found.share > 0.9 && found.contradiction == nil, "\(found)")
            return
        }
        #expect(found.contradiction?.problem.contains(words) == true, "\(found)")
    }

    @Test("images that have the poses of others are out of order")
    func order() throws {
        var scene = try SyntheticScene(named: "out of order", noise: 0.4)
        let poses = scene.images.map(\.cameraFromMap)
        for index in scene.images.indices { scene.images[index].cameraFromMap = poses[max(index - 1, 0)] }
        #expect(diagnosis(of: scene).contradiction?.problem.contains("out of order") == true)
    }

    @Test("poses that are off by chance are no usual mistake")
    func chance() throws {
        var random = SeededGenerator("poses off by chance")
        var scene = try SyntheticScene(named: "chance", noise: 0.4)
        for index in scene.images.indices {
            let turn = Rotation(
                exp: Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()) * 0.03)
            scene.images[index].cameraFromMap =
                RigidTransform(rotation: turn, translation: .zero)
                * scene.images[index].cameraFromMap
        }
        let found = diagnosis(of: scene)
        #expect(found.mistake == nil && found.share < 0.6, "\(found)")
    }
}
