internal import ArgumentParser
internal import CameraCalibration

/// The board of a command, said in words when it is wrong.
struct BoardArgument: ParsableArguments {
    @Option(
        name: .customLong("board"),
        help: ArgumentHelp("The board: \(Board.forms). Lengths in mm, cm, m or in.", valueName: "board"))
    var text: String

    /// Throws `BoardError`.
    func board() throws -> Board { try Board(parsing: text) }
}
