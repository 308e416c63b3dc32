import Features
import Geometry
import Parallelism

/// The landmarks that matched images of given poses show: matches that fit the poses, tracks, points.
struct Structure: Sendable {
    /// In the order of their first keypoints.
    private(set) var landmarks: [TriangulatedTrack] = []
    /// Of the images, as they were used.
    let rays: [ImageRays]
    private(set) var matches = 0
    private(set) var verifiedMatches = 0
    /// Matches that look in the same direction from both images.
    private(set) var parallelMatches = 0
    private(set) var usedPairs = 0
    private let pairs: Int
    private let keypoints: Int
    private(set) var tracks = 0
    private static let chunk = 256

    /// Cost: about 10 us for each match, 20 for each track, over all threads.
    init(
        _ images: [ExtractedImage], _ cameras: [Camera], _ matched: [MatchedPair], options: MappingOptions,
        threads: Int, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) {
        let rays = ImageRays.all(images, cameras, threads: threads)
        self.rays = rays
        pairs = matched.count
        keypoints = images.reduce(0) { $0 + $1.features.count }
        let tracks = joined(matched, images.map(\.features.count), options, threads)
        self.tracks = tracks.count
        let triangulation = TrackTriangulation(rays: rays, options: options)
        let stride = Self.chunk * threads
        for start in Swift.stride(from: 0, to: tracks.count, by: stride) {
            let part = tracks[start..<min(tracks.count, start + stride)]
            let found = Parallel.map((part.count + Self.chunk - 1) / Self.chunk, threads: threads) { number in
                part.dropFirst(number * Self.chunk).prefix(Self.chunk).flatMap(triangulation.landmarks)
            }
            for landmarks in found { self.landmarks += landmarks }
            progress(start + part.count, tracks.count)
        }
    }

    /// The tracks of the matches that fit the poses.
    private mutating func joined(
        _ matched: [MatchedPair], _ keypointCounts: [Int], _ options: MappingOptions, _ threads: Int
    ) -> [[TrackElement]] {
        let verification = PairVerification(tolerance: options.epipolarTolerance)
        let rays = rays
        let fitting = Parallel.map(matched.count, threads: threads) { number in
            let pair = matched[number].pair
            var matches = matched[number].matches
            let parallel = matches.count { match in
                rays[pair.a].directions[Int(match.a)].angle(to: rays[pair.b].directions[Int(match.b)])
                    < options.leastAngle
            }
            verification.filter(&matches, rays[pair.a], rays[pair.b])
            return (matches: matches, parallel: parallel)
        }
        var builder = TrackBuilder(keypointCounts: keypointCounts)
        for (pair, fit) in zip(matched, fitting) {
            matches += pair.matches.count
            parallelMatches += fit.parallel
            guard fit.matches.count >= options.leastPairMatches else { continue }
            builder.add(pair.pair, fit.matches)
            usedPairs += 1
            verifiedMatches += fit.matches.count
        }
        return builder.tracks()
    }

    /// Keypoints that a landmark explains, over all images.
    var observations: Int { landmarks.reduce(0) { $0 + $1.elements.count } }

    /// Mean over all observations, pixels of the input image.
    var meanReprojectionError: Double {
        let total = landmarks.reduce(0.0) { $0 + $1.error * Double($1.elements.count) }
        return observations > 0 ? total / Double(observations) : 0
    }

    /// Writes what was counted.
    func report(in summary: inout MappingSummary) {
        summary.pairs = pairs
        summary.matches = matches
        summary.parallelMatches = parallelMatches
        summary.usedPairs = usedPairs
        summary.verifiedMatches = verifiedMatches
        summary.tracks = tracks
        summary.landmarks = landmarks.count
        summary.observations = observations
        summary.meanReprojectionError = meanReprojectionError
    }
}
