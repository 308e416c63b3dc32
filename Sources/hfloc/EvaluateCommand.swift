internal import ArgumentParser
internal import Errors
internal import Evaluation
internal import Files
internal import ReferenceMap

/// `hfloc evaluate`: localizes images of known pose and says how far off it was.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Localize the images marked 'query' and compare with their known poses.",
        discussion: """
            Each image is localized on its own, through retrieval, unless --sequence is given. Errors are those of the \
            camera centre, in the map's unit (metres), and of the rotation, in degrees. Recall counts all queries; a \
            query without a published pose is a miss.
            """)

    @Argument(help: "A folder with cameras.txt, poses.txt, split.txt and images/, or a COLMAP model with its images.")
    var folder: String
    @OptionGroup var arguments: LocalizationArguments
    @Option(help: "Evaluate the images that split.txt gives this word.")
    var role = "query"
    @Flag(help: "The images are a drive in order: keep the cached place from one to the next, 10 frames a second.")
    var sequence = false
    @Flag(help: "Print one JSON object.")
    var json = false
    @Flag(help: "Print a line for every image.")
    var verbose = false
    @Option(help: "Write a picture of keypoints, inliers and reprojected landmarks for every image into this folder.")
    var draw: String?

    func run() throws {
        try Failure.reporting {
            let images = try PosedImages(folder: folder)
            let queries = images.images(role: role)
            guard !queries.isEmpty else {
                throw Failure(
                    .missingInput, "\(folder): split.txt marks no image '\(role)'; mark some, or give --role")
            }
            let localizer = try arguments.localizer()
            let drawing = try draw.map(Drawing.init(folder:))
            var report = EvaluationReport()
            for (index, query) in queries.enumerated() {
                let image = try localizer.localize(
                    query.path, camera: images.cameras[query.camera], captureTime: UInt64(index + 1) * 100_000_000,
                    follows: sequence)
                let error = report.add(image.result, truth: query.cameraFromMap)
                if verbose && !json {
                    try StandardOutput.writeLine(EvaluationReport.line(query.name, image.result, error))
                }
                try drawing?.draw(query.name, image)
            }
            try StandardOutput.writeLine(json ? report.json : report.text)
        }
    }
}
