import Features
import Geometry

/// A pair of images to match, by their indices, the lower first.
struct ImagePair: Hashable, Comparable {
    let a: Int
    let b: Int

    init(_ a: Int, _ b: Int) { (self.a, self.b) = (min(a, b), max(a, b)) }

    static func < (x: Self, y: Self) -> Bool { (x.a, x.b) < (y.a, y.b) }
}

/// Chooses the pairs of images to match. The choice depends on nothing but its input.
struct PairSelection {
    let options: MappingOptions

    /// Pairs in ascending order, each once. Cost: n² of n images.
    func pairs(_ images: [ExtractedImage], _ rays: [ImageRays]) -> [ImagePair] {
        switch options.pairs {
        case .exhaustive: return exhaustive(images.count)
        case .nearest(let count): return nearest(images, rays, count)
        case .automatic:
            return images.count <= options.exhaustiveLimit
                ? exhaustive(images.count) : nearest(images, rays, options.neighbours)
        }
    }

    private func exhaustive(_ count: Int) -> [ImagePair] {
        (0..<count).flatMap { a in (a + 1..<max(count, a + 1)).map { ImagePair(a, $0) } }
    }

    private func nearest(_ images: [ExtractedImage], _ rays: [ImageRays], _ count: Int) -> [ImagePair] {
        var pairs: Set<ImagePair> = []
        for image in images.indices {
            let byPosition = images.indices.filter {
                $0 != image && rays[$0].axis.angle(to: rays[image].axis) < options.largestPairAngle
            }.map { ((rays[$0].centre - rays[image].centre).lengthSquared, $0) }.sorted { $0 < $1 }
            for (_, other) in byPosition.prefix(count) { pairs.insert(ImagePair(image, other)) }
            let bySimilarity = images.indices.filter { $0 != image }.map {
                (-Self.similarity(images[image], images[$0]), $0)
            }.sorted { $0 < $1 }
            for (_, other) in bySimilarity.prefix((count + 1) / 2) { pairs.insert(ImagePair(image, other)) }
        }
        return pairs.sorted()
    }

    /// Cosine of two global descriptors.
    private static func similarity(_ a: ExtractedImage, _ b: ExtractedImage) -> Float {
        var sum: Int32 = 0
        let (x, y) = (a.globalDescriptor.values.span, b.globalDescriptor.values.span)
        for index in x.indices { sum &+= Int32(x[index]) * Int32(y[index]) }
        return Float(sum) * a.globalDescriptor.scale * b.globalDescriptor.scale
    }
}
