internal import Features
internal import Geometry

extension PoseEstimator {
    /// Refines a pose on its inliers by least squares, twice (the inliers change), and keeps what lowers the cost.
    func optimize(_ candidate: Candidate) -> Candidate {
        statistics.localOptimizations += 1
        var best = candidate
        var minimizer = PoseMinimizer()
        minimizer.options.maximumEvaluations = 6
        minimizer.options.relativeCostTolerance = 1e-4
        for _ in 0..<2 {
            selectInliers(best.pose)
            let refined = minimizer.minimize(from: best.pose) { accumulate($0, &$1) }
            let next = fullScore(refined.pose)
            guard next.cost < best.cost else { break }
            let isSettled = next.cost > 0.99 * best.cost
            best = next
            if isSettled { break }
        }
        return best
    }

    /// Packs the correspondences within the threshold into `inlierBlocks`.
    private func selectInliers(_ pose: RigidTransform) {
        let matrix = PoseMatrix(pose)
        let outside = options.maximumReprojectionError * options.maximumReprojectionError
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
