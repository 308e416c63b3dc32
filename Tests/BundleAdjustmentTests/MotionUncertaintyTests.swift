import BundleAdjustment
import Geometry
import TestSupport
import Testing

@Suite struct MotionUncertaintyTests {
    private static let sigma = (translation: 0.02, rotation: 0.004)
    private static let motion = RigidTransform(
        rotation: Rotation(exp: Vector3(0.02, 0.3, -0.05)), translation: Vector3(0.4, -0.1, 2))

    private static var step: SymmetricMatrix6 {
        SymmetricMatrix6(
            translation: Matrix3(diagonal: Vector3(repeating: sigma.translation * sigma.translation)), cross: .zero,
            rotation: Matrix3(diagonal: Vector3(repeating: sigma.rotation * sigma.rotation)))
    }

    /// A chain of poses that moves the same way each time; a problem of its motions.
    private static func chain(_ count: Int) -> (problem: BundleProblem, state: BundleState) {
        var poses = [RigidTransform.identity]
        while poses.count < count { poses.append(motion * poses[poses.count - 1]) }
        var problem = BundleProblem(observations: [], cameraOfPose: [Int](repeating: 0, count: count), pointCount: 0)
        problem.priors = (1..<count).map {
            .relative(from: $0 - 1, to: $0, toFromFrom: motion, sigma: sigma, loss: .squared)
        }
        return (problem, BundleState(poses: poses, points: [], cameras: []))
    }

    private static func expectEqual(_ a: SymmetricMatrix6, _ b: SymmetricMatrix6) {
        for i in 0..<6 {
            for j in 0..<6 {
                let unit = (b[i, i] * b[j, j]).squareRoot()
                #expect(abs(a[i, j] - b[i, j]) < 1e-6 * unit, "row \(i), column \(j)")
            }
        }
    }

    @Test("Along a chain the covariance is the sum of its motions', each carried to the end")
    func open() throws {
        var (problem, state) = Self.chain(7)
        problem.fixedPoses = [0]
        let uncertainty = try #require(MotionUncertainty(problem, at: state, threads: 2))
        var expected = SymmetricMatrix6.zero
        for to in 2..<7 {
            expected = expected.transported(by: Self.motion) + Self.step
            Self.expectEqual(uncertainty.covariance(from: 1, to: to), expected)
        }
        Self.expectEqual(uncertainty.covariance(from: 0, to: 1), Self.step)
    }

    @Test("A second way between two poses halves what is not known of the motion")
    func closed() throws {
        var (problem, state) = Self.chain(2)
        problem.fixedPoses = [0]
        problem.priors += problem.priors
        let uncertainty = try #require(MotionUncertainty(problem, at: state, threads: 1))
        Self.expectEqual(uncertainty.covariance(from: 0, to: 1), Self.step * 0.5)
    }

    @Test("Positions bound what a long chain leaves open; a frame that is left open has no covariance")
    func bounded() throws {
        let (open, state) = Self.chain(300)
        #expect(MotionUncertainty(open, at: state, threads: 1) == nil)
        var (fixed, measured) = (open, open)
        fixed.fixedPoses = [0]
        measured.priors += state.poses.enumerated().map { pose, known in
            .position(pose: pose, mapPosition: known.originInSource, whitening: .identity, loss: .squared)
        }
        let drifted = try #require(MotionUncertainty(fixed, at: state, threads: 1)).covariance(from: 0, to: 299)
        let held = try #require(MotionUncertainty(measured, at: state, threads: 1)).covariance(from: 0, to: 299)
        #expect(held.translation.trace < drifted.translation.trace / 2)
        #expect(held.rotation.trace < drifted.rotation.trace / 2)
    }
}
