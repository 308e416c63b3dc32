import BundleAdjustment
import Geometry
import GeometryFixtures
import TestSupport

/// A drive past points, whose truth is known.
struct BundleScene {
    var poses: [RigidTransform] = []
    var points: [Vector3] = []
    var camera: Camera
    var observations: [BundleProblem.Observation] = []

    /// - Parameter noise: of a keypoint, pixels.
    init(named name: String, images: Int = 12, points count: Int = 150, noise: Double) throws {
        var g = SeededGenerator(name)
        camera = try Camera(model: .pinhole, parameters: [500, 505, 320, 240], width: 640, height: 480)
        for i in 0..<images {
            let turn = Rotation(exp: Vector3(0.02 * g.normal(), 0.3 * Double(i) / Double(images), 0.02 * g.normal()))
            let centre = Vector3(0.8 * Double(i), 0.05 * g.normal(), 0.2 * g.normal())
            poses.append(RigidTransform(rotation: turn, translation: -(turn * centre)))
        }
        points = (0..<count).map { _ in Vector3(g.uniform(-4, 12), g.uniform(-3, 3), g.uniform(6, 15)) }
        for (number, point) in points.enumerated() {
            for (index, pose) in poses.enumerated() {
                guard let pixel = camera.project(pose * point), camera.contains(pixel) else { continue }
                let error = Vector2(g.normal(), g.normal()) * noise
                observations.append(.init(pose: Int32(index), point: Int32(number), pixel: pixel + error))
            }
        }
    }

    func problem() -> BundleProblem {
        BundleProblem(
            observations: observations, cameraOfPose: poses.map { _ in 0 }, pointCount: points.count)
    }

    /// The truth, disturbed.
    func start(metres: Double, radians: Double, named name: String) -> BundleState {
        var g = SeededGenerator(name)
        func vector(_ size: Double) -> Vector3 { Vector3(g.normal(), g.normal(), g.normal()) * size }
        return BundleState(
            poses: poses.map {
                RigidTransform(exp: Twist(translation: vector(metres), rotation: vector(radians))) * $0
            },
            points: points.map { $0 + vector(metres) }, cameras: [camera])
    }

    /// Largest distance of a pose's position from the truth.
    func worstPosition(_ state: BundleState) -> Double {
        zip(state.poses, poses).map { ($0.originInSource - $1.originInSource).length }.max() ?? 0
    }
}
