import Features
import Geometry
import Parallelism

/// The matches that judge poses: those whose descriptors leave no doubt, of the pairs that have most of them.
///
/// Each mistake that is tried looks at all of them anew, so only their keypoints are kept, and of a large map an even
/// sample.
struct SureMatches: Sendable {
    /// Of all images, those that the keypoints of its sure matches lie at; empty where it has none.
    private var pixels: [[Vector2]]
    private let poses: [RigidTransform]
    private let cameraOfImage: [Int]
    private let cameras: [Camera]
    /// Keypoints are numbered as in `pixels`.
    private var pairs: [MatchedPair] = []
    private let threads: Int
    /// Least cosine of the descriptors of a match that leaves no doubt, times 65536.
    private static let leastDot = Int32(0.8 * 65_536)
    /// Pairs for each image.
    private static let pairsPerImage = 3
    /// Matches of a pair, at least.
    private static let leastOfPair = 12
    /// Pairs, and matches of them all, at most.
    private static let mostPairs = 1500
    private static let mostMatches = 30_000

    init(_ images: [ExtractedImage], _ cameras: [Camera], _ matched: [MatchedPair], threads: Int) {
        (self.cameras, self.threads) = (cameras, threads)
        (poses, cameraOfImage) = (images.map(\.cameraFromMap), images.map(\.camera))
        pixels = [[Vector2]](repeating: [], count: images.count)
        let counts = Parallel.map(matched.count, threads: threads) { number in
            matched[number].matches.count { $0.dot >= Self.leastDot }
        }
        let ranked = counts.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
            .prefix(Self.pairsPerImage * images.count).filter { counts[$0] >= Self.leastOfPair }
        let step = Self.step(ranked.count, most: Self.mostPairs)
        let chosen = Swift.stride(from: 0, to: ranked.count, by: step).map { matched[ranked[$0]] }
            .map { MatchedPair(pair: $0.pair, matches: $0.matches.filter { $0.dot >= Self.leastDot }) }
        let every = Self.step(chosen.reduce(0) { $0 + $1.matches.count }, most: Self.mostMatches)
        var numbers: [[Int32: Int32]] = images.map { _ in [:] }
        for whole in chosen {
            let (a, b) = (whole.pair.a, whole.pair.b)
            let kept = Swift.stride(from: 0, to: whole.matches.count, by: every).map { place in
                var match = whole.matches[place]
                match.a = number(of: match.a, images[a], &numbers[a], a)
                match.b = number(of: match.b, images[b], &numbers[b], b)
                return match
            }
            pairs.append(MatchedPair(pair: whole.pair, matches: kept))
        }
    }

    /// So many of `count` are left out that no more than `most` stay.
    private static func step(_ count: Int, most: Int) -> Int { max(1, (count + most - 1) / most) }

    /// A keypoint's place among those of the image that are kept.
    private mutating func number(
        of keypoint: Int32, _ image: ExtractedImage, _ numbers: inout [Int32: Int32], _ index: Int
    ) -> Int32 {
        if let known = numbers[keypoint] { return known }
        let point = image.features.keypoints[Int(keypoint)]
        let number = Int32(pixels[index].count)
        pixels[index].append(Vector2(Double(point.x), Double(point.y)))
        numbers[keypoint] = number
        return number
    }

    var count: Int { pairs.reduce(0) { $0 + $1.matches.count } }

    /// Of the matches that fit once a mistake is undone.
    func share(without mistake: UsualMistake, within tolerance: Double = 3) -> Double {
        let corrected = cameras.map(mistake.camera)
        let rays = Parallel.map(poses.count, threads: threads) { index in
            ImageRays(
                pixels[index], cameraFromMap: mistake.pose(index, poses), camera: corrected[cameraOfImage[index]])
        }
        let fitting = Parallel.map(pairs.count, threads: threads) { number -> Int in
            let pair = pairs[number]
            var matches = pair.matches
            PairVerification(tolerance: tolerance).filter(&matches, rays[pair.pair.a], rays[pair.pair.b])
            return matches.count
        }
        return Double(fitting.reduce(0, +)) / Double(max(1, count))
    }

    /// The ratio of focal lengths that most matches fit: by steps, then by bisection of the steps.
    func bestFocalRatio() -> (ratio: Double, share: Double) {
        func tried(_ ratio: Double) -> (ratio: Double, share: Double) { (ratio, share(without: .focal(ratio))) }
        var best = [0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.7].map(tried).max { $0.share < $1.share } ?? (1, 0)
        var step = 0.05
        while step > 0.005 {
            for candidate in [tried(best.ratio - step), tried(best.ratio + step)] where candidate.share > best.share {
                best = candidate
            }
            step /= 2
        }
        return best
    }
}
