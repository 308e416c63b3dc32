internal import ArgumentParser
internal import Capture
internal import CommandSupport
internal import Errors
internal import Evaluation
internal import Files
internal import ReferenceMap
internal import Reporting

/// `hfloc evaluate`: localizes images of known pose and says how far off it was.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Localize the images marked 'query' and compare with their known poses.",
        discussion: """
            Each image is localized on its own, through retrieval, unless --sequence is given. Errors are those of the \
            camera centre, in the map's unit (metres), and of the rotation, in degrees. Recall counts all queries; a \
            query without a published pose is a miss. Images that cannot be used are named, are in none of the \
            figures, and make the exit status 2.
            """)

    @Argument(help: "A folder of images with poses, in a layout that `hfloc map build` reads, with split.txt.")
    var folder: String
    @OptionGroup var arguments: LocalizationArguments
    @Option(help: "Evaluate the images that split.txt gives this word.")
    var role = "query"
    @Flag(help: "The images are a drive: keep the cached place from one to the next.")
    var sequence = false
    @Option(help: "Images a second of a --sequence. Default: the times of timestamps.txt, else 10.")
    var rate: Double?
    @Flag(help: "Print one JSON object; with --verbose it has a row for every image.")
    var json = false
    @Flag(help: "Print a line for every image.")
    var verbose = false
    @Option(help: "Write a picture of keypoints, inliers and reprojected landmarks for every image into this folder.")
    var draw: String?

    func validate() throws { try SequenceRate.check(rate) }

    func run() throws {
        try Failure.reporting {
            let set = try PosedImages(folder: folder)
            UnusedInput.warn(set.unused)
            let queries = set.images(role: role)
            guard !queries.isEmpty else {
                throw Failure(
                    .missingInput,
                    "\(folder): split.txt marks no image with a pose '\(role)'; mark some, or give --role")
            }
            let times = try DriveTimes(folder: sequence ? folder : nil, rate: rate)
            UnusedInput.warn(times.unused)
            let localizer = try arguments.localizer()
            let drawing = try draw.map(Drawing.init(folder:))
            var report = EvaluationReport(keepsRows: verbose, unused: set.unused + times.unused)
            var batch = Batch()
            var orientations = Orientations()
            let drive = times.moments(queries, name: \.name)
            for query in drive.untimed { batch.fail(query.path, DriveTimes.absence) }
            for moment in drive.moments {
                let query = moment.image
                let localized = batch.attempt(query.path) {
                    try localizer.localize(
                        query.path, camera: set.cameras[query.camera], captureTime: moment.captureTime,
                        follows: sequence)
                }
                guard let image = localized else { continue }
                orientations.add(query.path, name: query.name)
                let error = report.add(query.name, image.result, truth: query.cameraFromMap)
                if verbose && !json {
                    try StandardOutput.writeLine(EvaluationReport.line(query.name, image.result, error))
                }
                try drawing?.draw(query.name, image)
            }
            try batch.requireResult()
            if let warning = orientations.warning { StandardError.write("hfloc: warning: \(warning)\n") }
            report.calibrations = localizer.calibrations
            report.failures = batch.failures.map { ($0.name, $0.failure.description) }
            try StandardOutput.writeLine(json ? report.json : report.text)
            try batch.finish()
        }
    }
}

/// How many images a second a drive has.
enum SequenceRate {
    /// - Throws: `ValidationError`: it is none.
    static func check(_ rate: Double?) throws {
        if let rate, !(rate > 0 && rate <= 1000) { throw ValidationError("--rate: above 0, at most 1000") }
    }
}
