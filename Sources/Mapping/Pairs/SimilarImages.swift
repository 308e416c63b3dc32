package import Features
import Parallelism
import PoseEstimation

/// Of images, those that look most alike by their global descriptors.
///
/// Up to ``exactLimit`` images each is compared with all others. Of more, with those that share a leaf of one of
/// several trees, each of which parts the images again and again by the plane between two of them (as Annoy does):
/// n log n comparisons, and what is missed is a few of the neighbours, not one image's all.
package struct SimilarImages: Sendable {
    private let descriptors: [GlobalDescriptor]
    /// Per tree and image, the leaf; and the images of each leaf.
    private let trees: [(leafOf: [Int32], leaves: [[Int32]])]
    /// Images up to which all are compared.
    package static let exactLimit = 1024
    private static let treeCount = 8
    private static let leafSize = 64

    /// - Parameters:
    ///   - descriptors: of the images.
    ///   - threads: that work; the result does not depend on them.
    ///   - exactLimit: for tests.
    package init(_ descriptors: [GlobalDescriptor], threads: Int, exactLimit: Int = exactLimit) {
        self.descriptors = descriptors
        trees =
            descriptors.count <= exactLimit
            ? [] : Parallel.map(Self.treeCount, threads: threads) { Self.tree(descriptors, seed: UInt64($0)) }
    }

    /// The `count` most similar ones, best first; of equals the lowest numbers.
    package func neighbours(of image: Int, _ count: Int) -> [Int] {
        let similarities = candidates(of: image).map {
            (-Self.similarity(descriptors[image], descriptors[$0]), $0)
        }
        return similarities.sorted { $0 < $1 }.prefix(count).map(\.1)
    }

    private func candidates(of image: Int) -> [Int] {
        guard !trees.isEmpty else { return descriptors.indices.filter { $0 != image } }
        var found: Set<Int> = []
        for tree in trees { for other in tree.leaves[Int(tree.leafOf[image])] { found.insert(Int(other)) } }
        found.remove(image)
        return Array(found)
    }

    private static func tree(
        _ descriptors: [GlobalDescriptor], seed: UInt64
    ) -> (leafOf: [Int32], leaves: [[Int32]]) {
        var leaves: [[Int32]] = []
        var random = SplitMix64(seed: seed)
        var open = [descriptors.indices.map { Int32($0) }]
        while let images = open.popLast() {
            guard images.count > leafSize else {
                leaves.append(images)
                continue
            }
            let a = Int(random.next() % UInt64(images.count))
            let b = (a + 1 + Int(random.next() % UInt64(images.count - 1))) % images.count
            let (x, y) = (descriptors[Int(images[a])], descriptors[Int(images[b])])
            // The halves are equal, so that no tree is deep, whatever the images.
            let ordered = images.map { image in
                let other = descriptors[Int(image)]
                return (similarity(other, x) - similarity(other, y), image)
            }.sorted { $0 < $1 }.map(\.1)
            open.append(Array(ordered[..<(ordered.count / 2)]))
            open.append(Array(ordered[(ordered.count / 2)...]))
        }
        var leafOf = [Int32](repeating: 0, count: descriptors.count)
        for (number, leaf) in leaves.enumerated() { for image in leaf { leafOf[Int(image)] = Int32(number) } }
        return (leafOf, leaves)
    }

    /// Cosine of two global descriptors.
    private static func similarity(_ a: GlobalDescriptor, _ b: GlobalDescriptor) -> Float {
        var sum: Int32 = 0
        let (x, y) = (a.values.span, b.values.span)
        for index in x.indices { sum &+= Int32(x[index]) * Int32(y[index]) }
        return Float(sum) * a.scale * b.scale
    }
}
