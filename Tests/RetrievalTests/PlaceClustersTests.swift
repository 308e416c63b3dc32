import MapFixtures
import Retrieval
import Testing
import TestSupport

@Suite("Places are the priors' connected components")
struct PlaceClustersTests {
    /// Components by repeated merging of labels: slow and obvious.
    private func components(_ priors: [Prior], _ edges: Set<[Int]>) -> [[Int]] {
        var label = Array(priors.indices)
        var changed = true
        while changed {
            changed = false
            for i in priors.indices {
                for j in priors.indices
                where edges.contains([priors[i].keyframe, priors[j].keyframe]) && label[i] != label[j] {
                    let (low, high) = (min(label[i], label[j]), max(label[i], label[j]))
                    for k in label.indices where label[k] == high { label[k] = low }
                    changed = true
                }
            }
        }
        let groups = Set(label).sorted().map { value in
            priors.indices.filter { label[$0] == value }.map { priors[$0].keyframe }
        }
        // Stable: the label is the component's best prior.
        return groups.enumerated().sorted { ($0.element.count, -$0.offset) > ($1.element.count, -$1.offset) }
            .map(\.element)
    }

    @Test("equal to brute force on random graphs", arguments: 1...50)
    func bruteForce(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let priors = (0..<12).map { Prior(keyframe: 3 * $0 + 1, similarity: 1 - Float($0) * 0.05) }
        var edges: Set<[Int]> = []
        for a in priors {
            for b in priors where Double.random(in: 0...1, using: &random) < 0.07 {
                edges.formUnion([[a.keyframe, b.keyframe], [b.keyframe, a.keyframe]])
            }
        }
        var clusters = PlaceClusters(capacity: 12)
        for _ in 0..<2 { clusters.cluster(priors) { edges.contains([$0, $1]) } }  // Twice: nothing is left over.
        let found = clusters.ranges.map { Array(clusters.keyframes[$0]) }
        #expect(found == components(priors, edges))
    }

    @Test("no priors, no places")
    func empty() {
        var clusters = PlaceClusters(capacity: 4)
        clusters.cluster([]) { _, _ in true }
        #expect(clusters.count == 0)
    }
}
