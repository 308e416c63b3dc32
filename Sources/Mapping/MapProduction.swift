import Geometry
public import Inference
public import ReferenceMap
internal import Files
internal import Parallelism
internal import Reporting

/// The whole way from a folder of images with poses to a map file.
public struct MapProduction {
    /// The network that makes the features; the map is tied to it.
    public let model: Model
    /// Larger images are reduced to this many pixels.
    public let longSide: Int
    /// Of all stages, from extraction to triangulation.
    public var options: MappingOptions
    /// Whether the map's own keyframes are localized, and what came of it is kept in the map.
    public var checks = true
    /// Whether a map whose images contradict its poses or its camera is written all the same, marked.
    public var isForced = false
    /// Features and matches that earlier builds have worked out; nil to begin from nothing and leave nothing.
    package var cache: BuildCache?
    /// Whether what this build does not need goes from the cache at its end: so where the cache is this map's alone.
    package var removesUnused = false
    /// How many threads work; the map does not depend on it.
    package var threads = Parallel.processors
    /// Called as the work goes on: stage, done, of how many.
    public let progress: (MappingStage, Int, Int) -> Void

    /// A production that may make several maps; `progress` is called on the thread that works.
    public init(
        model: Model, longSide: Int, options: MappingOptions = MappingOptions(),
        progress: @escaping (MappingStage, Int, Int) -> Void = { _, _, _ in }
    ) {
        self.model = model
        self.longSide = longSide
        self.options = options
        self.progress = progress
    }

    /// Builds the map of the set's images with the role `map` and writes it to `path`, all or nothing.
    ///
    /// Images that cannot be used are skipped and named in the summary; fewer than two left are an error, and so is a
    /// map without landmarks, or one whose images contradict its poses or its camera. The same input gives the same
    /// file, byte for byte, if `notes` is the same.
    ///
    /// - Parameters:
    ///   - set: images with poses and roles.
    ///   - path: the map file.
    ///   - notes: kept in the file's metadata beside the statistics.
    /// - Returns: the summary, and the map's identity.
    public func produce(
        from set: PosedImages, to path: String, notes: [String: String] = [:]
    ) throws(MapError) -> (summary: MappingSummary, identity: String) {
        try produce(from: set, to: path, notes: notes, extracted: nil)
    }

    /// The same, of features that were made before.
    func produce(
        from set: PosedImages, to path: String, notes: [String: String], extracted: ExtractedDrive?
    ) throws(MapError) -> (summary: MappingSummary, identity: String) {
        let posed = set.images(role: "map")
        guard posed.count >= 2 else {
            throw unusable(set, "\(posed.count) images are marked 'map'", "mark at least two in split.txt")
        }
        try MapContents.requireWritable(path)
        var summary = extracted?.summary ?? MappingSummary()
        let placed = try georeference(set, &summary)
        var (images, cameras) =
            extracted?.placed(as: placed)
            ?? extraction.extract(
                placed.images(role: "map"), cameras: set.cameras, summary: &summary, progress: progress)
        measure(&images, placed, summary.georeference?.origin)
        guard images.count >= 2 else {
            let first = summary.skipped.first.map { ": \($0.name) \($0.reason)" } ?? ""
            throw unusable(
                set, "only \(images.count) of \(posed.count) images can be used\(first)", "correct the others")
        }
        var builder = MapBuilder(options: options, threads: threads, progress: progress)
        builder.cache = cache
        var contents = builder.build(
            images, cameras: cameras, network: .init(modelID: model.modelID, longSide: longSide), summary: &summary)
        summary.cache = cache.map { CacheReport($0, removing: removesUnused) }
        guard !contents.landmarks.isEmpty else {
            let (cause, cure) = Self.diagnosis(summary)
            throw unusable(set, "no landmark was found: \(cause)", cure)
        }
        if let (problem, cure) = summary.diagnosis.contradiction, !isForced { throw contradicted(set, problem, cure) }
        try cluster(&contents, images, set, &summary)
        contents.origin = summary.georeference?.origin
        contents.notes.merge(notes) { _, given in given }
        contents.notes.merge(optionNotes) { _, given in given }
        let clock = ContinuousClock()
        let start = clock.now
        guard checks else {
            if summary.diagnosis.contradiction != nil {
                // As a check would mark it: a later one has not the matches to see it.
                summary.quality.verdict = .contradicted
                contents.notes.merge(summary.quality.metadata) { _, found in found }
            }
            let identity = try contents.write(to: path)
            summary.seconds.append((.writing, (clock.now - start).seconds))
            return (summary, identity)
        }
        let unchecked = ScratchFile(beside: path, suffix: ".unchecked")
        try contents.write(to: unchecked.path)
        let map = try ReferenceMap(opening: unchecked.path)
        let rows = LeaveOneOut(map: map, threads: threads).rows { progress(.check, $0, $1) }
        let check = MapCheck(rows, keyframeCount: map.keyframeCount, diagnosis: summary.diagnosis)
        if let (problem, cure) = check.contradiction, !isForced { throw contradicted(set, problem, cure) }
        (summary.quality, summary.leftOut) = (check.quality, rows)
        let identity = try map.write(to: path, quality: check.quality, keyframes: check.keyframes)
        summary.seconds.append((.check, (clock.now - start).seconds))
        return (summary, identity)
    }

    /// What runs the network over images, or finds in the cache what it saw in them.
    var extraction: FeatureExtraction {
        var extraction = FeatureExtraction(
            model: model, longSide: longSide, keypoints: options.keypoints, threads: threads)
        extraction.cache = cache
        extraction.keepsCells = options.clusters == .own
        return extraction
    }

    /// Gives the keyframes descriptors by clusters of the map's own images, if that is wanted and there are enough.
    private func cluster(
        _ contents: inout MapContents, _ images: [ExtractedImage], _ set: PosedImages, _ summary: inout MappingSummary
    ) throws(MapError) {
        guard options.clusters == .own, images.count >= ClusterChoice.leastImages else { return }
        let clock = ContinuousClock()
        let start = clock.now
        let clusters = OwnClusters(
            model: model, longSide: longSide, keypoints: options.keypoints, cache: cache, threads: threads)
        do throws(OwnClusters.Missing) { _ = try clusters.apply(to: &contents, images: images) } catch {
            throw MapError(
                .unreadable, file: set.folder, field: "cache",
                problem: "the features of \(error.image) are not in it any more",
                cure: "build again, and leave the cache alone meanwhile")
        }
        summary.seconds.append((.clusters, (clock.now - start).seconds))
    }

    /// The set in axes that point east, north and up, if it has satellite fixes.
    private func georeference(
        _ set: PosedImages, _ summary: inout MappingSummary
    ) throws(MapError) -> PosedImages {
        guard set.images(role: "map").contains(where: { $0.fix != nil }) else {
            summary.georeference = options.origin.map(GeoreferenceReport.init(origin:))
            return set
        }
        let (placed, report) = try Georeference(origin: options.origin, freesScale: options.fixesGiveScale).align(set)
        summary.georeference = report
        return placed
    }

    /// Gives the images their fixes in the map frame.
    private func measure(_ images: inout [ExtractedImage], _ set: PosedImages, _ origin: GeodeticPosition?) {
        guard let frame = origin.map(LocalFrame.init(origin:)) else { return }
        let fixes = Dictionary(set.images.map { ($0.name, $0.fix) }, uniquingKeysWith: { first, _ in first })
        for index in images.indices {
            guard let fix = fixes[images[index].name] ?? nil else { continue }
            images[index].measurement = PositionMeasurement(position: frame.point(fix.position), sigma: fix.sigma)
        }
    }

    private func contradicted(_ set: PosedImages, _ problem: String, _ cure: String) -> MapError {
        MapError(
            .input, file: set.folder, field: "poses",
            problem: "the images contradict their poses or camera: \(problem)",
            cure: "\(set.poseConvention.map { "correct the file, where \($0)" } ?? cure); "
                + "--force builds the map all the same, and marks it")
    }

    /// Why images that can be used give no landmark.
    private static func diagnosis(_ summary: MappingSummary) -> (cause: String, cure: String) {
        func percent(_ ratio: Double) -> String { "\((100 * ratio).text(0)) %" }
        if let mistake = summary.diagnosis.contradiction { return (mistake.problem, mistake.cure) }
        if summary.parallelRatio > 0.5 {
            return (
                """
                \(percent(summary.parallelRatio)) of the matches are seen in the same direction from both images, so \
                the camera stood in one place, and nothing has a depth
                """,
                "give images from places that are at least a fiftieth of the distance to what they show apart"
            )
        }
        if summary.matches >= 20 * max(1, summary.pairs) {
            return (
                "\(percent(summary.verifiedRatio)) of the matches fit the poses",
                """
                check that the poses are camera from map (not map from camera), with the quaternion's scalar first, \
                and that cameras and poses belong to these images
                """
            )
        }
        return ("the images have next to nothing in common", "check that they overlap, and belong to these poses")
    }

    private func unusable(_ set: PosedImages, _ problem: String, _ cure: String) -> MapError {
        MapError(.input, file: set.folder, field: "images", problem: problem, cure: cure)
    }

    private var optionNotes: [String: String] {
        [
            "options.keypoints": "\(options.keypoints)", "options.pairs": "\(options.pairs)",
            "options.least_similarity": "\(options.leastSimilarity)",
            "options.largest_ratio": "\(options.largestRatio)",
            "options.epipolar_tolerance_px": "\(options.epipolarTolerance)",
            "options.reprojection_tolerance_px": "\(options.reprojectionTolerance)",
            "options.least_angle_rad": "\(options.leastAngle)",
        ]
    }
}
