internal import ArgumentParser
internal import CameraCalibration
internal import Capture
internal import Features

/// `hfloc-calibrate detect`: the corners of a board in images.
struct DetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Print the corners of a board that images show.")

    @OptionGroup var board: BoardArgument
    @Argument(help: "Image files (JPEG, PNG or PGM).")
    var images: [String]

    func run() throws {
        try CommandFailure.reporting {
            let detector = BoardDetector(board: try board.board())
            var image = GreyImage(width: 1, height: 1)
            for path in images {
                try ImageFile.readGrey(path, into: &image)
                switch detector.examine(image, name: path) {
                case .found(let view): print("\(path): \(view.corners.count) corners")
                case .absent(let why): print("\(path): \(why)")
                }
            }
        }
    }
}
