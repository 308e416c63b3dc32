internal import Files
internal import ArgumentParser
internal import Capture
internal import Configuration
internal import Errors
internal import Features
internal import Geometry
internal import Inference
internal import Mapping
internal import ReferenceMap
internal import Reporting

/// `hfloc map build`: from a folder of images with poses to a map file.
struct MapBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a map from a folder of images with known poses.",
        discussion: """
            DIR holds cameras.txt, poses.txt and images/ (the rows that split.txt marks 'map', or all of them); or a \
            COLMAP model (text or binary, in DIR, DIR/sparse/N, DIR/sparse or DIR/model), OpenSfM's \
            reconstruction.json, or a transforms.json of nerfstudio or instant-ngp, with the images in DIR/images or \
            DIR. Poses of poses.txt are camera from map, in metres. Images that cannot be used are named and left out, \
            and make the exit status 2; what DIR holds that is not used is named as well.
            """)

    @Argument(help: "The folder with images and poses.")
    var folder: String
    @OptionGroup var arguments: MapBuildArguments

    func run() throws {
        try Failure.reporting { try arguments.build(try PosedImages(folder: folder)) }
    }
}

/// The options of the commands that build a map.
struct MapBuildArguments: ParsableArguments {
    @Option(name: [.short, .long], help: "The map file to write; an old one is replaced at the end, at once.")
    var output: String
    @OptionGroup var mapping: MappingArguments
    @Option(
        help: "Farthest that an observation may be from its landmark, pixels of the input; raise it for inexact poses.")
    var tolerance = MappingOptions().reprojectionTolerance
    @Option(
        help: """
            How far the poses may be off, as '0.2m,0.5deg': standard deviations of position and rotation. They are \
            then refined by what the images show. A priors.txt says it for single images.
            """)
    var poseSigma: String?
    @Option(
        help: """
            Where the map frame's origin is on the Earth, as 'LATITUDE,LONGITUDE,HEIGHT' (degrees, metres above the \
            ellipsoid): its axes point east, north and up. With a gnss.txt: where it is to be.
            """)
    var origin: String?
    @Option(
        help: """
            'metric' takes the poses to be in metres; 'free' finds their unit by gnss.txt, as for poses of images alone.
            """)
    var gnssScale = Scale.metric
    @Option(help: "'auto' refines poses whose uncertainty is stated; 'none' takes them as given.")
    var refine = Refinement.auto
    @Flag(help: "With refined poses, correct the cameras too, and say by how much.")
    var adjustCamera = false
    @Flag(
        inversion: .prefixedNo,
        help: "Localize the map's own keyframes at the end, and keep in the map how well that went.")
    var check = true
    @Flag(help: "Write a map whose images contradict its poses or its camera all the same, and mark it.")
    var force = false
    @Option(
        help: """
            The folder that features and matches are kept in, so that an interrupted build goes on where it was, and \
            an image more costs only itself. Several builds may share one; nothing goes from it. Default: the \
            output's name and '.cache', which holds what the last build of that map needed.
            """)
    var cache: String?
    @Flag(help: "Neither look for features and matches of an earlier build nor keep any.")
    var noCache = false
    @Option(
        help: """
            Also write a report as one HTML file with pictures: the map from above, coverage, weak places, errors.
            """)
    var report: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if noCache, cache != nil { throw ValidationError("--no-cache: not with --cache") }
        guard (0.1...50).contains(tolerance) else { throw ValidationError("--tolerance: 0.1...50 pixels") }
        if let poseSigma, PoseUncertainty(parsing: poseSigma) == nil {
            throw ValidationError("--pose-sigma: as 0.2m,0.5deg (also cm, mm, rad)")
        }
        if let origin, GeodeticPosition(parsing: origin) == nil {
            throw ValidationError("--origin: LATITUDE,LONGITUDE,HEIGHT, as 52.1205,11.6276,80.5 (=-33.9,... if south)")
        }
    }

    /// What `--refine` chooses from.
    enum Refinement: String, ExpressibleByArgument {
        case auto
        case none
    }

    /// What `--gnss-scale` chooses from.
    enum Scale: String, ExpressibleByArgument {
        case metric
        case free
    }

    /// Nil where neither a pose's uncertainty nor a satellite's fix is stated.
    private func refinement(of images: PosedImages) -> RefinementOptions? {
        let stated = poseSigma.flatMap(PoseUncertainty.init(parsing:))
        let hasFixes = images.images.contains { $0.fix != nil }
        guard refine == .auto,
            stated != nil || hasFixes || images.images.contains(where: { $0.uncertainty != nil })
        else { return nil }
        // Where fixes hold the map as a whole, the images hold the poses to each other.
        var options = RefinementOptions(uncertainty: stated ?? (hasFixes ? .unknown : .exact))
        options.adjustsCameras = adjustCamera
        return options
    }

    /// The report of the map at `output`, with thumbnails of the images that it names.
    private func write(_ path: String, _ images: PosedImages, _ summary: MappingSummary) throws {
        let paths = Dictionary(images.images.map { ($0.name, $0.path) }, uniquingKeysWith: { first, _ in first })
        let page = MapPage(
            try ReferenceMap(opening: output), summary, source: MapProvenance.name(ofFolder: images.folder)
        ) { name in
            var image = GreyImage(width: 1, height: 1)
            guard let path = paths[name], (try? ImageFile.readGrey(path, into: &image)) != nil else { return nil }
            return GreyJPEG.encode(image.reduced(toSide: Self.thumbnail))
        }
        try AtomicFile.write(page.html, to: path)
    }

    /// Longest side of a picture in the report, pixels.
    private static let thumbnail = 320

    /// Nil where none is wanted, and where the output is no file that anything could lie beside.
    private func buildCache() throws -> BuildCache? {
        guard !noCache, cache != nil || !FileStatus.exists(output) || FileStatus.isFile(output) else { return nil }
        return try BuildCache(folder: cache ?? "\(output).cache")
    }

    /// Builds the map of `images` and reports it.
    func build(_ images: PosedImages) throws {
        UnusedInput.warn(images.unused)
        let modelPath = try mapping.modelPath()
        try AtomicFile.check([output] + (report.map { [$0] } ?? []), reading: images.files + [modelPath])
        let model = try Model(opening: modelPath)
        var options = mapping.options
        options.reprojectionTolerance = tolerance
        options.epipolarTolerance = max(options.epipolarTolerance, 1.5 * tolerance)
        options.refinement = refinement(of: images)
        options.origin = origin.flatMap(GeodeticPosition.init(parsing:))
        options.fixesGiveScale = gnssScale == .free
        let bar = ProgressBar()
        var production = MapProduction(
            model: model, longSide: mapping.longSide ?? model.inputLongSide, options: options,
            progress: { stage, done, total in bar.show(stage.rawValue, done, total) })
        (production.checks, production.isForced) = (check, force)
        if let threads = mapping.threads { production.threads = threads }
        (production.cache, production.removesUnused) = (try buildCache(), cache == nil)
        let (summary, identity) = try production.produce(
            from: images, to: output,
            notes: MapProvenance.notes(
                folder: images.folder, model: model.name, program: "hfloc \(Version.text)"))
        bar.finish()
        if let report { try write(report, images, summary) }
        let text = MapBuildReport(
            summary: summary, identity: identity, path: output, bytes: FileStatus.size(output),
            unused: images.unused)
        for warning in text.warnings { StandardError.write("hfloc: warning: \(warning)\n") }
        try StandardOutput.writeLine(json ? text.json : text.text)
        if !summary.skipped.isEmpty { throw ExitCode(ExitStatus.incomplete.rawValue) }
    }
}
