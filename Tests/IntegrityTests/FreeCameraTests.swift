import CAllocationCounter
import Features
import Geometry
import GeometryFixtures
import Integrity
import Testing
import TestSupport

@Suite struct FreeCameraTests {
    @Test("analytic derivatives are the numeric ones", arguments: CameraSamples.all + CameraSamples.hard)
    func derivatives(camera: Camera) throws {
        var g = SeededGenerator("free camera \(camera.model)")
        let scene = IntegrityScene(&g, camera: camera, count: 20, noise: 2)
        let free = FreeCamera(logFocal: 0.03, shift: Vector2(4, -3))
        let state = FreeCameraFit.State(pose: scene.cameraFromMap, camera: free)
        func equations(_ state: FreeCameraFit.State) -> FreeCameraEquations {
            var sum = FreeCameraEquations()
            for c in scene.correspondences { FreeCameraFit.add(c, state, camera, .cauchy(scale: 5), to: &sum) }
            return sum
        }
        let here = equations(state)
        let gradient = (0..<6).map { here.pose.gradient[$0] } + (0..<3).map { here.cameraGradient[$0] }
        let largest = gradient.reduce(0) { max($0, abs($1)) }
        for parameter in 0..<9 {
            let size = parameter < 7 ? 1e-6 : 1e-4
            let costs = [size, -size].map { step in
                var (pose, camera) = (Twist.zero, Vector3.zero)
                if parameter < 6 { pose[parameter] = step } else { camera[parameter - 6] = step }
                return equations(state.moved(by: (pose, camera))).pose.cost
            }
            // The gradient is half the cost's.
            let numeric = (costs[0] - costs[1]) / (4 * size)
            #expect(abs(numeric - gradient[parameter]) < 1e-5 * largest, "parameter \(parameter)")
        }
    }

    @Test("a corrected camera projects as the equations have it", arguments: CameraSamples.all)
    func correction(camera: Camera) throws {
        let free = FreeCamera(logFocal: -0.04, shift: Vector2(7, 2))
        let point = Vector3(0.7, -0.4, 3)
        let given = try #require(camera.project(point))
        let corrected = try #require(free.applied(to: camera).project(point))
        let expected = camera.principalPoint + free.shift + (given - camera.principalPoint) * free.focalRatio
        #expect((corrected - expected).length < 1e-9)
    }

    @Test("a wrong camera file is found, and the pose that it hid", arguments: CameraSamples.all)
    func wrongCamera(camera: Camera) throws {
        var g = SeededGenerator("wrong camera \(camera.model)")
        let scene = IntegrityScene(&g, camera: camera, count: 600, outliers: 0.2)
        let truth = FreeCamera(logFocal: naturalLogarithm(1.05), shift: Vector2(12, -6))
        let given = FreeCamera(logFocal: -truth.logFocal, shift: truth.shift * -1).applied(to: camera)
        var fit = FreeCameraFit(capacity: 600)
        let believed = PoseMinimizer().minimize(from: scene.cameraFromMap) { pose, equations in
            for c in scene.correspondences {
                equations.add(pose * c.point, by: given, seenAt: c.pixel, loss: .cauchy(scale: 3))
            }
        }.pose
        let fitted = fit.fit(from: believed, scene.correspondences, camera: given, radius: 24)
        let found = try #require(fitted)
        #expect(abs(found.camera.logFocal - truth.logFocal) < 5 * found.deviations.x)
        #expect(found.deviations.x < 0.004)
        func error(_ pose: RigidTransform) -> Double {
            (pose.originInSource - scene.cameraFromMap.originInSource).length
        }
        #expect(error(found.cameraFromMap) < 0.1 * error(believed))
        #expect(found.inlierCount > 470 && found.inlierCount < 520)
        #expect(abs(found.noise - 0.5) < 0.08)
        let chiSquare = CalibrationTest.chiSquare(
            found.camera.vector, covariance: found.covariance, camera: given)
        #expect(chiSquare > 3 * CalibrationTest.limit)
    }

    @Test("the estimate errs as its covariance says, with errors shared by parts of the image")
    func consistency() throws {
        var g = SeededGenerator("free camera consistency")
        var (camera, position, accused) = ([Double](), [Double](), 0)
        var fit = FreeCameraFit(capacity: 500)
        for _ in 0..<200 {
            let scene = IntegrityScene(&g, camera: testCamera, count: 500, noise: 0.5, shared: 0.5)
            let fitted = fit.fit(from: scene.cameraFromMap, scene.correspondences, camera: testCamera, radius: 24)
            let found = try #require(fitted)
            let inverse = try #require(found.covariance.inverse)
            camera.append(found.camera.vector.dot(inverse * found.camera.vector))
            let error = NormalizedError(
                estimate: found.cameraFromMap, truth: scene.cameraFromMap, covariance: found.poseCovariance)
            position.append(try #require(error).position)
            let chiSquare = CalibrationTest.chiSquare(
                found.camera.vector, covariance: found.covariance, camera: testCamera)
            if chiSquare > CalibrationTest.limit { accused += 1 }
        }
        let within = camera.count { $0 < NormalizedError.bound95 }
        #expect(within >= 160, "\(within) of 200 within the 95 % bound")
        #expect(median(&camera) < 4)
        #expect(median(&position) < 4)
        #expect(accused <= 1)
    }

    @Test("a wall seen head-on leaves the focal length open, and relief fixes it")
    func observability() throws {
        var g = SeededGenerator("wall")
        var deviations: [Double] = []
        var fit = FreeCameraFit(capacity: 500)
        for depth in [10.0...10.0, 9.75...10.25, 5.0...20.0] {
            let scene = IntegrityScene(&g, camera: testCamera, count: 500, depth: depth)
            let fitted = fit.fit(from: scene.cameraFromMap, scene.correspondences, camera: testCamera, radius: 24)
            let found = try #require(fitted)
            deviations.append(found.deviations.x)
            let chiSquare = CalibrationTest.chiSquare(
                found.camera.vector, covariance: found.covariance, camera: testCamera)
            #expect(chiSquare < CalibrationTest.limit)
        }
        #expect(deviations[0] > 0.05 && deviations[1] < 0.02 && deviations[2] < 0.002, "\(deviations)")
    }

    @Test("too few, or points that fix no pose, give no estimate")
    func nothing() {
        var g = SeededGenerator("nothing")
        let scene = IntegrityScene(&g, camera: testCamera, count: 19)
        var fit = FreeCameraFit(capacity: 20)
        let few = fit.fit(from: scene.cameraFromMap, scene.correspondences, camera: testCamera, radius: 24)
        #expect(few == nil)
        let same = [Correspondence](repeating: scene.correspondences[0], count: 40)
        let open = fit.fit(from: scene.cameraFromMap, same, camera: testCamera, radius: 24)
        #expect(open == nil)
        let none = fit.fit(from: scene.cameraFromMap, [], camera: testCamera, radius: 24)
        #expect(none == nil)
    }

    @Test("once warm, nothing is allocated")
    func allocations() {
        guard hf_allocations_counted() == 1 else { return }
        var g = SeededGenerator("allocations")
        let scene = IntegrityScene(&g, camera: testCamera, count: 500, outliers: 0.1)
        let isInlier = [Bool](repeating: true, count: 500)
        var fit = FreeCameraFit(capacity: 500)
        var covariance = PoseCovariance()
        hf_allocations_begin()
        let found = fit.fit(from: scene.cameraFromMap, scene.correspondences, camera: testCamera, radius: 24)
        let pose = covariance.estimate(
            at: scene.cameraFromMap, scene.correspondences, isInlier: isInlier, camera: testCamera)
        let purity = Purity(of: scene.correspondences, at: scene.cameraFromMap, camera: testCamera)
        let allocations = hf_allocations_end()
        #expect(allocations == 0)
        #expect(found != nil && pose != nil && purity.ratio > 0.85)
    }
}
