internal import Files
internal import ArgumentParser
internal import Configuration
internal import Errors
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
    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "Reduce larger images to this many pixels on the long side. Default: the model's.")
    var longSide: Int?
    @Option(help: "Most keypoints of an image.")
    var keypoints = MappingOptions().keypoints
    @Option(help: "Pairs to match: 'auto', 'exhaustive', or how many nearest images to match each image with.")
    var pairs = "auto"
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
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        try MappingOptions.allowedKeypoints.check(keypoints, "--keypoints")
        if let longSide, !(64...4096).contains(longSide) { throw ValidationError("--long-side: 64...4096 pixels") }
        guard (0.1...50).contains(tolerance) else { throw ValidationError("--tolerance: 0.1...50 pixels") }
        if let poseSigma, PoseUncertainty(parsing: poseSigma) == nil {
            throw ValidationError("--pose-sigma: as 0.2m,0.5deg (also cm, mm, rad)")
        }
        if let origin, GeodeticPosition(parsing: origin) == nil {
            throw ValidationError("--origin: LATITUDE,LONGITUDE,HEIGHT, as 52.1205,11.6276,80.5 (=-33.9,... if south)")
        }
        guard pairChoice != nil else { throw ValidationError("--pairs: 'auto', 'exhaustive' or a number in 1...1000") }
    }

    private var pairChoice: PairChoice? {
        switch pairs {
        case "auto": .automatic
        case "exhaustive": .exhaustive
        default: Int(pairs).flatMap { (1...1000).contains($0) ? .nearest($0) : nil }
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

    /// Builds the map of `images` and reports it.
    func build(_ images: PosedImages) throws {
        UnusedInput.warn(images.unused)
        let modelPath = try InstalledModel.resolve(model)
        try AtomicFile.check(output, reading: images.files + [modelPath])
        let model = try Model(opening: modelPath)
        var options = MappingOptions()
        options.keypoints = keypoints
        options.pairs = pairChoice ?? .automatic
        options.reprojectionTolerance = tolerance
        options.epipolarTolerance = max(options.epipolarTolerance, 1.5 * tolerance)
        options.refinement = refinement(of: images)
        options.origin = origin.flatMap(GeodeticPosition.init(parsing:))
        options.fixesGiveScale = gnssScale == .free
        let bar = ProgressBar()
        var production = MapProduction(
            model: model, longSide: longSide ?? model.inputLongSide, options: options,
            progress: { stage, done, total in bar.show(stage.rawValue, done, total) })
        (production.checks, production.isForced) = (check, force)
        let (summary, identity) = try production.produce(
            from: images, to: output,
            notes: MapProvenance.notes(
                folder: images.folder, model: model.name, program: "hfloc \(Version.text)"))
        bar.finish()
        let report = MapBuildReport(
            summary: summary, identity: identity, path: output, bytes: FileStatus.size(output),
            unused: images.unused)
        for warning in report.warnings { StandardError.write("hfloc: warning: \(warning)\n") }
        try StandardOutput.writeLine(json ? report.json : report.text)
        if !summary.skipped.isEmpty { throw ExitCode(ExitStatus.incomplete.rawValue) }
    }
}
