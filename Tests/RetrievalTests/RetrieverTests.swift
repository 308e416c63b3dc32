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
    @Test("the best priors, in order, as a float product finds them", arguments: [1, 2, 3])
    func bruteForce(seed: UInt64) throws {
        let fixture = try RandomMap(seed: seed, keyframes: 40, landmarks: 300)
        var random = SeededGenerator(seed: seed + 100)
        var retriever = Retriever(map: fixture.map, priors: 10)
        for _ in 0..<20 {
            let query = RandomMap.global(&random)
            retriever.retrieve(query)
            let similarities = (0..<fixture.map.keyframeCount).map { keyframe in
                (0..<RandomMap.globalDimension).reduce(0.0) { sum, index in
                    let value = fixture.map.globalDescriptors[keyframe * RandomMap.globalDimension + index]
                    return sum + Double(value) * Double(query.values[index])
                } * Double(query.scale) * Double(fixture.map.globalScales[keyframe])
            }
            let expected = similarities.indices.sorted { similarities[$0] > similarities[$1] }.prefix(10)
            #expect(retriever.priors.map(\.keyframe) == Array(expected))
            for prior in retriever.priors {
                #expect(abs(Double(prior.similarity) - similarities[prior.keyframe]) < 1e-5)
            }
        }
    }

    @Test("a keyframe's own descriptor retrieves it with similarity 1")
    func itself() throws {
        let fixture = try RandomMap(seed: 4)
        var retriever = Retriever(map: fixture.map, priors: 3)
        let dimension = RandomMap.globalDimension
        for keyframe in 0..<fixture.map.keyframeCount {
            var query = GlobalDescriptor(dimension: dimension)
            for index in 0..<dimension {
                query.values[index] = fixture.map.globalDescriptors[keyframe * dimension + index]
            }
            query.scale = fixture.map.globalScales[keyframe]
            retriever.retrieve(query)
            #expect(retriever.priors.first?.keyframe == keyframe)
            #expect(abs((retriever.priors.first?.similarity ?? 0) - 1) < 1e-4)
        }
    }

    @Test("a second retrieval allocates nothing")
    func allocations() throws {
        let fixture = try RandomMap(seed: 5)
        var retriever = Retriever(map: fixture.map, priors: 10)
        var random = SeededGenerator(seed: 5)
        let query = RandomMap.global(&random)
        retriever.retrieve(query)
        hf_allocations_begin()
        retriever.retrieve(query)
        #expect(hf_allocations_end() == 0)
    }
}
