import Features
import Geometry
import GeometryFixtures
import PoseEstimation
import Testing
import TestSupport

@Suite struct PoseEstimatorTests {
    static func camera(_ model: CameraModel, _ parameters: [Double]) -> Camera {
        do { return try Camera(model: model, parameters: parameters, width: 640, height: 480) } catch {
            preconditionFailure("\(error)")
        }
    }

    static let pinhole = camera(.pinhole, [500, 500, 319.5, 239.5])
    static let cameras = [
        pinhole, camera(.openCV, [458.654, 457.296, 326.715, 247.875, -0.28340811, 0.07395907, 0.00019, 1.76e-05]),
        camera(.openCVFisheye, [190.978, 190.973, 320, 240, 0.00348, 0.000715, -0.00205, 0.0002]),
    ]

    @Test("as accurate as least squares on the true matches", .slow, arguments: cameras, [0, 0.5, 0.8])
    func accuracy(camera: Camera, outlierShare: Double) {
        var g = SeededGenerator(seed: 51)
        let estimator = PoseEstimator(capacity: 500)
        var (rotations, positions) = ([Double](), [Double]())
        var (oracleRotations, oraclePositions) = ([Double](), [Double]())
        for _ in 0..<500 {
            let scene = Scene(&g, camera: camera, count: 500, outlierShare: outlierShare, noise: 1)
            guard let estimate = estimator.estimate(scene.correspondences, camera: camera) else {
                Issue.record("lost")
                continue
            }
            let (error, best) = (scene.error(estimate.cameraFromMap), scene.error(scene.oracle()))
            rotations.append(error.rotation)
            positions.append(error.position)
            oracleRotations.append(best.rotation)
            oraclePositions.append(best.position)
            #expect(error.rotation < 0.01 && error.position < 0.2)
            #expect(estimate.inlierCount == estimator.isInlier.count { $0 })
            let missed = zip(estimator.isInlier, scene.isTrue).count { !$0 && $1 }
            let wrong = zip(estimator.isInlier, scene.isTrue).count { $0 && !$1 }
            #expect(missed <= 3 && wrong <= 4)
        }
        #expect(middle(rotations) < 1.05 * middle(oracleRotations))
        #expect(middle(positions) < 1.05 * middle(oraclePositions))
    }

    @Test("the covariance is as large as the errors", arguments: cameras)
    func consistency(camera: Camera) throws {
        var g = SeededGenerator(seed: 52)
        let estimator = PoseEstimator(capacity: 200)
        var (sum, translation, rotation) = (0.0, 0.0, 0.0)
        let trials = 500
        for _ in 0..<trials {
            let scene = Scene(&g, camera: camera, count: 200, outlierShare: 0.3, noise: 1)
            let e = try #require(estimator.estimate(scene.correspondences, camera: camera))
            let (found, truth) = (e.cameraFromMap.inverse, scene.cameraFromMap.inverse)
            let error = Twist(
                translation: found.translation - truth.translation,
                rotation: (found.rotation * truth.rotation.inverse).log)
            sum += try #require(Factor6(e.covariance)).solve(error).dot(error)
            let position = try #require(e.covariance.translation.inverse)
            translation += error.translation.dot(position * error.translation)
            rotation += error.rotation.dot(try #require(e.covariance.rotation.inverse) * error.rotation)
        }
        #expect((4.5...8).contains(sum / Double(trials)), "\(sum / Double(trials)) of 6")
        #expect((2.2...4).contains(translation / Double(trials)), "\(translation / Double(trials)) of 3")
        #expect((2.2...4).contains(rotation / Double(trials)), "\(rotation / Double(trials)) of 3")
    }

    @Test("wrong matches alone give no pose", arguments: [12, 30, 100, 500, 1000])
    func allWrong(count: Int) {
        var g = SeededGenerator(seed: 53)
        let estimator = PoseEstimator(capacity: 1000)
        for _ in 0..<(count > 300 ? 10 : 40) {
            let scene = Scene(&g, camera: Self.pinhole, count: count, outlierShare: 1, noise: 1)
            #expect(estimator.estimate(scene.correspondences, camera: Self.pinhole) == nil)
        }
    }

    @Test("one wrong match many times is not support")
    func repeated() {
        var g = SeededGenerator(seed: 54)
        let estimator = PoseEstimator(capacity: 200)
        for _ in 0..<20 {
            let scene = Scene(&g, camera: Self.pinhole, count: 6, outlierShare: 1, noise: 1)
            let copies = (0..<30).flatMap { _ in scene.correspondences }
            #expect(estimator.estimate(copies, camera: Self.pinhole) == nil)
        }
    }

    @Test("too few matches give no pose, right or wrong", arguments: [0, 1, 2, 3, 4, 11])
    func tooFew(count: Int) {
        var g = SeededGenerator(seed: 55)
        let scene = Scene(&g, camera: Self.pinhole, count: count, outlierShare: 0, noise: 0.5)
        let estimator = PoseEstimator(capacity: 500)
        #expect(estimator.estimate(scene.correspondences, camera: Self.pinhole) == nil)
        #expect(estimator.refine(from: scene.cameraFromMap, scene.correspondences, camera: Self.pinhole) == nil)
    }

    @Test("input that is not finite is left out")
    func notFinite() throws {
        var g = SeededGenerator(seed: 56)
        var scene = Scene(&g, camera: Self.pinhole, count: 100, outlierShare: 0, noise: 0.5)
        for i in 0..<20 { scene.correspondences[i].point = Vector3(.nan, 0, 0) }
        for i in 20..<40 { scene.correspondences[i].pixel = Vector2(.infinity, 0) }
        for i in 0..<100 { scene.correspondences[i].quality = i % 3 == 0 ? .nan : Float(i) }
        let estimator = PoseEstimator(capacity: 100)
        let estimate = try #require(estimator.estimate(scene.correspondences, camera: Self.pinhole))
        #expect(estimate.inlierCount >= 58 && scene.error(estimate.cameraFromMap).position < 0.2)
        #expect(estimator.isInlier[..<40].allSatisfy { !$0 })
    }

    @Test("good qualities shorten the search")
    func progressive() throws {
        var g = SeededGenerator(seed: 57)
        var (with, without) = (0, 0)
        for _ in 0..<30 {
            var scene = Scene(&g, camera: Self.pinhole, count: 500, outlierShare: 0.9, noise: 1)
            let estimator = PoseEstimator(capacity: 500)
            estimator.options.maximumIterations = 20_000
            let plain = try #require(estimator.estimate(scene.correspondences, camera: Self.pinhole))
            without += plain.statistics.hypotheses
            for i in scene.isTrue.indices {
                scene.correspondences[i].quality = Float(g.normal() + (scene.isTrue[i] ? 1.5 : 0))
            }
            estimator.options.maximumIterations = 200
            let estimate = try #require(estimator.estimate(scene.correspondences, camera: Self.pinhole))
            with += estimate.statistics.hypotheses
            #expect(scene.error(estimate.cameraFromMap).position < 0.3)
        }
        #expect(with * 4 < without)
    }

    @Test("refinement follows from a prior that is off, with wrong matches")
    func refinement() throws {
        var g = SeededGenerator(seed: 58)
        let estimator = PoseEstimator(capacity: 300)
        for camera in Self.cameras {
            for _ in 0..<50 {
                let scene = Scene(&g, camera: camera, count: 300, outlierShare: 0.2, noise: 1)
                let offset = Twist(translation: g.direction() * 0.2, rotation: g.direction() * 0.03)
                let prior = RigidTransform(exp: offset) * scene.cameraFromMap
                let e = try #require(estimator.refine(from: prior, scene.correspondences, camera: camera))
                let (error, best) = (scene.error(e.cameraFromMap), scene.error(scene.oracle()))
                #expect(error.position < 0.15 && error.position < 3 * best.position + 0.02)
                #expect(e.statistics.iterations == 0)
            }
        }
    }

    @Test("an approach comes near enough for a narrower search, and counts its inliers", arguments: cameras)
    func approach(camera: Camera) throws {
        var g = SeededGenerator(seed: 65)
        let estimator = PoseEstimator(capacity: 300)
        var misses = 0
        for _ in 0..<100 {
            // 297: the last block is not full.
            let scene = Scene(&g, camera: camera, count: 297, outlierShare: 0.2, noise: 1)
            let offset = Twist(translation: g.direction() * 0.2, rotation: g.direction() * 0.03)
            let prior = RigidTransform(exp: offset) * scene.cameraFromMap
            let found = try #require(estimator.approach(from: prior, scene.correspondences, camera: camera))
            // A pose off by pixels has a fraction of the inliers, and shows it.
            if found.inlierCount < 200 {
                misses += 1
            } else {
                #expect(scene.error(found.cameraFromMap).position < 0.15)
            }
            let within = scene.correspondences.count { c in
                guard let pixel = camera.project(found.cameraFromMap * c.point) else { return false }
                return (pixel - c.pixel).length <= estimator.options.maximumReprojectionError
            }
            #expect(abs(found.inlierCount - within) <= 3)
            #expect(!estimator.isInlier.contains(true))
        }
        #expect(misses <= 1)
    }

    @Test("an approach to wrong matches, from far off or from behind finds little")
    func hopelessApproach() {
        var g = SeededGenerator(seed: 66)
        let estimator = PoseEstimator(capacity: 300)
        let turn = RigidTransform(rotation: Rotation(w: 0, x: 0, y: 1, z: 0), translation: .zero)
        for _ in 0..<50 {
            let wrong = Scene(&g, camera: Self.pinhole, count: 300, outlierShare: 1, noise: 1)
            let found = estimator.approach(from: wrong.cameraFromMap, wrong.correspondences, camera: Self.pinhole)
            #expect((found?.inlierCount ?? 0) < 30)
            let scene = Scene(&g, camera: Self.pinhole, count: 300, outlierShare: 0.3, noise: 1)
            for prior in [g.transform(10), turn * scene.cameraFromMap] {
                guard let found = estimator.approach(from: prior, scene.correspondences, camera: Self.pinhole),
                    found.inlierCount >= 100
                else { continue }
                #expect(scene.error(found.cameraFromMap).position < 0.2)
            }
        }
    }

    @Test("a far prior gives no pose rather than a wrong one")
    func farPrior() {
        var g = SeededGenerator(seed: 59)
        let estimator = PoseEstimator(capacity: 300)
        for _ in 0..<50 {
            let scene = Scene(&g, camera: Self.pinhole, count: 300, outlierShare: 0.3, noise: 1)
            let estimate = estimator.refine(from: g.transform(10), scene.correspondences, camera: Self.pinhole)
            if let estimate { #expect(scene.error(estimate.cameraFromMap).position < 0.2) }
        }
    }

    @Test("the same input gives the same pose, whatever came before")
    func deterministic() throws {
        var g = SeededGenerator(seed: 60)
        let scene = Scene(&g, camera: Self.pinhole, count: 400, outlierShare: 0.6, noise: 1)
        let other = Scene(&g, camera: Self.pinhole, count: 100, outlierShare: 0.2, noise: 1)
        let estimator = PoseEstimator(capacity: 400)
        let first = try #require(estimator.estimate(scene.correspondences, camera: Self.pinhole))
        _ = estimator.estimate(other.correspondences, camera: Self.pinhole)
        let second = try #require(estimator.estimate(scene.correspondences, camera: Self.pinhole))
        #expect(first.cameraFromMap == second.cameraFromMap && first.covariance == second.covariance)
        #expect(first.statistics == second.statistics)
    }

    @Test("a map far from its origin is no harder")
    func farMap() throws {
        var g = SeededGenerator(seed: 61)
        let estimator = PoseEstimator(capacity: 300)
        for _ in 0..<20 {
            let scene = Scene(&g, camera: Self.pinhole, count: 300, outlierShare: 0.5, noise: 1, spread: 5e6)
            let e = try #require(estimator.estimate(scene.correspondences, camera: Self.pinhole))
            #expect(scene.error(e.cameraFromMap).position < 0.1)
        }
    }

    @Test("spread tells a corner from the whole image")
    func spread() throws {
        var g = SeededGenerator(seed: 62)
        let estimator = PoseEstimator(capacity: 600)
        let scene = Scene(&g, camera: Self.pinhole, count: 600, outlierShare: 0, noise: 0.5)
        let whole = try #require(estimator.estimate(scene.correspondences, camera: Self.pinhole)).spread
        #expect(whole.coverage > 0.95)
        let corner = scene.correspondences.filter { $0.pixel.x < 160 && $0.pixel.y < 120 }
        let part = try #require(estimator.estimate(corner, camera: Self.pinhole)).spread
        #expect(part.coverage <= 5.0 / 64)
    }
}
