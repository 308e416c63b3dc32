internal import Geometry

/// Wald's sequential test, that gives up a pose as soon as its support is that of a wrong one (Matas and Chum,
/// "Randomized RANSAC with Sequential Probability Ratio Test", ICCV 2005).
struct SequentialTest {
    /// Share of inliers of a right pose: that of the best so far.
    private var good: Double
    /// Share of inliers of a wrong pose, learned from the poses given up.
    private var bad: Double
    /// Log likelihood ratio (wrong over right) added by an inlier and by an outlier.
    private(set) var inlierStep = 0.0
    private(set) var outlierStep = 0.0
    /// A pose is given up beyond this.
    private(set) var limit = 0.0

    /// A pose costs about as much to make as this many correspondences to score.
    private static let modelCost = 60.0

    /// - Parameter smallestShare: share of inliers below which a right pose may be missed, until one is found.
    init(smallestShare: Double) {
        good = min(max(smallestShare, 0.02), 0.1)
        bad = good / 5
        update()
    }

    /// Probability that a right pose is given up.
    var falseRejection: Double { exponential(-limit) }

    mutating func foundPose(inlierShare: Double) {
        guard inlierShare > good else { return }
        good = min(inlierShare, 0.95)
        update()
    }

    mutating func gaveUp(inlierShare: Double) {
        let learned = bad + (inlierShare - bad) * 0.02
        if abs(learned - bad) > 1e-4 {
            bad = min(max(learned, 0.002), good * 0.5)
            update()
        }
    }

    private mutating func update() {
        inlierStep = naturalLogarithm(bad / good)
        outlierStep = naturalLogarithm((1 - bad) / (1 - good))
        // Expected log ratio per correspondence of a wrong pose; the limit A solves A = cost C / 2 + 1 + log A.
        let c = bad * inlierStep + (1 - bad) * outlierStep
        let base = Self.modelCost * c / 2 + 1
        var a = base
        for _ in 0..<4 { a = base + naturalLogarithm(a) }
        limit = naturalLogarithm(max(a, 20))
    }
}
