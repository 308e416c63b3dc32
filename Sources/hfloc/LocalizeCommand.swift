internal import Files
internal import ArgumentParser
internal import Errors
internal import Evaluation
internal import Localizer

/// `hfloc localize`: poses of images.
struct LocalizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "localize",
        abstract: "Print the camera poses of images.",
        discussion: """
            Images: files with --camera; or one folder with cameras.txt and poses.txt (its images marked 'query'); or \
            --queries with a list in the layout of the long-term visual localization benchmark (NAME MODEL WIDTH \
            HEIGHT PARAMS...), names below --root.
            """)

    @Argument(help: "Image files, or one folder.")
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
    @Option(help: "text, json (a line each), tum (mapFromCamera), or benchmark (cameraFromMap, found images only).")
    var format = PoseFormat.text
    @Flag(help: "benchmark: keep the last folder in the names, as RobotCar Seasons wants ('rear/NAME').")
    var cameraFolder = false
    @Option(help: "Write to this file instead of standard output.")
    var output: String?
    @Flag(help: "The images are a drive in order: keep the cached place from one to the next.")
    var sequence = false
    @Option(help: "Images a second of a --sequence.")
    var rate = 10.0
    @Option(help: "Write a picture of keypoints, inliers and reprojected landmarks for every image into this folder.")
    var draw: String?

    func validate() throws {
        guard images.isEmpty != (queries == nil) else {
            throw ValidationError("give images, or a list with --queries")
        }
        guard rate > 0, rate <= 1000 else { throw ValidationError("--rate: above 0, at most 1000") }
    }

    func run() throws {
        try Failure.reporting {
            let list = try queries.map {
                try QueryImages.listed(WholeFile.text($0, atMost: 1 << 30, acceptsStreams: true), path: $0, root: root)
            }
            let sources = try list ?? QueryImages.named(images, camera: camera)
            if let output { try AtomicFile.check(output, reading: inputs(sources)) }
            let localizer = try arguments.localizer()
            let drawing = try draw.map(Drawing.init(folder:))
            var lines: [String] = []
            var found = 0
            for (index, source) in sources.enumerated() {
                let seconds = Double(index) / rate
                let image = try localizer.localize(
                    source.path, camera: source.camera, captureTime: UInt64((seconds + 1) * 1e9), follows: sequence)
                if image.result.cameraFromMap != nil { found += 1 }
                if let line = format.line(source.name, image.result, stamp: seconds, keepsFolder: cameraFolder) {
                    if output == nil { try StandardOutput.writeLine(line) } else { lines.append(line) }
                }
                try drawing?.draw(source.name, image)
            }
            if let output {
                try AtomicFile.write(lines.map { $0 + "\n" }.joined(), to: output)
                StandardError.write("localized \(found) of \(sources.count) images; written to \(output)\n")
            }
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
