import Features
import Geometry
import Mapping
import ReferenceMap
import Testing
import TestSupport

@Suite("Building a map")
struct MapBuilderTests {
    static let network = MapBuilder.Network(modelID: String(repeating: "0", count: 64), longSide: 640)

    private func build(
        _ scene: SyntheticScene, _ options: MappingOptions = MappingOptions()
    ) -> (map: MapContents, summary: MappingSummary) {
        var summary = MappingSummary()
        let map = MapBuilder(options: options).build(
            scene.images, cameras: scene.cameras, network: Self.network, summary: &summary)
        return (map, summary)
    }

    /// For each landmark of the map, the points that its observations show in truth (nil for clutter).
    private func shown(_ map: MapContents, _ scene: SyntheticScene) -> [Set<Int?>] {
        var shown = [Set<Int?>](repeating: [], count: map.landmarks.count)
        for (index, keyframe) in map.keyframes.enumerated() {
            let keypoints = scene.images[index].features.keypoints
            for (landmark, pixel) in zip(keyframe.landmarks, keyframe.pixels) {
                guard let keypoint = keypoints.firstIndex(where: { $0.x == pixel.x && $0.y == pixel.y }) else {
                    Issue.record("an observation that is no keypoint")
                    continue
                }
                shown[Int(landmark)].insert(scene.truth[index][keypoint])
            }
        }
        return shown
    }

    @Test("from exact images finds every point seen twice, at its place, and nothing else")
    func exact() throws {
        let scene = try SyntheticScene(named: "exact")
        let (map, summary) = build(scene)
        let shown = shown(map, scene)
        var found: Set<Int> = []
        for (landmark, points) in shown.enumerated() {
            #expect(points.count == 1, "landmark \(landmark) joins several points")
            guard case .some(.some(let point)) = points.first else {
                Issue.record("landmark \(landmark) is clutter")
                continue
            }
            #expect(found.insert(point).inserted, "point \(point) is two landmarks")
            #expect((map.landmarks[landmark] - scene.points[point]).length < 1e-4)
        }
        #expect(found == Set(scene.points.indices.filter { scene.views[$0] >= 2 }))
        #expect(summary.observations == scene.views.filter { $0 >= 2 }.reduce(0, +))
        #expect(summary.meanReprojectionError < 1e-3)
        #expect(summary.landmarks == map.landmarks.count)
    }

    @Test("withstands a fifth of the descriptors being another point's")
    func wrongMatches() throws {
        let scene = try SyntheticScene(named: "wrong matches", wrong: 0.2)
        let (map, _) = build(scene)
        let shown = shown(map, scene)
        var found: Set<Int> = []
        var wrong = 0
        for (landmark, points) in shown.enumerated() {
            if points.count == 1, case .some(.some(let point)) = points.first {
                found.insert(point)
                #expect((map.landmarks[landmark] - scene.points[point]).length < 1e-3)
            } else {
                wrong += 1
            }
        }
        let expected = scene.points.indices.filter { scene.views[$0] >= 4 }.count
        #expect(Double(found.count) > 0.97 * Double(expected), "\(found.count) of \(expected)")
        #expect(Double(wrong) < 0.01 * Double(map.landmarks.count), "\(wrong) of \(map.landmarks.count)")
    }

    @Test("from keypoints half a pixel off is as accurate as their geometry allows")
    func noise() throws {
        let scene = try SyntheticScene(named: "noise", noise: 0.5)
        let (map, summary) = build(scene)
        let errors = zip(map.landmarks, shown(map, scene)).compactMap { landmark, points -> Double? in
            guard case .some(.some(let point)) = points.first else { return nil }
            return (landmark - scene.points[point]).length
        }.sorted()
        // 0.5 px at 10 m and f = 470 is 1 cm across the ray; along it the baselines of 0.6 to 4 m leave a few times as
        // much.
        #expect(errors[errors.count / 2] < 0.06)
        #expect(summary.meanReprojectionError > 0.3 && summary.meanReprojectionError < 0.75)
    }

    @Test("is the same, bit for bit, every time")
    func deterministic() throws {
        let scene = try SyntheticScene(named: "deterministic", wrong: 0.1, noise: 0.7)
        let (a, b) = (build(scene).map, build(scene).map)
        #expect(a.landmarks == b.landmarks)
        #expect(a.keyframes.map(\.landmarks) == b.keyframes.map(\.landmarks))
        #expect(a.keyframes.map(\.descriptors) == b.keyframes.map(\.descriptors))
    }

    @Test("by nearest pairs sees what exhaustive pairs see of near images")
    func nearestPairs() throws {
        let scene = try SyntheticScene(named: "nearest", images: 14)
        var options = MappingOptions()
        options.pairs = .nearest(4)
        let (map, summary) = build(scene, options)
        let (_, all) = build(scene)
        #expect(summary.pairs < all.pairs && summary.pairs >= 14 * 4 / 2)
        #expect(Double(map.landmarks.count) > 0.9 * Double(all.landmarks))
        #expect(shown(map, scene).allSatisfy { $0.count == 1 && $0 != [nil] })
    }

    @Test("from cameras in one place gives no landmarks: there is no depth")
    func noBaseline() throws {
        var scene = try SyntheticScene(named: "no baseline", images: 2)
        scene.images[1] = scene.images[0]
        scene.images[1].name = "again.png"
        let (map, summary) = build(scene)
        #expect(map.landmarks.isEmpty)
        #expect(map.keyframes.count == 2 && summary.weakImages.count == 2)
    }

    @Test("writes a map that verifies")
    func writes() throws {
        let scene = try SyntheticScene(named: "writes", noise: 0.3)
        let path = "/tmp/hfloc-mapping-\(UInt64.random(in: 0...UInt64.max)).hfmap"
        defer { removeRecursively(path) }
        try build(scene).map.write(to: path)
        let map = try ReferenceMap(opening: path)
        let result = try map.verify(tolerance: 4.1)
        #expect(result.weakLandmarks == 0 && result.observations == map.observationCount)
        #expect(map.metadata["statistics.images"] == "8")
    }
}
