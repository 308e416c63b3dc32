public import ReferenceMap

/// The steps of building a map, in order.
public enum MappingStage: String, Sendable, CaseIterable {
    /// The network runs over each image; counted in images.
    case extraction = "extract"
    /// Descriptors are matched; counted in images, each with its partners.
    case matching = "match"
    /// Places that a drive came to again are looked for; counted in pairs of images.
    case closure = "close loops"
    /// Poses are adjusted to what the images show; counted in rounds.
    case refinement = "refine"
    /// Tracks become landmarks; counted in tracks.
    case triangulation = "triangulate"
    /// Clusters are fitted to the images' cells and descriptors; no progress is told of it.
    case clusters = "cluster"
    /// The map's own keyframes are localized without their observations; counted in keyframes. Writing is part of it.
    case check = "check"
    /// The map file is written, whole or not at all; no progress is told of it.
    case writing = "write"
}

/// What came of building a map.
public struct MappingSummary: Sendable {
    /// An image that is not in the map, and why.
    public struct SkippedImage: Sendable, Equatable {
        /// As the pose file has it.
        public var name: String
        /// What is wrong, and the cure, in one line.
        public var reason: String

        /// An image that was left out, and why.
        public init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    /// Those in the map: its keyframes.
    public var images = 0
    /// In the order of the pose file.
    public var skipped: [SkippedImage] = []
    /// Said of images with different EXIF orientations; nil where all have the same.
    public var orientationWarning: String?
    /// Keypoints over all images.
    public var keypoints = 0
    /// Pairs of images whose descriptors were compared.
    public var pairs = 0
    /// Pairs with enough matches after the epipolar check.
    public var usedPairs = 0
    /// Mutual nearest neighbours over all pairs.
    public var matches = 0
    /// Those that the epipolar check left.
    public var verifiedMatches = 0
    /// Those whose rays are parallel but for the least angle of a landmark, given the poses: they have no depth.
    public var parallelMatches = 0
    /// Sets of keypoints of different images that matches join to one point.
    public var tracks = 0
    /// What the tracks gave: points that enough of their keypoints agree on.
    public var landmarks = 0
    /// Keypoints that a landmark explains, over all images.
    public var observations = 0
    /// Mean over all observations, pixels of the input image.
    public var meanReprojectionError = 0.0
    /// What came of a drive's frames; nil of images that came with poses.
    public var drive: DriveReport?
    /// Where the map is on the Earth; nil where it does not know.
    public var georeference: GeoreferenceReport?
    /// What the refinement of the poses did; nil where there was none.
    public var refinement: RefinementReport?
    /// How well the images fit their poses and cameras, and what it looks like where they do not.
    package var diagnosis = PoseDiagnosis()
    /// What the check of the map found; unchecked where there was none.
    public var quality = MapQuality()
    /// What came of each keyframe that the check has localized; empty where there was none.
    package var leftOut: [LeftOutKeyframe] = []
    /// Images with few landmarks: localization near them will be weak.
    public var weakImages: [(name: String, landmarks: Int)] = []
    /// How much came from the cache, where it lies, its bytes, and what was wrong with it; nil without a cache.
    package var cache: CacheReport?
    /// Time that each stage took, in the order in which they ended.
    public var seconds: [(stage: MappingStage, seconds: Double)] = []

    /// Before any work: zeros.
    public init() {}

    /// Observations per landmark.
    public var meanTrackLength: Double { landmarks > 0 ? Double(observations) / Double(landmarks) : 0 }
    /// Share of the keypoints that observe a landmark.
    public var matchedRatio: Double { keypoints > 0 ? Double(observations) / Double(keypoints) : 0 }
    /// Share of the mutual nearest neighbours that the epipolar check left.
    public var verifiedRatio: Double { matches > 0 ? Double(verifiedMatches) / Double(matches) : 0 }

    /// Share of the mutual nearest neighbours that have no depth.
    public var parallelRatio: Double { matches > 0 ? Double(parallelMatches) / Double(matches) : 0 }

    /// As kept in the map file.
    public var notes: [String: String] {
        func digits(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
        return [
            "statistics.images": "\(images)", "statistics.skipped_images": "\(skipped.count)",
            "statistics.keypoints": "\(keypoints)", "statistics.pairs": "\(pairs)",
            "statistics.used_pairs": "\(usedPairs)", "statistics.matches": "\(matches)",
            "statistics.verified_matches": "\(verifiedMatches)", "statistics.tracks": "\(tracks)",
            "statistics.mean_track_length": digits(meanTrackLength),
            "statistics.mean_reprojection_error_px": digits(meanReprojectionError),
            "statistics.matched_ratio": digits(matchedRatio),
            "statistics.fitting_share": digits(diagnosis.share),
        ]
    }
}
