internal import Features
internal import Geometry

extension PoseEstimator {
    /// Refines a pose by least squares on the correspondences within twice the threshold, then within it (a pose of
    /// three noisy matches is off by more than its inliers), and keeps what lowers the cost.
    func optimize(_ candidate: Candidate) -> Candidate {
        statistics.localOptimizations += 1
        var best = candidate
        var minimizer = PoseMinimizer()
        minimizer.options.maximumEvaluations = 6
        minimizer.options.relativeCostTolerance = 1e-4
        for round in 0..<3 {
            selectInliers(best.pose, scale: round == 0 ? 2 : 1)
            let refined = minimizer.minimize(from: best.pose) { accumulate($0, &$1) }
            let next = fullScore(refined.pose)
            let isSettled = next.cost > 0.99 * best.cost
            if next.cost < best.cost { best = next }
            if isSettled, round > 0 { break }
        }
        return best
    }

    /// Packs the correspondences within `scale` times the threshold into `inlierBlocks`.
    private func selectInliers(_ pose: RigidTransform, scale: Double) {
        let matrix = PoseMatrix(pose)
        let threshold = options.maximumReprojectionError * scale
        let outside = threshold * threshold
        inlierBlocks.removeAll(keepingCapacity: true)
        var lane = 0
        for block in blocks {
            let errors = block.truncatedErrors(matrix, outside)
            for i in 0..<4 where errors[i] < outside {
                if lane == 0 { inlierBlocks.append(ReprojectionBlock()) }
                inlierBlocks[inlierBlocks.count - 1].copy(lane, from: block, i)
                lane = (lane + 1) % 4
            }
        }
    }

    /// Least-squares equations of `inlierBlocks`, all weights 1.
    private func accumulate(_ pose: RigidTransform, _ equations: inout PoseNormalEquations) {
        let matrix = PoseMatrix(pose)
        var sums = EquationLanes()
        for block in inlierBlocks { sums.add(block, matrix) }
        sums.write(to: &equations)
    }
}

extension ReprojectionBlock {
    mutating func copy(_ lane: Int, from other: ReprojectionBlock, _ source: Int) {
        set(
            lane, point: Vector3(other.x[source], other.y[source], other.z[source]),
            u: Vector3(other.ux[source], other.uy[source], other.uz[source]),
            v: Vector3(other.vx[source], other.vy[source], other.vz[source]),
            n: Vector3(other.nx[source], other.ny[source], other.nz[source]))
    }
}
