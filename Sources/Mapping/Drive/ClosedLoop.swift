import Features
package import Geometry
import Parallelism
import PoseEstimation

/// A place that a drive came to again: how the camera stood against where it had stood.
package struct ClosedLoop: Sendable, Equatable {
    /// The image of the first visit, by its number in the order of the drive.
    package var earlier: Int
    /// That of the second.
    package var later: Int
    /// From the earlier camera's frame into the later one's, metres.
    package var laterFromEarlier: RigidTransform

    /// Two images of one place, by their numbers, and the motion between their cameras, metres.
    package init(earlier: Int, later: Int, laterFromEarlier: RigidTransform) {
        (self.earlier, self.later, self.laterFromEarlier) = (earlier, later, laterFromEarlier)
    }

    /// Metres between the two cameras, at most: farther down the same street the same houses are seen, and what they
    /// say of the way there is worse than what the images between say.
    private static let nearest = 5.0
    /// Of the way between: how far dead reckoning may be off, five times what is stated of wheels.
    private static let drift = 0.1

    /// Whether the camera came to the place again, and did not see it from elsewhere on the way there.
    package var isAtThePlace: Bool {
        laterFromEarlier.originInSource.length <= Self.nearest
    }

    /// Whether two cameras, by dead reckoning so far apart after so much way (metres), may be at one place.
    package static func mayClose(apart: Double, way: Double) -> Bool { apart <= nearest + drift * way }
}

/// Finds where a drive came to a place again: by global descriptors, and then by the pose of each image against the
/// landmarks that the other one and its neighbours see.
struct ClosedLoopSearch {
    let images: [ExtractedImage]
    let cameras: [Camera]
    /// Of pairs that follow each other.
    let structure: Structure
    let options: MappingOptions
    let threads: Int

    /// Images that resemble one most, and are tried.
    private static let candidates = 8
    /// Metres of way between two images of a closure, at least.
    private static let apart = 2 * SequencePairs.reach
    /// Keypoints that a closure rests on, and the share of the image that they cover, at least.
    private static let least = (inliers: 25, coverage: 0.12)
    /// Inliers of a closure are within so many pixels of the input image: landmarks are of a drift of their own.
    private static let tolerance = 6.0
    private static let batch = 8

    /// In ascending order of their pairs. Cost: 5 ms for each pair that is tried.
    func closures(progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }) -> [ClosedLoop] {
        let pairs = candidatePairs()
        let observed = observedLandmarks()
        var found: [ClosedLoop] = []
        let stride = Self.batch * threads
        for start in Swift.stride(from: 0, to: pairs.count, by: stride) {
            let part = pairs[start..<min(pairs.count, start + stride)]
            let batches = Parallel.map((part.count + Self.batch - 1) / Self.batch, threads: threads) { number in
                verified(part.dropFirst(number * Self.batch).prefix(Self.batch), observed)
            }
            for batch in batches { found += batch }
            progress(start + part.count, pairs.count)
        }
        return consistent(found)
    }

    /// Pairs of images that are far from each other on the way, look alike, and may be at one place for all that dead
    /// reckoning knows.
    private func candidatePairs() -> [ImagePair] {
        let alike = SimilarImages(images.map(\.globalDescriptor), threads: threads)
        var pairs: Set<ImagePair> = []
        for index in images.indices {
            let way = images[index].deadReckoning?.travelled ?? 0
            let centre = images[index].cameraFromMap.originInSource
            let apart = alike.neighbours(of: index, images.count).filter {
                let between = abs((images[$0].deadReckoning?.travelled ?? 0) - way)
                let distance = (images[$0].cameraFromMap.originInSource - centre).length
                return between > Self.apart && ClosedLoop.mayClose(apart: distance, way: between)
            }
            for other in apart.prefix(Self.candidates) { pairs.insert(ImagePair(index, other)) }
        }
        return pairs.sorted()
    }

    /// Per image, from a keypoint to the landmark that it observes.
    private func observedLandmarks() -> [[Int32: Int32]] {
        var observed = [[Int32: Int32]](repeating: [:], count: images.count)
        for (number, landmark) in structure.landmarks.enumerated() {
            for element in landmark.elements { observed[Int(element.image)][element.keypoint] = Int32(number) }
        }
        return observed
    }

    private func verified(_ pairs: ArraySlice<ImagePair>, _ observed: [[Int32: Int32]]) -> [ClosedLoop] {
        var matcher = DescriptorMatcher(
            dimension: images[0].features.dimension, leastSimilarity: options.leastSimilarity,
            largestRatio: options.largestRatio)
        let estimator = PoseEstimator(capacity: images.map(\.features.count).max() ?? 0)
        estimator.options.maximumReprojectionError = Self.tolerance
        return pairs.compactMap { verify($0, observed, &matcher, estimator) }
    }

    /// The later camera against the landmarks around the earlier one.
    private func verify(
        _ pair: ImagePair, _ observed: [[Int32: Int32]], _ matcher: inout DescriptorMatcher, _ estimator: PoseEstimator
    ) -> ClosedLoop? {
        let (earlier, later) = (images[pair.a], images[pair.b])
        var best: [Int32: (dot: Int32, landmark: Int32)] = [:]
        var matches: [DescriptorMatch] = []
        for neighbour in max(0, pair.a - 1)...min(images.count - 1, pair.a + 1) {
            matcher.match(images[neighbour].features, later.features, into: &matches)
            for match in matches {
                guard let landmark = observed[neighbour][match.a] else { continue }
                if match.dot > best[match.b]?.dot ?? .min { best[match.b] = (match.dot, landmark) }
            }
        }
        let correspondences = best.sorted { $0.key < $1.key }.map { keypoint, found in
            let point = later.features.keypoints[Int(keypoint)]
            return Correspondence(
                pixel: SIMD2(Double(point.x), Double(point.y)),
                point: structure.landmarks[Int(found.landmark)].position, landmark: UInt32(found.landmark),
                keypoint: keypoint, quality: Float(found.dot))
        }
        guard let estimate = estimator.estimate(correspondences, camera: cameras[later.camera]),
            estimate.inlierCount >= Self.least.inliers, estimate.spread.coverage >= Self.least.coverage
        else { return nil }
        let closure = ClosedLoop(
            earlier: pair.a, later: pair.b,
            laterFromEarlier: estimate.cameraFromMap * earlier.cameraFromMap.inverse)
        return closure.isAtThePlace ? closure : nil
    }

    /// Those that another one nearby bears out: a false closure of streets that look alike stands alone, or disagrees.
    private func consistent(_ closures: [ClosedLoop]) -> [ClosedLoop] {
        closures.filter { closure in
            closures.contains { other in other != closure && agree(closure, other) }
        }
    }

    /// Whether the two closures and the way between their images come back to where they began.
    private func agree(_ x: ClosedLoop, _ y: ClosedLoop) -> Bool {
        func motion(_ from: Int, _ to: Int) -> RigidTransform {
            images[to].cameraFromMap * images[from].cameraFromMap.inverse
        }
        func way(_ from: Int, _ to: Int) -> Double {
            abs((images[to].deadReckoning?.travelled ?? 0) - (images[from].deadReckoning?.travelled ?? 0))
        }
        let metres = way(x.earlier, y.earlier) + way(x.later, y.later)
        guard metres <= 2 * SequencePairs.reach else { return false }
        let round =
            motion(y.later, x.later) * y.laterFromEarlier * motion(x.earlier, y.earlier) * x.laterFromEarlier.inverse
        return round.translation.length <= 0.3 + 0.05 * metres && round.rotation.angle <= 3 * Double.pi / 180
    }
}
