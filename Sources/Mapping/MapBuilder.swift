import Features
public import Geometry
public import Parallelism
public import ReferenceMap

/// Builds a map from images of known pose: pairs, matches, tracks, landmarks.
///
/// The same images give the same map, bit for bit. Memory: the features of all images and their verified matches; time:
/// mostly the matching, about 3 ms per pair of 1500 keypoints.
public struct MapBuilder {
    /// Which pairs are matched, and what a match and a landmark must be like.
    public let options: MappingOptions
    /// How many threads work; the map does not depend on it.
    public let threads: Int
    /// Called as the work goes on: stage, done, of how many.
    public let progress: (MappingStage, Int, Int) -> Void
    /// Where matches are looked for first, and kept, of images whose features it has; nil for neither.
    package var cache: BuildCache?

    /// A builder that keeps nothing between maps; `progress` is called on the thread that builds.
    public init(
        options: MappingOptions = MappingOptions(), threads: Int = Parallel.processors,
        progress: @escaping (MappingStage, Int, Int) -> Void = { _, _, _ in }
    ) {
        self.options = options
        self.threads = threads
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
        summary.keypoints = images.reduce(0) { $0 + $1.features.count }
        let clock = ContinuousClock()
        let start = clock.now
        var (images, cameras) = (images, cameras)
        let matches = PairMatching(options: options, threads: threads, cache: cache).match(images) {
            progress(.matching, $0, $1)
        }
        let matched = clock.now
        summary.seconds.append((.matching, (matched - start).seconds))
        if let refinement = options.refinement {
            let found = PoseRefinement(options: refinement, mapping: options, threads: threads)
                .refine(images, cameras, matches) { progress(.refinement, $0, $1) }
            (images, cameras) = (found.images, found.cameras)
            summary.refinement = found.report
            summary.seconds.append((.refinement, (clock.now - matched).seconds))
        }
        summary.diagnosis = PoseDiagnosis(images, cameras, matches, threads: threads)
        let refined = clock.now
        let structure = Structure(images, cameras, matches, options: options, threads: threads) {
            progress(.triangulation, $0, $1)
        }
        structure.report(in: &summary)
        let contents = assemble(images, cameras, network, structure.landmarks, &summary)
        summary.seconds.append((.triangulation, (clock.now - refined).seconds))
        return contents
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
