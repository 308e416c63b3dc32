import CAllocationCounter
import Features
import Geometry
import MapFixtures
import ReferenceMap
import Retrieval
import Testing
import TestSupport

/// On a street of keyframes every half metre.
@Suite("Evidence of the frames since a camera was lost")
struct PlaceEvidenceTests {
    private let map: ReferenceMap

    init() throws { map = try RandomMap(seed: 8, keyframes: 60).map }

    /// Keyframes in this order, as the most similar ones of a frame.
    private func ranked(_ keyframes: [Int]) -> [Prior] {
        keyframes.enumerated().map { Prior(keyframe: $1, similarity: 0.9 - 0.01 * Float($0)) }
    }

    /// Forwards along the street: the camera before in the camera now.
    private func forwards(_ metres: Double) -> RigidTransform {
        RigidTransform(rotation: .identity, translation: Vector3(0, 0, -metres))
    }

    private func second(_ count: Int) -> UInt64 { UInt64(count) * 1_000_000_000 }

    @Test("of a single frame keep its order")
    func alone() {
        var evidence = PlaceEvidence(for: map)
        var priors = ranked([40, 3, 17, 55])
        evidence.order(&priors, moved: nil, at: 0)
        #expect(priors == ranked([40, 3, 17, 55]))
        #expect(evidence.time == 0)
    }

    @Test("find the only place that the odometry leads through, though it is never the most similar one")
    func odometry() {
        var evidence = PlaceEvidence(for: map)
        var first: [Int] = []
        for step in 0..<8 {
            // The camera is at keyframe 10 + 2 step, the third in the list.
            var priors = ranked([30 + 13 * step % 28, 30 + (13 * step + 20) % 28, 10 + 2 * step])
            evidence.order(&priors, moved: step == 0 ? nil : forwards(1), at: second(step))
            first.append(priors[0].keyframe)
        }
        #expect(first.dropFirst(4).elementsEqual([18, 20, 22, 24]))
    }

    @Test("follow the turn of a camera: a keyframe that looks another way is none of its own")
    func turned() {
        var evidence = PlaceEvidence(for: map)
        var priors = ranked([20])
        evidence.order(&priors, moved: nil, at: 0)
        priors = ranked([50, 20])
        let about = RigidTransform(
            rotation: Rotation(exp: Vector3(0, .pi, 0)), translation: Vector3(0, 0, 0))
        evidence.order(&priors, moved: about, at: second(1))
        #expect(priors[0].keyframe == 50)
    }

    @Test("go along covisible keyframes where nothing measures a motion")
    func covisibility() {
        var evidence = PlaceEvidence(for: map)
        var last = 0
        for step in 0..<6 {
            var priors = ranked([(37 * step + 5) % 25 + 33, 10 + step])
            evidence.order(&priors, moved: nil, at: second(step))
            last = priors[0].keyframe
        }
        #expect(last == 15)
    }

    @Test("forget a place that later frames contradict")
    func contradicted() {
        var evidence = PlaceEvidence(for: map)
        for step in 0..<5 {
            var priors = ranked([10 + 2 * step, 40])
            evidence.order(&priors, moved: step == 0 ? nil : forwards(1), at: second(step))
        }
        var first = -1
        for step in 0..<8 {
            var priors = ranked([40 + 2 * step, 20 + 2 * step])
            evidence.order(&priors, moved: forwards(1), at: second(5 + step))
            first = priors[0].keyframe
        }
        #expect(first == 54)
    }

    @Test("a camera that stands still does not hear itself", arguments: [true, false])
    func standing(hasOdometry: Bool) {
        var evidence = PlaceEvidence(for: map)
        for step in 0..<30 {
            var priors = ranked([40, 10])
            evidence.order(&priors, moved: hasOdometry && step > 0 ? forwards(0.01) : nil, at: UInt64(step) * 8_000_000)
        }
        #expect(evidence.time == 0)
        // One look for 40 is outweighed by two for the other.
        var first = -1
        for step in 1..<3 {
            var priors = ranked([10 + 2 * step, 40 + 2 * step])
            evidence.order(&priors, moved: forwards(1), at: second(step))
            first = priors[0].keyframe
        }
        #expect(first == 14)
    }

    @Test("the look of one evidence goes on in another, to the last bit; what is none of the map is refused")
    func resumed() {
        var (one, other) = (PlaceEvidence(for: map), PlaceEvidence(for: map))
        var priors = ranked([10, 40, 30])
        one.order(&priors, moved: nil, at: 0)
        var isTaken = other.resume(one.look)
        #expect(isTaken)
        var (first, second) = (ranked([41, 12, 33]), ranked([41, 12, 33]))
        one.order(&first, moved: forwards(1), at: 5)
        other.order(&second, moved: forwards(1), at: 5)
        #expect(first == second && one.look.weights[2] == other.look.weights[2])
        var look = one.look
        look.keyframes[1] = UInt32(map.keyframeCount)
        isTaken = other.resume(look)
        #expect(!isTaken)
        look = one.look
        look.weights[0] = .nan
        isTaken = other.resume(look)
        #expect(!isTaken)
        look = one.look
        look.count = PlaceEvidence.capacity + 1
        isTaken = other.resume(look)
        #expect(!isTaken)
    }

    @Test("more keyframes than are kept stay behind the others")
    func many() {
        var evidence = PlaceEvidence(for: map)
        for step in 0..<2 {
            var priors = ranked(Array(0..<50))
            evidence.order(&priors, moved: nil, at: second(step))
            #expect(priors[PlaceEvidence.capacity...].map(\.keyframe) == Array(32..<50))
        }
    }

    @Test("the retriever orders its priors and places by them, and keeps those that are alike")
    func retriever() throws {
        var retriever = Retriever(map: map, priors: 5)
        var evidence = PlaceEvidence(for: map)
        retriever.retrieve(map.globalDescriptor(ofKeyframe: 20))
        retriever.order(by: &evidence, moved: nil, at: 0)
        #expect(retriever.priors.first?.keyframe == 20)
        var query = map.globalDescriptor(ofKeyframe: 50)
        for (index, value) in map.globalDescriptor(ofKeyframe: 20).values.enumerated() {
            query.values[index] = Int8((0.5 * Double(query.values[index]) + 0.4 * Double(value)).rounded())
        }
        retriever.retrieve(query)
        let alike = retriever.priors
        retriever.order(by: &evidence, moved: RigidTransform.identity, at: second(1))
        #expect(alike.prefix(2).map(\.keyframe) == [50, 20])
        #expect(retriever.priors.first?.keyframe == 20 && retriever.priors.count == 5)
        #expect(Set(retriever.alike.keyframes) == Set(alike.map(\.keyframe)))
        #expect(Set(retriever.places.keyframes) == Set(retriever.priors.map(\.keyframe)))
    }

    @Test("warm, nothing is allocated")
    func allocations() {
        var retriever = Retriever(map: map, priors: 10)
        var evidence = PlaceEvidence(for: map)
        let query = map.globalDescriptor(ofKeyframe: 20)
        for step in 0..<3 {
            retriever.retrieve(query)
            if step == 2 { hf_allocations_begin() }
            retriever.order(by: &evidence, moved: forwards(1), at: second(step))
        }
        #expect(hf_allocations_end() == 0)
    }
}
