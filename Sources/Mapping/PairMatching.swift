import Features
import Geometry
import Parallelism

/// A pair of images with the mutual nearest neighbours of their descriptors, whatever their poses say of them.
struct MatchedPair: Sendable {
    var pair: ImagePair
    var matches: [DescriptorMatch]
}

/// Matches the pairs of images that the options choose.
struct PairMatching {
    let options: MappingOptions
    let threads: Int
    /// Pairs that one thread takes at a time.
    private static let batch = 8

    /// The pairs that the options choose, in ascending order.
    func match(
        _ images: [ExtractedImage], _ cameras: [Camera], progress: (_ done: Int, _ of: Int) -> Void
    ) -> [MatchedPair] {
        let rays = images.map { ImageRays($0, camera: cameras[$0.camera]) }
        return match(PairSelection(options: options).pairs(images, rays), images, progress: progress)
    }

    /// These pairs, in their order. Cost: about 5 ms of a core for each pair of 1500 keypoints.
    func match(
        _ pairs: [ImagePair], _ images: [ExtractedImage], progress: (_ done: Int, _ of: Int) -> Void
    ) -> [MatchedPair] {
        var matched: [MatchedPair] = []
        matched.reserveCapacity(pairs.count)
        let stride = Self.batch * threads
        for start in Swift.stride(from: 0, to: pairs.count, by: stride) {
            let part = pairs[start..<min(pairs.count, start + stride)]
            let batches = Parallel.map((part.count + Self.batch - 1) / Self.batch, threads: threads) { number in
                match(part.dropFirst(number * Self.batch).prefix(Self.batch), images)
            }
            for batch in batches { matched += batch }
            progress(start + part.count, pairs.count)
        }
        return matched
    }

    private func match(_ pairs: ArraySlice<ImagePair>, _ images: [ExtractedImage]) -> [MatchedPair] {
        var matcher = DescriptorMatcher(
            dimension: images[0].features.dimension, leastSimilarity: options.leastSimilarity,
            largestRatio: options.largestRatio)
        var matches: [DescriptorMatch] = []
        return pairs.map { pair in
            matcher.match(images[pair.a].features, images[pair.b].features, into: &matches)
            return MatchedPair(pair: pair, matches: matches)
        }
    }
}
