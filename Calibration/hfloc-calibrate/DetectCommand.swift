internal import ArgumentParser
internal import CameraCalibration
internal import Capture
internal import Container
internal import Errors
internal import Features
internal import Geometry

/// `hfloc-calibrate detect`: the corners of a board in images.
struct DetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Find the corners of a board in images.",
        discussion: """
            Prints for each image how many corners it shows, or why none. A chessboard must be seen whole; of a \
            ChArUco board or an AprilGrid any part will do. Exit code 65 when no image shows the board.
            """)

    @OptionGroup var board: BoardArgument
    @Argument(help: ArgumentHelp("Image files (JPEG, PNG or PGM), or folders of them.", valueName: "images"))
    var images: [String]
    @Flag(
        help:
            """
            Print the corners as JSON: id, pixel (the centre of the top-left pixel is (0, 0)) and its standard \
            deviation.
            """
    )
    var json = false

    func run() throws {
        try Failure.reporting {
            let detector = BoardDetector(board: try board.board())
            let paths = try BoardImages.expanded(images)
            var image = GreyImage(width: 1, height: 1)
            var views: [JSON] = []
            var found = 0
            for path in paths {
                try ImageFile.readGrey(path, into: &image)
                let clock = ContinuousClock()
                let start = clock.now
                let detection = detector.examine(image, name: path)
                if detection.view != nil { found += 1 }
                if json {
                    views.append(Self.json(detection, path, milliseconds: (clock.now - start) / .milliseconds(1)))
                } else {
                    print("\(path): \(Self.text(detection, of: detector.board))")
                }
            }
            if json {
                let board = JSON.Member("board", .string(detector.board.description))
                print(JSON.object([board, JSON.Member("images", .array(views))]).text)
            }
            guard found > 0 else {
                throw Failure(.badData, "none of \(paths.count) images shows \(detector.board)")
            }
        }
    }

    private static func text(_ detection: BoardDetection, of board: Board) -> String {
        switch detection {
        case .found(let view): "\(view.corners.count) of \(board.points.count) corners"
        case .absent(let why): "\(why)"
        }
    }

    private static func json(_ detection: BoardDetection, _ path: String, milliseconds: Double) -> JSON {
        var members = [JSON.Member("name", .string(path)), JSON.Member("milliseconds", .number("\(milliseconds)"))]
        switch detection {
        case .absent(let why): members.append(JSON.Member("absent", .string("\(why)")))
        case .found(let view):
            members.append(JSON.Member("width", .number("\(view.width)")))
            members.append(JSON.Member("height", .number("\(view.height)")))
            let corners = view.corners.map { corner in
                JSON.object([
                    JSON.Member("id", .number("\(corner.id)")), JSON.Member("x", .number("\(corner.pixel.x)")),
                    JSON.Member("y", .number("\(corner.pixel.y)")),
                    JSON.Member("deviation", corner.deviation.map { .number("\($0)") } ?? .null),
                ])
            }
            members.append(JSON.Member("corners", .array(corners)))
        }
        return .object(members)
    }
}
