internal import ArgumentParser
internal import CameraCalibration
internal import Errors
internal import Files
internal import Geometry

/// `hfloc-calibrate target`: draws a board, or checks how it was printed.
struct TargetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "target",
        abstract: "Draw a board at true scale, as PDF or SVG, or check how it was printed.",
        discussion: """
            Print it at 100 % ("actual size"), glue it on something flat and stiff, and measure it: printers scale. \
            Measure over as many squares as the ruler reaches, then let --verify say what to write for --board:

              hfloc-calibrate target --board chessboard:9x6:25mm --output board.pdf
              hfloc-calibrate target --board chessboard:9x6:25mm --verify 248.5mm --squares 10
            """)

    @OptionGroup var board: BoardArgument
    @Option(name: .shortAndLong, help: "The file to write: its name ends in .pdf or .svg.")
    var output: String?
    @Option(help: "The paper: a4, a3, a2, a1, a0, letter, tabloid, or a size as 600x400mm.")
    var page = "a4"
    @Option(help: ArgumentHelp("A length measured on the printed board, with its unit.", valueName: "measured"))
    var verify: String?
    @Option(help: "Over how many squares (tags of an AprilGrid) --verify was measured.")
    var squares = 1

    func validate() throws {
        guard output != nil || verify != nil else {
            throw ValidationError("Give --output FILE to draw the board, or --verify LENGTH to check a printed one.")
        }
    }

    func run() throws {
        try Failure.reporting {
            let board = try board.board()
            if let output { try AtomicFile.check(output) }
            if let verify { try check(board, verify) }
            if let output { try draw(board, to: output) }
        }
    }

    private func draw(_ board: Board, to path: String) throws {
        let page = try TargetPage(board, on: Paper(parsing: page))
        try AtomicFile.write(page.text(forFile: path), to: path)
        try StandardOutput.writeLine(TargetPage.instructions(board, path: path))
    }

    private func check(_ board: Board, _ measured: String) throws {
        let check = try PrintCheck(board, measured: Board.length(measured, "verify"), squares: squares)
        try StandardOutput.writeLine(check.confirmation())
    }
}
