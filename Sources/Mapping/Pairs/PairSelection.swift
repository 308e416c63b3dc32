import Features
import Geometry
import Parallelism

/// A pair of images to match, by their indices, the lower first.
struct ImagePair: Hashable, Comparable {
    let a: Int
    let b: Int

    init(_ a: Int, _ b: Int) { (self.a, self.b) = (min(a, b), max(a, b)) }

    static func < (x: Self, y: Self) -> Bool { (x.a, x.b) < (y.a, y.b) }
}

/// Chooses the pairs of images to match. The choice depends on nothing but its input.
package struct PairSelection {
    private let options: MappingOptions
    private let threads: Int
    /// Images before and behind an image, in the order in which they are given, that it is matched with.
    private static let sequence = 2

    /// - Parameters:
    ///   - options: which pairs are asked for.
    ///   - threads: that work; the choice does not depend on them.
    package init(options: MappingOptions, threads: Int) { (self.options, self.threads) = (options, threads) }

    /// Of each image, its partners of higher numbers, ascending. Cost: n log n of n images, unless all pairs are asked
    /// for.
    package func partners(_ images: [ExtractedImage]) -> [[Int]] {
        switch options.pairs {
        case .exhaustive: return Self.all(images.count)
        case .nearest(let count): return nearest(images, count)
        case .automatic:
            return images.count <= options.exhaustiveLimit
                ? Self.all(images.count) : nearest(images, options.neighbours)
        }
    }

    private static func all(_ count: Int) -> [[Int]] { (0..<count).map { Array($0 + 1..<max(count, $0 + 1)) } }

    /// The nearest by position that look the same way, half as many that look alike, and the next in the sequence.
    private func nearest(_ images: [ExtractedImage], _ count: Int) -> [[Int]] {
        let near = NearViews(images.map(\.cameraFromMap), largestAngle: options.largestPairAngle)
        let alike = SimilarImages(images.map(\.globalDescriptor), threads: threads)
        let chosen = Parallel.map(images.count, threads: threads) { image in
            near.neighbours(of: image, count) + alike.neighbours(of: image, (count + 1) / 2)
                + (image + 1..<image + 1 + Self.sequence).filter { $0 < images.count }
        }
        var partners = [Set<Int>](repeating: [], count: images.count)
        for (image, others) in chosen.enumerated() {
            for other in others { partners[min(image, other)].insert(max(image, other)) }
        }
        return partners.map { $0.sorted() }
    }
}
