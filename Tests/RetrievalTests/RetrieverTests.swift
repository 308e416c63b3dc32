import CAllocationCounter
import Container
import Features
import MapFixtures
import ReferenceMap
import Retrieval
import Testing
import TestSupport

@Suite("Retrieval is an exact scan")
struct RetrieverTests {
    @Test("the best priors, in order, as a float product finds them", arguments: [1, 2, 3], [false, true])
    func bruteForce(seed: UInt64, hasClusters: Bool) throws {
        let fixture = try RandomMap(seed: seed, keyframes: 41, landmarks: 300, hasClusters: hasClusters)
        let dimension = fixture.map.globalDimension
        var random = SeededGenerator(seed: seed + 100)
        var retriever = Retriever(map: fixture.map, priors: 10)
        for _ in 0..<20 {
            let query = RandomMap.global(&random, dimension: dimension)
            retriever.retrieve(query)
            let similarities = (0..<fixture.map.keyframeCount).map { keyframe in
                let values = fixture.map.globalDescriptor(ofKeyframe: keyframe).values
                return (0..<dimension).reduce(0.0) { sum, index in
                    sum + Double(values[index]) * Double(query.values[index])
                } * Double(query.scale) * Double(fixture.map.globalScales[keyframe])
            }
            let expected = similarities.indices.sorted { similarities[$0] > similarities[$1] }.prefix(10)
            #expect(retriever.priors.map(\.keyframe) == Array(expected))
            for prior in retriever.priors {
                #expect(abs(Double(prior.similarity) - similarities[prior.keyframe]) < 1e-5)
            }
        }
    }

    @Test("a keyframe's own descriptor retrieves it with similarity 1", arguments: [false, true])
    func itself(hasClusters: Bool) throws {
        let fixture = try RandomMap(seed: 4, hasClusters: hasClusters)
        var retriever = Retriever(map: fixture.map, priors: 3)
        for keyframe in 0..<fixture.map.keyframeCount {
            retriever.retrieve(fixture.map.globalDescriptor(ofKeyframe: keyframe))
            #expect(retriever.priors.first?.keyframe == keyframe)
            #expect(abs((retriever.priors.first?.similarity ?? 0) - 1) < 1e-4)
        }
    }

    @Test("a second retrieval allocates nothing", arguments: [false, true])
    func allocations(hasClusters: Bool) throws {
        let fixture = try RandomMap(seed: 5, hasClusters: hasClusters)
        var retriever = Retriever(map: fixture.map, priors: 10)
        var random = SeededGenerator(seed: 5)
        let query = RandomMap.global(&random, dimension: fixture.map.globalDimension)
        retriever.retrieve(query)
        hf_allocations_begin()
        retriever.retrieve(query)
        #expect(hf_allocations_end() == 0)
    }
}
