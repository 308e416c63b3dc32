internal import ArgumentParser
internal import Capture
internal import CommandSupport
internal import Errors
internal import Evaluation
internal import Files
internal import Integrity
internal import LocalizationOptions
internal import Localizer
internal import Mapping
internal import Reporting

/// `hfloc localize`: poses of images.
struct LocalizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "localize",
        abstract: "Print the camera poses of images.",
        discussion: """
            Images: files, or folders of them, with --camera; or one folder in a layout with poses (its images marked \
            'query'); or --queries with a list in the layout of the long-term visual localization benchmark (NAME \
            MODEL WIDTH HEIGHT PARAMS...), names below --root. Images that cannot be used are named and left out, and \
            make the exit status 2.
            """)

    @Argument(help: "Image files, or folders.")
    var images: [String] = []
    @OptionGroup var arguments: LocalizationArguments
    @Option(
        help:
            """
            Camera of the images: a camera file, or 'MODEL WIDTH HEIGHT PARAMS...' \
            (COLMAP's models, pixel centres at integers).
            """
    )
    var camera: String?
    @Option(help: "A query list with intrinsics, instead of images.")
    var queries: String?
    @Option(help: "Folder that the names of --queries are relative to.")
    var root = "."
    @Option(
        help: """
            text, json (a line each), tum (mapFromCamera), benchmark (cameraFromMap, found images only), or geojson (a \
            document, of a map that knows where on the Earth it is).
            """)
    var format = PoseFormat.text
    @Flag(help: "benchmark: keep the last folder in the names, as RobotCar Seasons wants ('rear/NAME').")
    var cameraFolder = false
    @Option(help: "Write to this file instead of standard output.")
    var output: String?
    @Flag(help: "The images are a drive: keep the cached place from one to the next.")
    var sequence = false
    @Option(help: "Images a second of a --sequence. Default: the times of timestamps.txt in the folder, else 10.")
    var rate: Double?
    @Option(
        help: """
            Most images in a row of a --sequence that only follow the landmarks of the last one that the network has \
            seen (localizer.cheap_frames).
            """)
    var cheapFrames = LocalizerOptions().cheapFrames
    @Option(
        help: """
            With --cheap-frames: how many images later what the network has seen of one is adopted, as in a daemon \
            whose frames do not wait for it; 0: at once.
            """)
    var networkDelay = 0
    @Option(help: "Write a picture of keypoints, inliers and reprojected landmarks for every image into this folder.")
    var draw: String?

    func validate() throws {
        guard images.isEmpty != (queries == nil) else {
            throw ValidationError("give images, or a list with --queries")
        }
        try SequenceRate.check(rate)
        try LocalizerOptions().$cheapFrames.allowed.check(cheapFrames, "--cheap-frames")
        guard (0...100).contains(networkDelay) else {
            throw ValidationError("--network-delay must be in 0...100, not \(networkDelay)")
        }
    }

    func run() throws {
        try Failure.reporting {
            let list = try queries.map {
                try QueryImages.listed(
                    PlainText.string($0, atMost: 1 << 30, acceptsStreams: true), path: $0, root: root)
            }
            let sources = try list ?? QueryImages.named(images, camera: camera)
            UnusedInput.warn(sources.unused)
            if let output { try AtomicFile.check(output, reading: inputs(sources.images)) }
            let times = try DriveTimes(folder: sequence ? sources.folder : nil, rate: rate)
            UnusedInput.warn(times.unused)
            let localizer = try arguments.localizer(cheapFrames: cheapFrames, networkDelay: networkDelay)
            localizer.calibration = sources.calibration
            guard format != .geojson || localizer.origin != nil else {
                throw Failure(
                    .badData,
                    "\(arguments.map): \(MapTrack.absence)"
                )
            }
            let drawing = try draw.map(Drawing.init(folder:))
            var batch = Batch()
            var orientations = Orientations()
            var lines: [String] = []
            var found = 0
            let drive = times.moments(sources.images, name: \.name)
            for source in drive.untimed { batch.fail(source.path, DriveTimes.absence) }
            for moment in drive.moments {
                let source = moment.image
                let localized = batch.attempt(source.path) {
                    try localizer.localize(
                        source.path, camera: source.camera, captureTime: moment.captureTime, follows: sequence)
                }
                guard let image = localized else { continue }
                orientations.add(source.path, name: source.name)
                if image.result.cameraFromMap != nil { found += 1 }
                let line = format.line(
                    source.name, image.result, stamp: moment.seconds, keepsFolder: cameraFolder,
                    origin: localizer.origin)
                if let line {
                    if output == nil, !format.isDocument {
                        try StandardOutput.writeLine(line)
                    } else {
                        lines.append(line)
                    }
                }
                try drawing?.draw(source.name, image)
            }
            try batch.requireResult()
            if let warning = orientations.warning { StandardError.write("hfloc: warning: \(warning)\n") }
            for verdict in localizer.calibrations where verdict.contradicts {
                StandardError.write("hfloc: warning: \(verdict.text(file: camera ?? "the camera's file"))\n")
            }
            if output == nil, format.isDocument { try StandardOutput.write(format.document(lines)) }
            if let output {
                try AtomicFile.write(format.document(lines), to: output)
                StandardError.write("localized \(found) of \(sources.images.count) images; written to \(output)\n")
            }
            try batch.finish()
        }
    }
}

extension LocalizeCommand {
    /// What is read, and must not be written over.
    private func inputs(_ sources: [QueryImage]) -> [String] {
        sources.map(\.path) + images + [arguments.map] + [arguments.model, camera, queries].compactMap { $0 }
    }
}

extension PoseFormat: ExpressibleByArgument {}
