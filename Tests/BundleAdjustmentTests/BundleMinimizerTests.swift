import BundleAdjustment
import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// Scenes of known truth.
@Suite struct BundleMinimizerTests {
    private static let precise: MinimizationOptions = {
        var options = MinimizationOptions()
        options.relativeCostTolerance = 1e-13
        options.maximumEvaluations = 100
        return options
    }()

    @Test func exactPixelsGiveTheTruthBack() throws {
        let scene = try BundleScene(named: "exact", noise: 0)
        var problem = scene.problem()
        problem.fixedPoses = [0, 11]
        let start = scene.start(metres: 0.05, radians: 0.005, named: "exact start")
        var held = start
        (held.poses[0], held.poses[11]) = (scene.poses[0], scene.poses[11])
        let found = BundleMinimizer(options: Self.precise).minimize(problem, from: held)
        #expect(scene.worstPosition(found.state) < 1e-6)
        #expect(found.state.poses[0] == scene.poses[0] && found.state.poses[11] == scene.poses[11])
        #expect(found.cost < 1e-6)
    }

    /// The same bits, however many threads add them up.
    @Test func threadsDoNotChangeTheResult() throws {
        let scene = try BundleScene(named: "threads", points: 3000, noise: 0.5)
        var problem = scene.problem()
        problem.boresightSigma = 0.01
        problem.cameraPriors = [CameraPrior(camera: scene.camera, sigmas: [2, 2, 1, 1])]
        problem.priors = scene.poses.enumerated().map {
            .rotation(pose: $0, cameraFromMap: $1.rotation, sigma: 0.01)
        }
        problem.fixedPoses = [3]
        let start = scene.start(metres: 0.02, radians: 0.002, named: "threads start")
        let alone = BundleMinimizer(threads: 1).minimize(problem, from: start).state
        for threads in [2, 3, 7] {
            let found = BundleMinimizer(threads: threads).minimize(problem, from: start).state
            #expect(found.poses == alone.poses && found.points == alone.points && found.cameras == alone.cameras)
        }
    }

    /// Positions that are a metre off in one of five: the others place the drive.
    @Test func positionsThatAreFarOffAreLetGo() throws {
        let scene = try BundleScene(named: "satellites", images: 25, noise: 0.3)
        var g = SeededGenerator("satellites noise")
        var problem = scene.problem()
        problem.priors = scene.poses.enumerated().map { index, pose in
            let error = Vector3(g.normal(), g.normal(), g.normal()) * (index % 5 == 2 ? 1 : 0.02)
            return .position(
                pose: index, mapPosition: pose.originInSource + error,
                whitening: Matrix3(diagonal: Vector3(repeating: 50)), loss: .cauchy(scale: 3))
        }
        let start = scene.start(metres: 0.05, radians: 0.005, named: "satellites start")
        let found = BundleMinimizer(options: Self.precise).minimize(problem, from: start)
        #expect(scene.worstPosition(found.state) < 0.06)
    }

    /// Rotations that are all of a frame turned against the camera's: the turn is found, and the poses are not bent.
    @Test func theBoresightIsFound() throws {
        let scene = try BundleScene(named: "boresight", noise: 0.2)
        let turn = Rotation(exp: Vector3(0.004, -0.006, 0.003))
        var problem = scene.problem()
        problem.boresightSigma = 0.01
        problem.priors = scene.poses.enumerated().flatMap { index, pose -> [PosePrior] in
            [
                .rotation(pose: index, cameraFromMap: turn.inverse * pose.rotation, sigma: 0.001),
                .position(
                    pose: index, mapPosition: pose.originInSource,
                    whitening: Matrix3(diagonal: Vector3(repeating: 200)), loss: .squared),
            ]
        }
        let start = scene.start(metres: 0.02, radians: 0.005, named: "boresight start")
        let found = BundleMinimizer(options: Self.precise).minimize(problem, from: start).state
        #expect((found.boresight * turn.inverse).angle < 2e-3)
        #expect(scene.worstPosition(found) < 0.01)
    }

    /// A focal length that is two percent off, between known positions.
    @Test func theCameraIsCorrected() throws {
        let scene = try BundleScene(named: "camera", images: 16, points: 400, noise: 0.2)
        var problem = scene.problem()
        problem.priors = scene.poses.enumerated().map { index, pose in
            .position(
                pose: index, mapPosition: pose.originInSource, whitening: Matrix3(diagonal: Vector3(repeating: 1000)),
                loss: .squared)
        }
        let wrong = try Camera(model: .pinhole, parameters: [510, 515, 323, 238], width: 640, height: 480)
        problem.cameraPriors = [CameraPrior(camera: wrong, sigmas: [20, 20, 5, 5])]
        var start = scene.start(metres: 0.001, radians: 0.002, named: "camera start")
        start.cameras = [wrong]
        let found = BundleMinimizer(options: Self.precise).minimize(problem, from: start).state
        for (a, b) in zip(found.cameras[0].parameters, scene.camera.parameters) { #expect(abs(a - b) < 1) }
    }

    /// Odometry between images is enough to place a camera that sees nothing.
    @Test func aBlindImageFollowsItsOdometry() throws {
        var scene = try BundleScene(named: "blind", noise: 0.1)
        scene.observations.removeAll { $0.pose == 5 }
        var problem = scene.problem()
        problem.fixedPoses = [0, 11]
        problem.priors = (1..<12).map { to in
            .relative(
                from: to - 1, to: to, toFromFrom: scene.poses[to] * scene.poses[to - 1].inverse,
                sigma: (translation: 0.01, rotation: 0.001), loss: .squared)
        }
        var start = scene.start(metres: 0.05, radians: 0.005, named: "blind start")
        (start.poses[0], start.poses[11]) = (scene.poses[0], scene.poses[11])
        let found = BundleMinimizer(options: Self.precise).minimize(problem, from: start).state
        #expect(scene.worstPosition(found) < 0.005)
    }
}
