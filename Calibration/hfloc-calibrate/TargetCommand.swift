internal import ArgumentParser
internal import CameraCalibration

/// `hfloc-calibrate target`: draws a board.
struct TargetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "target", abstract: "Draw a board at true scale, as PDF or SVG.")

    @OptionGroup var board: BoardArgument

    func run() throws {
        try CommandFailure.reporting {
            print(try board.board())
        }
    }
}
