public import ArgumentParser
internal import CameraCalibration
internal import CommandSupport
internal import Container
internal import Errors
internal import Files
internal import Geometry

/// `hfloc-calibrate solve`: images of a board to a camera file.
struct SolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solve",
        abstract: "Calibrate a camera from images of a board, and say how good it is.",
        discussion: """
            Take 15 to 30 images of the board with the camera as it will be used: same resolution, zoom and focus. \
            Hold the board still in each, near all edges and in the corners of the image, near and far, and tilted by \
            20 to 45 degrees to all sides. Then:
              hfloc-calibrate solve --board chessboard:9x6:25mm images/ --output camera.yaml --report report.html
            A chessboard is given by its inner corners (squares minus one). hflocd loads the file that --output names; \
            'hfloc-calibrate convert' makes files for ROS, OpenCV, Kalibr, COLMAP and mrcal from it.

            The first figure printed is what counts: by how many pixels the camera may be wrong about where it sees a \
            distant point, in all but the worst twentieth of the image. The RMS error below it only says how well the \
            corners were found.

            Images that cannot be read or are of another size than most are named and left out.

            Exit codes: 0 calibrated, 2 calibrated, but not with all images, 64 usage, 65 the images give no \
            calibration, 66 no such image, 73 the output cannot be written, 74 a file cannot be read.
            """)

    @OptionGroup var board: BoardArgument
    @OptionGroup var solver: SolverArguments
    @Argument(help: "Images of the board (JPEG, PNG or PGM), or folders of them.")
    var images: [String] = []
    @Option(help: ArgumentHelp("Write the camera file here (YAML).", valueName: "camera.yaml"))
    var output: String?
    @Option(help: ArgumentHelp("Write a report with pictures here (one HTML file).", valueName: "report.html"))
    var report: String?
    @Flag(help: "Print the result as JSON, with everything that is known.")
    var json = false
    @Option(
        help: ArgumentHelp(
            """
            Take the corners from a table of another detector (lines 'IMAGE X Y', as mrcal's corners.vnl) instead of \
            images; needs --size.
            """,
            valueName: "file"))
    var corners: String?
    @Option(help: ArgumentHelp("The image's size for --corners.", valueName: "WIDTHxHEIGHT"))
    var size: String?

    func validate() throws {
        guard images.isEmpty == (corners != nil) else {
            throw ValidationError("Give images (or folders of images), or --corners with --size.")
        }
        guard (corners == nil) == (size == nil) else { throw ValidationError("Give --corners and --size together.") }
    }

    func run() throws {
        try Failure.reporting {
            let board = try board.board()
            try AtomicFile.check(
                [output, report].compactMap { $0 },
                reading: try BoardImages.expanded(images) + [corners].compactMap { $0 })
            let input = try input(board)
            let batch = Batch(input.unusable, of: input.imageCount)
            let calibration: Calibration
            do throws(CalibrationError) {
                calibration = try Calibrator(board: board, options: solver.options)
                    .calibrate(input.views, imageCount: input.imageCount, circle: input.circle)
            } catch {
                throw Failure(.badData, CalibrationText.refusal(error, absences: input.absences))
            }
            if output != nil || report != nil {
                let camera = try ResultFiles.camera(calibration, hasImages: corners == nil)
                if let output { try ResultFiles.write(camera, to: output) }
                if let report {
                    try AtomicFile.write(
                        ResultFiles.report(calibration, camera, absences: input.absences), to: report)
                }
            }
            if json {
                try StandardOutput.writeLine(CalibrationJSON.document(calibration, absences: input.absences).text)
            } else {
                try StandardOutput.write(
                    CalibrationText(calibration, absences: input.absences).report(output: output))
                if let report {
                    try StandardOutput.writeLine("Written: \(report). Open it in a browser: pictures of all this.")
                }
            }
            try batch.finish()
        }
    }

    private func input(_ board: Board) throws -> CalibrationInput {
        guard let corners, let size else {
            return CalibrationInput(try BoardImages.searched(images, board: board))
        }
        let pixels = try ImageSize.parse(size)
        return try CalibrationInput(
            table: PlainText.string(corners, atMost: 1 << 30, acceptsStreams: true), path: corners, board: board,
            size: pixels)
    }
}

extension BoardImages {
    /// Looks for the board in all images; a person sees how far it has come, and reads what is odd about them.
    static func searched(_ images: [String], board: Board) throws -> BoardImages {
        let found = try search(images, board: board)
        if let warning = found.orientationWarning { StandardError.write("hfloc-calibrate: warning: \(warning)\n") }
        return found
    }

    private static func search(_ images: [String], board: Board) throws -> BoardImages {
        guard StandardError.isTerminal else { return try BoardImages(images, board: board) { _, _ in } }
        defer { StandardError.write("\r\u{1B}[K") }
        return try BoardImages(images, board: board) { done, count in
            StandardError.write("\rlooked for the board in \(done) of \(count) images")
        }
    }
}

extension Batch {
    /// Names the images that cannot be used, of so many.
    init(_ unusable: [BoardImages.UnusableImage], of count: Int) {
        self.init(program: "hfloc-calibrate")
        succeed(count - unusable.count)
        for image in unusable { fail(image.path, image.failure) }
    }
}

/// What a calibration may do by itself.
struct SolverArguments: ParsableArguments {
    @Option(
        help: """
            The lens model: auto, pinhole, radtan4, radtan5, radtan8 or fisheye. auto takes the simplest that predicts \
            views it was not fitted to as well as any.
            """)
    var model = ModelArgument.auto
    @Option(help: "Whether the board may be bent: auto, flat or fit.")
    var warp = CalibrationOptions.Warp.auto
    @Flag(help: "Use every corner, also those that fit badly.")
    var keepOutliers = false

    var options: CalibrationOptions {
        var options = CalibrationOptions()
        options.model = model.lens
        options.warp = warp
        options.rejectsOutliers = !keepOutliers
        return options
    }
}

enum ModelArgument: String, ExpressibleByArgument, CaseIterable {
    case auto, pinhole, radtan4, radtan5, radtan8, fisheye

    var lens: LensModel? { LensModel(rawValue: rawValue) }
}

extension CalibrationOptions.Warp: ExpressibleByArgument {}
