import Features
import Geometry
import GeometryFixtures
import Integrity
import Testing
import TestSupport

@Suite struct LevelTests {
    @Test("the level goes by the widest direction of each block")
    func widest() {
        var g = SeededGenerator("level")
        for _ in 0..<50 {
            let turn = g.rotation().matrix
            let (p, r) = (Vector3(g.uniform(0, 1), 2, g.uniform(0, 2)), Vector3(0.5, g.uniform(0, 0.1), 0.5))
            func block(_ d: Vector3) -> Matrix3 { turn * Matrix3(diagonal: d) * turn.transpose }
            let covariance = SymmetricMatrix6(translation: block(p), cross: .zero, rotation: block(r))
            let level = ProtectionLevel(covariance: covariance, multiple: 3)
            #expect(abs(level.position - 3 * 2.0.squareRoot()) < 1e-9)
            #expect(abs(level.rotation - 3 * 0.5.squareRoot()) < 1e-7)
        }
        let level = ProtectionLevel(covariance: .zero)
        #expect(level.position == 0 && level.covers(position: 0, rotation: 0))
        #expect(!level.covers(position: .nan, rotation: 0) && !level.covers(position: 0.1, rotation: 0))
    }

    @Test("normalized errors follow chi square of three degrees of freedom")
    func chiSquare() throws {
        var g = SeededGenerator("normalized")
        let deviations = Twist(translation: Vector3(0.1, 0.02, 0.3), rotation: Vector3(0.01, 0.002, 0.004))
        let covariance = SymmetricMatrix6(
            translation: Matrix3(diagonal: deviations.translation * deviations.translation), cross: .zero,
            rotation: Matrix3(diagonal: deviations.rotation * deviations.rotation))
        var (positions, rotations) = ([Double](), [Double]())
        for _ in 0..<4000 {
            let truth = g.transform()
            let dp = Vector3(g.normal(), g.normal(), g.normal()) * deviations.translation
            let dr = Vector3(g.normal(), g.normal(), g.normal()) * deviations.rotation
            // position = estimate + dp, mapFromCamera.rotation = exp(dr) * estimate.
            let mapFromCamera = truth.inverse
            let estimate = RigidTransform(
                rotation: Rotation(exp: dr * -1) * mapFromCamera.rotation, translation: mapFromCamera.translation - dp
            ).inverse
            let error = try #require(NormalizedError(estimate: estimate, truth: truth, covariance: covariance))
            #expect((error.positionError - dp).length < 1e-12 && (error.rotationError - dr).length < 1e-12)
            positions.append(error.position)
            rotations.append(error.rotation)
        }
        for values in [positions, rotations] {
            // Shares below the quantiles, within four standard deviations of a binomial share.
            let bounds = [
                (NormalizedError.expectedMedian, 0.5), (NormalizedError.bound80, 0.8), (NormalizedError.bound95, 0.95),
                (CalibrationTest.limit, 0.999),
            ]
            for (bound, share) in bounds {
                let found = Double(values.count { $0 < bound }) / 4000
                #expect(abs(found - share) < 4 * (share * (1 - share) / 4000).squareRoot(), "\(share): \(found)")
            }
        }
    }

    @Test("a calibration is held against its own covariance, and never below the floor")
    func calibration() {
        let wide = Matrix3(diagonal: Vector3(1e-4, 100, 100))
        let estimate = Vector3(0.02, 0, 0)
        let plain = CalibrationTest.chiSquare(estimate, covariance: .zero, camera: testCamera)
        #expect(abs(plain - (0.02 / 0.0015) * (0.02 / 0.0015)) < 1e-6)
        let given = CalibrationTest.chiSquare(estimate, covariance: .zero, given: wide, camera: testCamera)
        #expect(abs(given - 0.0004 / (1e-4 + 0.0015 * 0.0015)) < 1e-9)
        #expect(CalibrationTest.chiSquare(estimate, covariance: wide, camera: testCamera) == given)
    }

    @Test("purity is the share of a wide search that a narrow one keeps")
    func purity() {
        var g = SeededGenerator("purity")
        let scene = IntegrityScene(&g, camera: testCamera, count: 400, noise: 0.5, outliers: 0.5)
        let purity = Purity(of: scene.correspondences, at: scene.cameraFromMap, camera: testCamera)
        #expect(purity.matches == 400 && purity.agreeing >= 198 && purity.agreeing <= 212)
        #expect(Purity(of: [], at: scene.cameraFromMap, camera: testCamera).ratio == 0)
    }
}
