import CAllocationCounter
import Features
import Geometry
import MapFixtures
import Matching
import Parallelism
import ReferenceMap
import Testing
import TestSupport

@Suite("Matching against a place")
struct MatcherTests {
    private struct Scene {
        let fixture: RandomMap
        var place: PlaceLandmarks
        var query: LocalFeatures
        let pose: RigidTransform
        /// The landmark of each keypoint of the query, or nil for clutter.
        var truth: [UInt32?] = []

        /// A query between keyframes 5 and 6: its landmarks with noise of a pixel, and half as much clutter.
        init(seed: UInt64) throws {
            fixture = try RandomMap(seed: seed)
            place = PlaceLandmarks(for: fixture.map, rowCapacity: 4096)
            place.load([4, 5, 6, 7], from: fixture.map)
            pose = RandomMap.pose(at: 2.7)
            query = LocalFeatures(dimension: RandomMap.dimension, capacity: 2000)
            var random = SeededGenerator(seed: seed + 1)
            for landmark in place.landmarks {
                let point = fixture.map.position(ofLandmark: Int(landmark))
                guard let pixel = fixture.camera.project(pose * point), fixture.camera.contains(pixel) else { continue }
                let noise = Vector2(.random(in: -1...1, using: &random), .random(in: -1...1, using: &random))
                add(pixel + noise, RandomMap.disturbed(fixture.signatures[Int(landmark)], &random), landmark)
            }
            for _ in 0..<query.count / 2 {
                let pixel = Vector2(.random(in: 0...639, using: &random), .random(in: 0...479, using: &random))
                add(pixel, RandomMap.descriptor(RandomMap.dimension, &random), nil)
            }
        }

        mutating func add(_ pixel: Vector2, _ descriptor: [Int8], _ landmark: UInt32?) {
            query.keypoints.append(Keypoint(x: Float(pixel.x), y: Float(pixel.y), score: 0.5))
            query.descriptors += descriptor
            truth.append(landmark)
        }

        func dot(_ keypoint: Int, _ row: Int) -> Int {
            let d = RandomMap.dimension
            return (0..<d).reduce(0) {
                $0 + Int(query.descriptors[keypoint * d + $1]) * Int(place.descriptors[row * d + $1])
            }
        }

        /// Best row and best of another landmark among `rows`, naively.
        func nearest(_ keypoint: Int, among rows: [Int]) -> (row: Int, dot: Int, second: Int?)? {
            let sorted = rows.map { ($0, dot(keypoint, $0)) }.sorted { ($0.1, -$0.0) > ($1.1, -$1.0) }
            guard let best = sorted.first else { return nil }
            let rival = sorted.first { place.rowLandmarks[$0.0] != place.rowLandmarks[best.0] }
            return (best.0, best.1, rival?.1)
        }

        /// The accepted (keypoint, landmark) pairs, naively.
        func expected(ratio: Double, rows: (Int) -> [Int]) -> [UInt32: Int] {
            var holders: [UInt32: (keypoint: Int, quality: Float)] = [:]
            for keypoint in query.keypoints.indices {
                guard let best = nearest(keypoint, among: rows(keypoint)) else { continue }
                let similarity = Float(best.dot) / 65536
                guard similarity >= 0.5 else { continue }
                var quality = similarity
                if let second = best.second {
                    let (d1, d2) = (max(2 - 2 * similarity, 0), max(2 - 2 * Float(second) / 65536, 1e-6))
                    guard d1 <= Float(ratio * ratio) * d2 else { continue }
                    quality *= 1 - d1 / d2
                }
                let landmark = place.landmarks[Int(place.rowLandmarks[best.row])]
                if let held = holders[landmark], held.quality >= quality { continue }
                holders[landmark] = (keypoint, quality)
            }
            return holders.mapValues(\.keypoint)
        }
    }

    private func pairs(_ correspondences: [Correspondence]) -> [UInt32: Int] {
        Dictionary(uniqueKeysWithValues: correspondences.map { ($0.landmark, Int($0.keypoint)) })
    }

    private func matcher(threads: Int = 1) -> Matcher {
        Matcher(
            maximumKeypoints: 2000, rowCapacity: 4096, dimension: RandomMap.dimension,
            team: WorkerTeam(threads: threads))
    }

    @Test("any number of threads: the same matches in the same order", arguments: [2, 3, 4, 7])
    func threads(threads: Int) throws {
        let scene = try Scene(seed: 25)
        let (camera, prediction) = (scene.fixture.camera, RandomMap.pose(at: 2.75))
        var (alone, team) = (matcher(), matcher(threads: threads))
        for strongest in [1, 13, 400, 2000] {
            var (expected, found): ([Correspondence], [Correspondence]) = ([], [])
            alone.match(scene.query, strongest: strongest, against: scene.place, into: &expected)
            team.match(scene.query, strongest: strongest, against: scene.place, into: &found)
            #expect(isSame(found, expected) && (strongest < 400 || found.count > 50))
        }
        var (expected, found): ([Correspondence], [Correspondence]) = ([], [])
        alone.match(
            scene.query, against: scene.place, seenFrom: prediction, camera: camera, radius: 15, into: &expected)
        team.match(scene.query, against: scene.place, seenFrom: prediction, camera: camera, radius: 15, into: &found)
        #expect(isSame(found, expected) && found.count > 50)
    }

    private func isSame(_ a: [Correspondence], _ b: [Correspondence]) -> Bool {
        a.elementsEqual(b) { $0.landmark == $1.landmark && $0.keypoint == $1.keypoint && $0.quality == $1.quality }
    }

    @Test("a whole place: equal to brute force, and right", arguments: [21, 22, 23])
    func whole(seed: UInt64) throws {
        let scene = try Scene(seed: seed)
        var matcher = matcher()
        var found: [Correspondence] = []
        matcher.match(scene.query, against: scene.place, into: &found)
        let rows = Array(0..<scene.place.rowCount)
        #expect(pairs(found) == scene.expected(ratio: 0.9) { _ in rows })
        let right = found.count { scene.truth[Int($0.keypoint)] == $0.landmark }
        #expect(Double(right) > 0.98 * Double(found.count))
        #expect(Double(right) > 0.9 * Double(scene.truth.count { $0 != nil }))
    }

    @Test("the strongest keypoints alone: what a query of no others gives", arguments: [0, 1, 50, 100_000])
    func strongest(count: Int) throws {
        let scene = try Scene(seed: 24)
        var matcher = matcher()
        var (found, expected): ([Correspondence], [Correspondence]) = ([], [])
        matcher.match(scene.query, strongest: count, against: scene.place, into: &found)
        var query = scene.query
        let kept = min(count, query.count)
        query.keypoints.removeLast(query.count - kept)
        query.descriptors.removeLast(query.descriptors.count - kept * RandomMap.dimension)
        matcher.match(query, against: scene.place, into: &expected)
        #expect(pairs(found) == pairs(expected))
        #expect(found.count >= kept / 3)
    }

    @Test("guided: only landmarks that project within the radius", arguments: [31, 32, 33])
    func guided(seed: UInt64) throws {
        let scene = try Scene(seed: seed)
        var matcher = matcher()
        var found: [Correspondence] = []
        let camera = scene.fixture.camera
        let prediction = RandomMap.pose(at: 2.75)
        matcher.match(
            scene.query, against: scene.place, seenFrom: prediction, camera: camera, radius: 15, into: &found)
        let projected = scene.place.positions.map { position in
            camera.project(prediction * position).flatMap {
                $0.x >= 0 && $0.y >= 0 && $0.x < 640 && $0.y < 480 ? $0 : nil
            }
        }
        let expected = scene.expected(ratio: 0.95) { keypoint in
            let at = scene.query.keypoints[keypoint]
            return (0..<scene.place.rowCount).filter { row in
                guard let pixel = projected[Int(scene.place.rowLandmarks[row])] else { return false }
                return (pixel - Vector2(Double(at.x), Double(at.y))).length <= 15
            }
        }
        #expect(pairs(found) == expected)
        #expect(found.count > 50)
    }

    @Test("an empty query or place gives nothing")
    func empty() throws {
        let scene = try Scene(seed: 41)
        var matcher = matcher()
        var found: [Correspondence] = []
        matcher.match(LocalFeatures(dimension: RandomMap.dimension), against: scene.place, into: &found)
        matcher.match(scene.query, against: PlaceLandmarks(for: scene.fixture.map, rowCapacity: 8), into: &found)
        #expect(found.isEmpty)
    }

    @Test("once warm, loading a place and both ways of matching allocate nothing")
    func allocations() throws {
        var scene = try Scene(seed: 42)
        var matcher = matcher()
        var found: [Correspondence] = []
        found.reserveCapacity(2000)
        for round in 0..<2 {
            if round == 1 { hf_allocations_begin() }
            found.removeAll(keepingCapacity: true)
            scene.place.load([4, 5, 6, 7], from: scene.fixture.map)
            matcher.match(scene.query, against: scene.place, into: &found)
            matcher.match(
                scene.query, against: scene.place, seenFrom: scene.pose, camera: scene.fixture.camera, radius: 10,
                into: &found)
        }
        #expect(hf_allocations_end() == 0)
    }
}
