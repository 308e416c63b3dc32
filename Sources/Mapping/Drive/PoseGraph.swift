import BundleAdjustment
package import Geometry
import Parallelism

/// Poses that agree with how the camera moved from each to the next, with closed loops and with measured positions: all
/// at once, without a look at the images.
package struct PoseGraph {
    private let poses: [RigidTransform]
    private let closures: [ClosedLoop]
    private let positions: [Int: PositionMeasurement]
    private let travelled: [Double]
    private let drift: OdometryDrift

    /// Of a closed loop, metres and radians: landmarks of a metre's depth have drifted with their images.
    private static let closureSigma = (translation: 0.05, rotation: 0.3 * Double.pi / 180)
    /// Of six degrees of freedom, 99.9 per cent.
    private static let largestChiSquare = 22.46
    /// Lets go of a closure that the others contradict, and of a position that is far off.
    private static let loss = RobustLoss.cauchy(scale: 4)

    /// - Parameters:
    ///   - poses: `cameraFromMap` of each image, in the order of the drive, at least one.
    ///   - closures: of its loops.
    ///   - positions: where cameras were measured to be, by image.
    ///   - travelled: metres of way until each image.
    ///   - drift: what the motions of `poses` are off by.
    package init(
        poses: [RigidTransform], closures: [ClosedLoop], positions: [Int: PositionMeasurement], travelled: [Double],
        drift: OdometryDrift
    ) {
        (self.poses, self.closures, self.positions) = (poses, closures, positions)
        (self.travelled, self.drift) = (travelled, drift)
    }

    /// The poses that agree best. The first stays where it is unless positions say where it was.
    package func solved(threads: Int) -> [RigidTransform] {
        var options = MinimizationOptions()
        options.relativeCostTolerance = 1e-7
        options.maximumEvaluations = 100
        let start = BundleState(poses: poses, points: [], cameras: [])
        return BundleMinimizer(options: options, threads: threads).minimize(problem, from: start).state.poses
    }

    private var problem: BundleProblem {
        var problem = BundleProblem(
            observations: [], cameraOfPose: [Int](repeating: 0, count: poses.count), pointCount: 0)
        problem.priors = (1..<poses.count).map { to in
            .relative(
                from: to - 1, to: to, toFromFrom: poses[to] * poses[to - 1].inverse,
                sigma: drift.sigma(over: travelled[to] - travelled[to - 1]), loss: .squared)
        }
        problem.priors += closures.map { closure in
            .relative(
                from: closure.earlier, to: closure.later, toFromFrom: closure.laterFromEarlier,
                sigma: Self.closureSigma, loss: Self.loss)
        }
        problem.priors += positions.sorted { $0.key < $1.key }.map { index, measured in
            .position(
                pose: index, mapPosition: measured.position,
                whitening: Matrix3(diagonal: Vector3(repeating: 1) / measured.sigma), loss: Self.loss)
        }
        if positions.isEmpty { problem.fixedPoses = [0] }
        return problem
    }

    /// Those of `closures` that this graph, without them, does not contradict at its solution: chi square of the motion
    /// that a closure tells against the graph's, by the covariances of both. A closure of a street that looks the same
    /// elsewhere is far from where motions and positions have its cameras, and so is one that another false one bears
    /// out. Cost: 100 us for each closure and 500 images.
    ///
    /// - Parameters:
    ///   - closures: of loops, of which this graph knows nothing.
    ///   - solution: ``solved(threads:)``.
    ///   - threads: that work; the result does not depend on them.
    package func plausible(
        _ closures: [ClosedLoop], at solution: [RigidTransform], threads: Int
    ) -> [ClosedLoop] {
        let state = BundleState(poses: solution, points: [], cameras: [])
        guard let uncertainty = MotionUncertainty(problem, at: state, threads: threads) else { return [] }
        let (t, r) = (
            Self.closureSigma.translation * Self.closureSigma.translation,
            Self.closureSigma.rotation * Self.closureSigma.rotation
        )
        let own = SymmetricMatrix6(
            translation: Matrix3(diagonal: Vector3(repeating: t)), cross: .zero,
            rotation: Matrix3(diagonal: Vector3(repeating: r)))
        return Parallel.map(closures.count, threads: threads) { number -> Bool in
            let closure = closures[number]
            let motion = solution[closure.later] * solution[closure.earlier].inverse
            let off = (motion * closure.laterFromEarlier.inverse).log
            let covariance = uncertainty.covariance(from: closure.earlier, to: closure.later)
            guard let factor = Factor6(covariance + own) else { return false }
            return off.dot(factor.solve(off)) <= Self.largestChiSquare
        }.enumerated().compactMap { $1 ? closures[$0] : nil }
    }

    /// Closures that the given poses agree with, within five of their sigmas.
    package static func held(_ closures: [ClosedLoop], by poses: [RigidTransform]) -> [ClosedLoop] {
        closures.filter { closure in
            let motion = poses[closure.later] * poses[closure.earlier].inverse
            let off = (motion * closure.laterFromEarlier.inverse).log
            return off.translation.length <= 5 * closureSigma.translation
                && off.rotation.length <= 5 * closureSigma.rotation
        }
    }
}
