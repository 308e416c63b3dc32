import CAllocationCounter
import Features
import Geometry
import GeometryFixtures
import PoseEstimation
import Testing
import TestSupport

@Suite struct AllocationTests {
    @Test("a warm estimator allocates nothing", arguments: CameraSamples.all)
    func warm(camera: Camera) {
        guard hf_allocations_counted() == 1 else { return }
        var g = SeededGenerator(seed: 71)
        let estimator = PoseEstimator(capacity: 500)
        let scenes = [0.0, 0.5, 0.8, 1.0].map {
            Scene(&g, camera: camera, count: 500, outlierShare: $0, noise: 1)
        }
        var found = 0
        for round in 0..<2 {
            hf_allocations_begin()
            for scene in scenes {
                if estimator.estimate(scene.correspondences, camera: camera) != nil { found += 1 }
                let prior = scene.cameraFromMap
                if estimator.refine(from: prior, scene.correspondences, camera: camera) != nil { found += 1 }
                if estimator.approach(from: prior, scene.correspondences, camera: camera) != nil { found += 1 }
            }
            let allocations = hf_allocations_end()
            if round == 1 { #expect(allocations == 0) }
        }
        #expect(found == 18)
    }
}
