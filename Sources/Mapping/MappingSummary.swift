/// The steps of building a map, in order.
public enum MappingStage: String, Sendable, CaseIterable {
    case extraction = "extract"
    case matching = "match"
    case triangulation = "triangulate"
    case writing = "write"
}

/// What came of building a map.
public struct MappingSummary: Sendable {
    /// An image that is not in the map, and why.
    public struct SkippedImage: Sendable, Equatable {
        public var name: String
        public var reason: String

        public init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    public var images = 0
    public var skipped: [SkippedImage] = []
    /// Keypoints over all images.
    public var keypoints = 0
    public var pairs = 0
    /// Pairs with enough matches after the epipolar check.
    public var usedPairs = 0
    /// Mutual nearest neighbours over all pairs.
    public var matches = 0
    /// Those that the epipolar check left.
    public var verifiedMatches = 0
    public var tracks = 0
    public var landmarks = 0
    public var observations = 0
    /// Mean over all observations, pixels of the input image.
    public var meanReprojectionError = 0.0
    /// Images with few landmarks: localization near them will be weak.
    public var weakImages: [(name: String, landmarks: Int)] = []
    public var seconds: [(stage: MappingStage, seconds: Double)] = []

    public init() {}

    /// Observations per landmark.
    public var meanTrackLength: Double { landmarks > 0 ? Double(observations) / Double(landmarks) : 0 }
    /// Share of the keypoints that observe a landmark.
    public var matchedRatio: Double { keypoints > 0 ? Double(observations) / Double(keypoints) : 0 }
    /// Share of the mutual nearest neighbours that the epipolar check left.
    public var verifiedRatio: Double { matches > 0 ? Double(verifiedMatches) / Double(matches) : 0 }

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
        ]
    }
}
