import Features
import Geometry
import PoseEstimation
import TestSupport
import Testing

@Suite struct SampleOrderTests {
    @Test("when the best-ranked matches are right, few samples are drawn whatever the rest is")
    func bestFirst() throws {
        var g = SeededGenerator(seed: 75)
        for _ in 0..<20 {
            var scene = Scene(&g, camera: PoseEstimatorTests.pinhole, count: 1000, outlierShare: 0.97, noise: 0.5)
            for i in scene.isTrue.indices { scene.correspondences[i].quality = scene.isTrue[i] ? 2 : 1 }
            let estimator = PoseEstimator(capacity: 1000)
            estimator.options.maximumIterations = 50
            let e = try #require(estimator.estimate(scene.correspondences, camera: PoseEstimatorTests.pinhole))
            #expect(e.inlierCount >= 28)
        }
    }

    @Test("misleading qualities cost time, not the pose")
    func misleading() throws {
        var g = SeededGenerator(seed: 76)
        for _ in 0..<20 {
            var scene = Scene(&g, camera: PoseEstimatorTests.pinhole, count: 300, outlierShare: 0.4, noise: 1)
            for i in scene.isTrue.indices { scene.correspondences[i].quality = scene.isTrue[i] ? 1 : 2 }
            let estimator = PoseEstimator(capacity: 300)
            let e = try #require(estimator.estimate(scene.correspondences, camera: PoseEstimatorTests.pinhole))
            #expect(scene.error(e.cameraFromMap).position < 0.2)
        }
    }
}

#if canImport(Glibc)
    import Glibc
#endif

@Suite("How long a pose is searched for")
struct SearchLengthTests {
    /// Samples until one of three right matches has been drawn with 0.9999, of `right` among `count`; 5 % of the right
    /// poses are given up.
    private func samples(right: Int, count: Int) -> Double {
        var share = 0.95
        for i in 0..<3 { share *= Double(right - i) / Double(count - i) }
        return (log(1e-4) / log(1 - share)).rounded(.up)
    }

    @Test("wrong matches alone: no longer than for a pose with the fewest inliers", arguments: [20, 40, 60, 100, 300])
    func wrong(count: Int) {
        var g = SeededGenerator(seed: 71)
        let estimator = PoseEstimator(capacity: count)
        let most = min(samples(right: estimator.options.minimumInliers, count: count), 5000)
        for _ in 0..<20 {
            let scene = Scene(&g, camera: PoseEstimatorTests.pinhole, count: count, outlierShare: 1, noise: 1)
            #expect(estimator.estimate(scene.correspondences, camera: PoseEstimatorTests.pinhole) == nil)
            #expect((20...most).contains(Double(estimator.statistics.iterations)))
        }
    }

    @Test("a pose with hardly more is found nevertheless", arguments: [40, 60, 90])
    func hidden(count: Int) {
        var g = SeededGenerator(seed: 72)
        let estimator = PoseEstimator(capacity: count)
        let share = 1 - 18.0 / Double(count)
        var missed = 0
        for _ in 0..<200 {
            let scene = Scene(&g, camera: PoseEstimatorTests.pinhole, count: count, outlierShare: share, noise: 0.5)
            let estimate = estimator.estimate(scene.correspondences, camera: PoseEstimatorTests.pinhole)
            guard let estimate, scene.error(estimate.cameraFromMap).rotation < 0.05 else {
                missed += 1
                continue
            }
        }
        #expect(missed <= 2, "\(missed) of 200")
    }
}
