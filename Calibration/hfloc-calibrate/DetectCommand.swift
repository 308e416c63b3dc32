internal import ArgumentParser
internal import CameraCalibration
internal import Capture
internal import CommandSupport
internal import Container
internal import Errors
internal import Features
internal import Files
internal import Geometry

/// `hfloc-calibrate detect`: the corners of a board in images.
struct DetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Find the corners of a board in images.",
        discussion: """
            Prints for each image how many corners it shows, or why none. A chessboard must be seen whole; of a \
            ChArUco board or an AprilGrid any part will do. Images that cannot be read are named on standard error. \
            Exit code 65 when no image shows the board, else 2 when an image cannot be read.
            """)

    @OptionGroup var board: BoardArgument
    @Argument(help: ArgumentHelp("Image files (JPEG, PNG or PGM), or folders of them.", valueName: "images"))
    var images: [String]
    @Flag(
        help:
            "Print the corners as JSON: id and pixel (the centre of the top-left pixel is (0, 0))."
    )
    var json = false

    func run() throws {
        try Failure.reporting {
            let detector = BoardDetector(board: try board.board())
            let paths = try BoardImages.expanded(images)
            var image = GreyImage(width: 1, height: 1)
            var views: [JSON] = []
            var found = 0
            var batch = Batch(program: "hfloc-calibrate")
            for path in paths {
                let isRead: Void? = batch.attempt(path) { try ImageFile.readGrey(path, into: &image) }
                guard isRead != nil else { continue }
                let clock = ContinuousClock()
                let start = clock.now
                let detection = detector.examine(image, name: path)
                if detection.view != nil { found += 1 }
                if json {
                    views.append(detection.json(path, milliseconds: (clock.now - start) / .milliseconds(1)))
                } else {
                    try StandardOutput.writeLine("\(path): \(detection.text(of: detector.board))")
                }
            }
            try batch.requireResult()
            if json {
                let board = JSON.Member("board", .string(detector.board.description))
                try StandardOutput.writeLine(JSON.object([board, JSON.Member("images", .array(views))]).text)
            }
            guard found > 0 else {
                let none = paths.count == 1 ? "the image does not show" : "none of the \(paths.count) images shows"
                throw Failure(.badData, "\(none) \(detector.board)")
            }
            try batch.finish()
        }
    }
}
