import Features
public import Geometry
public import ReferenceMap

/// Builds a map from images of known pose: pairs, matches, tracks, landmarks.
///
/// The same images give the same map, bit for bit. Memory: the features of all images and their verified matches; time:
/// mostly the matching, about 5 ms per pair of 1500 keypoints.
public struct MapBuilder {
    /// Which pairs are matched, and what a match and a landmark must be like.
    public let options: MappingOptions
    /// Called as the work goes on: stage, done, of how many.
    public let progress: (MappingStage, Int, Int) -> Void

    /// A builder that keeps nothing between maps; `progress` is called on the thread that builds.
    public init(
        options: MappingOptions = MappingOptions(),
        progress: @escaping (MappingStage, Int, Int) -> Void = { _, _, _ in }
    ) {
        self.options = options
        self.progress = progress
    }

    /// The network that made the features.
    public struct Network: Sendable {
        /// `Model.modelID`, 64 hex digits: a map is only used with the network that made it.
        public var modelID: String
        /// Long side to which images were reduced, pixels.
        public var longSide: Int

        /// The two facts of a network that a map keeps.
        public init(modelID: String, longSide: Int) {
            self.modelID = modelID
            self.longSide = longSide
        }
    }

    /// The map of `images`, at least one, all with descriptors of the same dimensions. Fills in the matching and
    /// triangulation parts of `summary`.
    ///
    /// - Parameters:
    ///   - images: with their features and poses.
    ///   - cameras: of the network's input images.
    ///   - network: which made the features: its identity goes into the map.
    ///   - summary: what came of each step.
    public func build(
        _ images: [ExtractedImage], cameras: [Camera], network: Network, summary: inout MappingSummary
    ) -> MapContents {
        precondition(!images.isEmpty, "MapBuilder: a map has an image")
        let rays = images.map { ImageRays($0, camera: cameras[$0.camera]) }
        summary.keypoints = images.reduce(0) { $0 + $1.features.count }
        let clock = ContinuousClock()
        let start = clock.now
        let tracks = tracks(images, rays, &summary)
        let matched = clock.now
        let landmarks = triangulate(tracks, rays, &summary)
        let contents = assemble(images, cameras, network, landmarks, &summary)
        summary.seconds.append((.matching, (matched - start).seconds))
        summary.seconds.append((.triangulation, (clock.now - matched).seconds))
        return contents
    }

    private func tracks(
        _ images: [ExtractedImage], _ rays: [ImageRays], _ summary: inout MappingSummary
    ) -> [[TrackElement]] {
        let pairs = PairSelection(options: options).pairs(images, rays)
        var matcher = DescriptorMatcher(
            dimension: images[0].features.dimension, leastSimilarity: options.leastSimilarity,
            largestRatio: options.largestRatio)
        let verification = PairVerification(tolerance: options.epipolarTolerance)
        var builder = TrackBuilder(keypointCounts: images.map(\.features.count))
        var matches: [DescriptorMatch] = []
        summary.pairs = pairs.count
        for (number, pair) in pairs.enumerated() {
            matcher.match(images[pair.a].features, images[pair.b].features, into: &matches)
            summary.matches += matches.count
            summary.parallelMatches += parallel(matches, rays[pair.a], rays[pair.b])
            verification.filter(&matches, rays[pair.a], rays[pair.b])
            if matches.count >= options.leastPairMatches {
                builder.add(pair, matches)
                summary.usedPairs += 1
                summary.verifiedMatches += matches.count
            }
            progress(.matching, number + 1, pairs.count)
        }
        let tracks = builder.tracks()
        summary.tracks = tracks.count
        return tracks
    }

    /// How many of the matches look in the same direction from both images.
    private func parallel(_ matches: [DescriptorMatch], _ a: ImageRays, _ b: ImageRays) -> Int {
        matches.count { match in
            a.directions[Int(match.a)].angle(to: b.directions[Int(match.b)]) < options.leastAngle
        }
    }

    private func triangulate(
        _ tracks: [[TrackElement]], _ rays: [ImageRays], _ summary: inout MappingSummary
    ) -> [TriangulatedTrack] {
        let triangulation = TrackTriangulation(rays: rays, options: options)
        var landmarks: [TriangulatedTrack] = []
        for (number, track) in tracks.enumerated() {
            landmarks += triangulation.landmarks(of: track)
            if number % 256 == 255 || number + 1 == tracks.count {
                progress(.triangulation, number + 1, tracks.count)
            }
        }
        summary.landmarks = landmarks.count
        summary.observations = landmarks.reduce(0) { $0 + $1.elements.count }
        let total = landmarks.reduce(0.0) { $0 + $1.error * Double($1.elements.count) }
        summary.meanReprojectionError = summary.observations > 0 ? total / Double(summary.observations) : 0
        return landmarks
    }

    private func assemble(
        _ images: [ExtractedImage], _ cameras: [Camera], _ network: Network, _ landmarks: [TriangulatedTrack],
        _ summary: inout MappingSummary
    ) -> MapContents {
        var contents = MapContents(
            modelID: network.modelID, longSide: network.longSide, descriptorDimension: images[0].features.dimension,
            globalDimension: images[0].globalDescriptor.values.count, cameras: cameras,
            landmarks: landmarks.map(\.position), minimumShared: options.minimumShared)
        var observed = [[(keypoint: Int32, landmark: UInt32)]](repeating: [], count: images.count)
        for (number, landmark) in landmarks.enumerated() {
            for element in landmark.elements {
                observed[Int(element.image)].append((element.keypoint, UInt32(number)))
            }
        }
        for (index, image) in images.enumerated() {
            contents.keyframes.append(keyframe(image, observed[index].sorted { $0 < $1 }))
            if observed[index].count < options.fewLandmarks {
                summary.weakImages.append((image.name, observed[index].count))
            }
        }
        summary.images = images.count
        contents.notes = summary.notes
        return contents
    }

    private func keyframe(
        _ image: ExtractedImage, _ observed: [(keypoint: Int32, landmark: UInt32)]
    ) -> MapContents.Keyframe {
        var keyframe = MapContents.Keyframe(
            name: image.name, camera: image.camera, cameraFromMap: image.cameraFromMap,
            globalDescriptor: image.globalDescriptor, detectedKeypoints: image.features.count)
        let dimension = image.features.dimension
        for (keypoint, landmark) in observed {
            let point = image.features.keypoints[Int(keypoint)]
            keyframe.landmarks.append(landmark)
            keyframe.pixels.append(SIMD2(point.x, point.y))
            let start = Int(keypoint) * dimension
            keyframe.descriptors += image.features.descriptors[start..<start + dimension]
        }
        return keyframe
    }
}

extension Duration {
    /// In seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
