internal import Files
internal import ArgumentParser
internal import Capture
internal import Configuration
internal import Errors
internal import Features
internal import Geometry
internal import Inference
internal import Mapping
internal import ProgramVersion
internal import Recording
internal import ReferenceMap
internal import Reporting

/// `hfloc map build`: from a folder of images with poses, or from a recorded drive, to a map file.
struct MapBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a map from a folder of images with known poses, or from a recorded drive.",
        discussion: """
            DIR holds cameras.txt, poses.txt and images/ (the rows that split.txt marks 'map', or all of them); or a \
            COLMAP model (text or binary, in DIR, DIR/sparse/N, DIR/sparse or DIR/model), OpenSfM's \
            reconstruction.json, or a transforms.json of nerfstudio or instant-ngp, with the images in DIR/images or \
            DIR. Poses of poses.txt are camera from map, in metres. Images that cannot be used are named and left out, \
            and make the exit status 2; what DIR holds that is not used is named as well.

            Or give the files of one recording with odometry: keyframes are chosen by motion, their poses begin with \
            dead reckoning, loops are closed where the drive comes to a place again, and satellite positions put the \
            map on the Earth. The recording's camera file and configuration are used unless others are given.
            """)

    @Argument(help: "The folder with images and poses, or one recording: its files, or their folder.")
    var inputs: [String]
    @OptionGroup var drive: DriveArguments
    @OptionGroup var arguments: MapBuildArguments

    func validate() throws {
        guard let first = inputs.first else { throw ValidationError("give a folder or a recording") }
        guard inputs.count == 1 || isDrive else {
            throw ValidationError("give one folder, or the files of one recording: '\(first)' is no .mcap file")
        }
        if !isDrive, let option = drive.given { throw ValidationError("\(option) is for recordings") }
        if isDrive, arguments.refine == .none || arguments.poseSigma != nil {
            throw ValidationError("--refine none and --pose-sigma are for images with poses: a drive has none")
        }
    }

    private var isDrive: Bool { inputs.allSatisfy { $0.hasSuffix(".mcap") || RecordingPaths.isFolder($0) } }

    func run() throws {
        try Failure.reporting {
            guard isDrive else { return try arguments.build(try PosedImages(folder: inputs[0])) }
            try arguments.build(try RecordingPaths.files(of: inputs), drive)
        }
    }
}

/// The options of maps of a recorded drive.
struct DriveArguments: ParsableArguments {
    @Option(help: "Of a recording: the camera file. Default: the one that it carries.")
    var camera: String?
    @Option(help: "Of a recording: hflocd's configuration, for vehicle.base_from_camera. Default: the one it carries.")
    var config: String?
    @Option(
        help: """
            Of a recording: how the camera sits on the vehicle, as 'X,Y,Z,QW,QX,QY,QZ' (metres, camera to base_link).
            """)
    var baseFromCamera: String?
    @Option(help: "Of a recording: metres between two keyframes. Default: 1; less in narrow places.")
    var keyframeSpacing: Double?
    @Option(help: "Of a recording: how far its odometry may be off, per cent of the way. Default: 2.")
    var odometryDrift: Double?
    @Option(help: "Of a recording: keep the keyframes' images in this folder.")
    var keepKeyframes: String?

    func validate() throws {
        if let keyframeSpacing, !(0.05...100).contains(keyframeSpacing) {
            throw ValidationError("--keyframe-spacing: 0.05 to 100 m")
        }
        if let odometryDrift, !(0.01...50).contains(odometryDrift) {
            throw ValidationError("--odometry-drift: 0.01 to 50 %")
        }
        if baseFromCamera != nil, mounting == nil {
            throw ValidationError("--base-from-camera: X,Y,Z,QW,QX,QY,QZ, as 1.2,0,1.5,0.5,-0.5,0.5,-0.5")
        }
    }

    /// The first option that was given; nil: none was.
    var given: String? {
        let options: [(String, Bool)] = [
            ("--camera", camera != nil), ("--config", config != nil), ("--base-from-camera", baseFromCamera != nil),
            ("--keyframe-spacing", keyframeSpacing != nil), ("--odometry-drift", odometryDrift != nil),
            ("--keep-keyframes", keepKeyframes != nil),
        ]
        return options.first { $0.1 }?.0
    }

    /// As it was given; nil also of what is no pose.
    var mounting: RigidTransform? {
        guard let baseFromCamera else { return nil }
        let n = baseFromCamera.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        guard n.count == 7, n.allSatisfy(\.isFinite),
            let rotation = Rotation(checkingW: n[3], x: n[4], y: n[5], z: n[6])
        else { return nil }
        return RigidTransform(rotation: rotation, translation: Vector3(n[0], n[1], n[2]))
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
    @Option(
        help: "'metre', or 'unknown' for poses of images alone: the map is then marked as without scale.")
    var unit = Unit.metre
    @Option(help: "'auto' refines poses whose uncertainty is stated; 'none' takes them as given.")
    var refine = Refinement.auto
    @Option(
        help: """
            'own' fits the clusters of the keyframes' global descriptors to the map's images, if there are \
            \(ClusterChoice.leastImages): places that look alike are told apart better; 'model' takes the model's.
            """)
    var placeClusters = PlaceClusters.own
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

    /// What `--place-clusters` chooses from.
    enum PlaceClusters: String, ExpressibleByArgument {
        case own
        case model
    }

    /// What `--unit` chooses from.
    enum Unit: String, ExpressibleByArgument {
        case metre
        case unknown
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

    /// Of a drive: whatever else is said, dead reckoning is not exact.
    private func refinement(of drive: DriveArguments) -> RefinementOptions {
        var options = RefinementOptions.ofDrive
        options.adjustsCameras = adjustCamera
        if let percent = drive.odometryDrift { options.drift.share = percent / 100 }
        return options
    }

    /// The report of the map at `output`, with thumbnails of the images that it names.
    private func write(
        _ path: String, _ source: String, _ summary: MappingSummary, pathOfImage: @escaping (String) -> String?
    ) throws {
        let page = MapPage(
            try ReferenceMap(opening: output), summary, source: MapProvenance.name(ofFolder: source)
        ) { name in
            var image = GreyImage(width: 1, height: 1)
            guard let path = pathOfImage(name), (try? ImageFile.readGrey(path, into: &image)) != nil else { return nil }
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

    private func options(_ refinement: RefinementOptions?) -> MappingOptions {
        var options = mapping.options
        options.reprojectionTolerance = tolerance
        options.epipolarTolerance = max(options.epipolarTolerance, 1.5 * tolerance)
        options.refinement = refinement
        options.clusters = placeClusters == .own ? .own : .model
        options.origin = origin.flatMap(GeodeticPosition.init(parsing:))
        options.fixesGiveScale = gnssScale == .free
        return options
    }

    /// Builds the map of `images` and reports it.
    func build(_ images: PosedImages) throws {
        UnusedInput.warn(images.unused)
        let paths = Dictionary(images.images.map { ($0.name, $0.path) }, uniquingKeysWith: { first, _ in first })
        try build(
            images.folder, files: images.files, options(refinement(of: images)), unused: images.unused,
            pathOfImage: { paths[$0] },
            by: { try $0.produce(from: images, to: output, notes: $1) })
    }

    /// Builds the map of a recorded drive and reports it.
    func build(_ files: [String], _ arguments: DriveArguments) throws {
        let recorded = try RecordedDrive(files)
        for damage in recorded.damages { StandardError.write("hfloc: warning: \(damage)\n") }
        let drive = try Drive(
            recorded, name: files[0], camera: arguments.camera, vehicle: arguments.config,
            baseFromCamera: arguments.mounting)
        let scratch = ScratchFolder(beside: output, suffix: ".keyframes")
        let folder = arguments.keepKeyframes ?? scratch.path
        try build(
            files[0], files: files, options(refinement(of: arguments)), pathOfImage: { "\(folder)/\($0)" },
            by: { production, notes in
                var production = DriveProduction(production, folder: folder)
                production.keyframeSpacing = arguments.keyframeSpacing ?? production.keyframeSpacing
                return try production.produce(from: drive, to: output, notes: notes)
            })
    }

    /// Builds a map of `source`, which has `files`, by what `produce` does with a production and the map's notes.
    private func build(
        _ source: String, files: [String], _ options: MappingOptions, unused: [UnusedInput] = [],
        pathOfImage: @escaping (String) -> String?,
        by produce: (MapProduction, [String: String]) throws -> (summary: MappingSummary, identity: String)
    ) throws {
        let modelPath = try mapping.modelPath()
        try AtomicFile.check([output] + (report.map { [$0] } ?? []), reading: files + [modelPath])
        let model = try Model(opening: modelPath)
        let bar = ProgressBar()
        var production = MapProduction(
            model: model, longSide: mapping.longSide ?? model.inputLongSide, options: options,
            progress: { stage, done, total in bar.show(stage.rawValue, done, total) })
        (production.checks, production.isForced) = (check, force)
        if let threads = mapping.threads { production.threads = threads }
        (production.cache, production.removesUnused) = (try buildCache(), cache == nil)
        var notes = MapProvenance.notes(folder: source, model: model.name, program: "hfloc \(Version.text)")
        if unit == .unknown {
            notes.merge(MapProvenance.withoutScale) { $1 }
            StandardError.write(
                "hfloc: warning: the map is without scale: what is said of it in metres is in its unit\n")
        }
        let (summary, identity) = try produce(production, notes)
        bar.finish()
        if let report { try write(report, source, summary, pathOfImage: pathOfImage) }
        let text = MapBuildReport(
            summary: summary, identity: identity, path: output, bytes: FileStatus.size(output), unused: unused)
        for warning in text.warnings { StandardError.write("hfloc: warning: \(warning)\n") }
        try StandardOutput.writeLine(json ? text.json : text.text)
        if !summary.skipped.isEmpty { throw ExitCode(ExitStatus.incomplete.rawValue) }
    }
}
