internal import ArgumentParser
internal import Errors
internal import Geometry
internal import Localizer
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
            let session = try Session(arguments)
            let drawing = try draw.map(Drawing.init(folder:))
            var report = EvaluationReport()
            for (index, query) in queries.enumerated() {
                let camera = images.cameras[query.camera]
                let localizer = try session.localizer(for: camera)
                let image = try session.read(query.path, for: camera)
                if !sequence { localizer.forget() }
                let result = localizer.localize(image, captureTime: UInt64(index + 1) * 100_000_000)
                let error = report.add(result, truth: query.cameraFromMap)
                if verbose && !json { print(Self.line(query.name, result, error)) }
                try drawing?.draw(query.name, image, localizer, result)
            }
            print(json ? report.json : report.text)
        }
    }

    private static func line(_ name: String, _ result: Localization, _ error: PoseError?) -> String {
        let evidence =
            "\(result.inliers)/\(result.matches) inliers, \(result.landmarksInView) in view, "
            + "spread \(result.spread.text(2)), "
            + "rms \(result.reprojectionRMS.text(2)) px"
        guard let error else { return "\(name): lost (gate \(result.failedGate), \(evidence))" }
        return "\(name): \(error.position.text(4)) m, \(error.rotation.text(3)) deg (\(result.source), \(evidence))"
    }
}
