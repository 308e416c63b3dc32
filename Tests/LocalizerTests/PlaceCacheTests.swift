import CAllocationCounter
import Container
import Features
import Geometry
import Localizer
import MapFixtures
import Matching
import ReferenceMap
import Testing

@Suite("The cached place follows the inliers")
struct PlaceCacheTests {
    /// Correspondences with the landmarks that one keyframe observes.
    private func correspondences(with keyframe: Int, _ map: ReferenceMap) -> [Correspondence] {
        map.observations(ofKeyframe: keyframe).map { observation in
            let landmark = map.observationLandmarks[observation]
            return Correspondence(
                pixel: map.pixel(ofObservation: observation), point: map.position(ofLandmark: Int(landmark)),
                landmark: landmark, keypoint: 0, quality: 1)
        }
    }

    @Test("the reference is the nearest keyframe that observes the inliers; outliers have no vote")
    func reference() throws {
        let map = try RandomMap(seed: 51).map
        var cache = PlaceCache(for: map, keyframes: 5, rowCapacity: 4096)
        var votes = KeyframeVotes(for: map)
        #expect(cache.isEmpty)
        #expect(votes.keyframe(of: [], isInlier: [], cameraFromMap: .identity, map: map) == nil)
        let near = correspondences(with: 3, map)
        let far = correspondences(with: 16, map)
        let isInlier = near.map { _ in true } + far.map { _ in false }
        var winner = votes.keyframe(
            of: near + far, isInlier: isInlier, cameraFromMap: map.cameraFromMap(ofKeyframe: 3), map: map)
        cache.follow(winner, map: map)
        #expect(cache.reference == 3)
        #expect(cache.place.keyframes.first == 3)
        #expect(cache.place.keyframes.count <= 5)
        winner = votes.keyframe(
            of: far, isInlier: far.map { _ in true }, cameraFromMap: map.cameraFromMap(ofKeyframe: 16), map: map)
        cache.follow(winner, map: map)
        #expect(cache.reference == 16)
        cache.forget()
        #expect(cache.isEmpty)
        #expect(cache.reference == nil)
    }

    @Test("its members are the reference's strongest covisible keyframes")
    func members() throws {
        let map = try RandomMap(seed: 52).map
        var cache = PlaceCache(for: map, keyframes: 4, rowCapacity: 4096)
        cache.follow(10, map: map)
        let own = Set(map.observations(ofKeyframe: 10).map { map.observationLandmarks[$0] })
        let shared = (0..<map.keyframeCount).filter { $0 != 10 }.map { keyframe in
            map.observations(ofKeyframe: keyframe).count { own.contains(map.observationLandmarks[$0]) }
        }
        let weakest = cache.place.keyframes.dropFirst().map { shared[$0 > 10 ? $0 - 1 : $0] }.min() ?? 0
        #expect(shared.count { $0 > weakest } < 3)
    }

    @Test("following allocates nothing once warm")
    func allocations() throws {
        let map = try RandomMap(seed: 53).map
        var cache = PlaceCache(for: map, keyframes: 8, rowCapacity: 8192)
        let places = [3, 12].map { (correspondences(with: $0, map), map.cameraFromMap(ofKeyframe: $0)) }
        var votes = KeyframeVotes(for: map)
        let isInlier = [Bool](repeating: true, count: 2000)
        for round in 0..<3 {
            if round == 1 { hf_allocations_begin() }
            for (place, pose) in places {
                cache.follow(
                    votes.keyframe(of: place, isInlier: isInlier, cameraFromMap: pose, map: map), map: map)
            }
        }
        #expect(hf_allocations_end() == 0)
    }
}
