import Features
import Geometry
import PoseEstimation
import Testing
import TestSupport

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
