import Features
import Parallelism

/// A pair of images with the mutual nearest neighbours of their descriptors, whatever their poses say of them.
struct MatchedPair: Sendable {
    var pair: ImagePair
    var matches: [DescriptorMatch]
}

/// Matches the pairs of images that the options choose, by way of the cache.
struct PairMatching {
    let options: MappingOptions
    let threads: Int
    let cache: BuildCache?

    /// The pairs that the options choose, in ascending order.
    func match(_ images: [ExtractedImage], progress: (_ done: Int, _ of: Int) -> Void) -> [MatchedPair] {
        match(PairSelection(options: options, threads: threads).partners(images), images, progress: progress)
    }

    /// Each image with its partners of higher numbers, in ascending order. Progress is counted in images. Cost: about 3
    /// ms of a core for each pair of 1500 keypoints.
    func match(
        _ partners: [[Int]], _ images: [ExtractedImage], progress: (_ done: Int, _ of: Int) -> Void
    ) -> [MatchedPair] {
        let dimension = images[0].features.dimension
        let (options, cache) = (options, cache)
        let matched = Parallel.map(
            images.count, threads: threads,
            state: {
                DescriptorMatcher(
                    dimension: dimension, leastSimilarity: options.leastSimilarity, largestRatio: options.largestRatio)
            },
            progress: { progress($0, images.count) },
            transform: { matcher, image in
                let others = partners[image]
                let matching = PartnerMatching(
                    image: KeyedFeatures(images[image]), partners: others.map { KeyedFeatures(images[$0]) })
                return zip(others, matching.match(&matcher, options: options, cache: cache))
                    .map { MatchedPair(pair: ImagePair(image, $0), matches: $1) }
            })
        progress(images.count, images.count)
        return matched.flatMap { $0 }
    }
}
