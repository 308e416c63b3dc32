internal import Features
internal import Geometry

extension PoseEstimator {
    /// A pose with its score.
    struct Candidate {
        var pose: RigidTransform
        /// Sum of truncated squared reprojection errors, pixels squared.
        var cost: Double
        var inliers: Int
    }

    /// The pose of lowest cost that sampling finds.
    func search() -> RigidTransform? {
        let count = correspondences.count
        var sequence = SampleSequence(
            count: count, budget: options.maximumIterations, isProgressive: options.isProgressive && hasOrder,
            generator: SplitMix64(seed: options.seed &+ 0x5EED))
        var test = SequentialTest(smallestShare: 2 * Double(options.minimumInliers) / Double(count))
        var best: Candidate?
        // A pose with fewer inliers than the least is none: a search that is long enough for that many has missed
        // nothing.
        let least = max(options.minimumInliers, 4)
        var needed = iterationsNeeded(least, falseRejection: test.falseRejection)
        while statistics.iterations < options.maximumIterations,
            statistics.iterations < options.minimumIterations || Double(statistics.iterations) < needed
        {
            statistics.iterations += 1
            let solutions = solve(sequence.next())
            for i in 0..<solutions.count {
                guard let candidate = score(solutions[i], limit: best?.cost ?? .infinity, &test) else { continue }
                let improved = optimize(candidate)
                best = improved
                test.foundPose(inlierShare: Double(improved.inliers) / Double(count))
                needed = iterationsNeeded(max(improved.inliers, least), falseRejection: test.falseRejection)
            }
        }
        return best?.pose
    }

    /// Whether the qualities say anything.
    private var hasOrder: Bool {
        guard let first = ranking.first, let last = ranking.last else { return false }
        return correspondences[Int(first)].quality > correspondences[Int(last)].quality
    }

    private func solve(_ ranks: (Int, Int, Int)) -> P3PSolutions {
        let (a, b, c) = (Int(ranking[ranks.0]), Int(ranking[ranks.1]), Int(ranking[ranks.2]))
        return P3P.solve(
            bearings: (bearings[a], bearings[b], bearings[c]),
            points: (correspondences[a].point, correspondences[b].point, correspondences[c].point))
    }

    /// Samples after which an all-inlier one has been drawn with the wanted confidence.
    private func iterationsNeeded(_ inliers: Int, falseRejection: Double) -> Double {
        let n = Double(correspondences.count)
        let k = Double(inliers)
        let good = k * (k - 1) * (k - 2) / (n * (n - 1) * (n - 2)) * (1 - falseRejection)
        guard good > 0 else { return .infinity }
        guard good < 1 else { return 0 }
        return naturalLogarithm(onePlus: -options.confidence) / naturalLogarithm(onePlus: -good)
    }

    /// Scores a pose on all correspondences; nil as soon as it costs more than `limit` or the test gives it up.
    private func score(_ pose: RigidTransform, limit: Double, _ test: inout SequentialTest) -> Candidate? {
        statistics.hypotheses += 1
        let matrix = PoseMatrix(pose)
        let outside = options.maximumReprojectionError * options.maximumReprojectionError
        let padding = Double(blocks.count * 4 - correspondences.count) * outside
        var cost = -padding
        var inliers = 0
        var start = 0
        let blocks = blocks
        while start < blocks.count {
            let end = min(start + 4, blocks.count)
            var costs = ReprojectionBlock.Lanes.zero
            var hits = SIMD4<Int64>.zero
            for i in start..<end {
                let errors = blocks[i].truncatedErrors(matrix, outside)
                costs += errors
                hits = hits.replacing(with: hits &+ 1, where: errors .< outside)
            }
            cost += costs.sum()
            inliers += Int(hits.wrappedSum())
            start = end
            let seen = start * 4
            let ratio = Double(inliers) * test.inlierStep + Double(seen - inliers) * test.outlierStep
            if cost >= limit || ratio > test.limit {
                statistics.rejectedEarly += 1
                if ratio > test.limit { test.gaveUp(inlierShare: Double(inliers) / Double(seen)) }
                return nil
            }
        }
        return inliers >= 4 ? Candidate(pose: pose, cost: cost, inliers: inliers) : nil
    }

    /// Cost and inliers of a pose on all correspondences.
    func fullScore(_ pose: RigidTransform) -> Candidate {
        let matrix = PoseMatrix(pose)
        let outside = options.maximumReprojectionError * options.maximumReprojectionError
        var costs = ReprojectionBlock.Lanes.zero
        var hits = SIMD4<Int64>.zero
        let blocks = blocks
        for i in blocks.indices {
            let errors = blocks[i].truncatedErrors(matrix, outside)
            costs += errors
            hits = hits.replacing(with: hits &+ 1, where: errors .< outside)
        }
        let padding = Double(blocks.count * 4 - correspondences.count) * outside
        return Candidate(pose: pose, cost: costs.sum() - padding, inliers: Int(hits.wrappedSum()))
    }
}

/// Whether the support of a pose could be chance.
enum ChanceTest {
    /// Natural logarithm of the expected number of poses from triples of n wrong correspondences, each within
    /// `radius` pixels of its reprojection with probability `pi radius² / area`, that have `support` inliers:
    /// `4 C(n, 3) C(n - 3, k - 3) p^(k - 3)`. `area` is that over which a wrong match may fall, pixels squared.
    static func logFalseAlarms(count n: Int, support k: Int, radius: Double, area: Double) -> Double {
        guard k > 3, k <= n else { return .infinity }
        let p = min(.pi * radius * radius / area, 1)
        return naturalLogarithm(4) + logBinomial(n, 3) + logBinomial(n - 3, k - 3)
            + Double(k - 3) * naturalLogarithm(p)
    }
}
