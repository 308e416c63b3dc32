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
            if let verify { try check(board, verify) }
            if let output { try draw(board, to: output) }
        }
    }

    private func draw(_ board: Board, to path: String) throws {
        let page = try TargetPage(board, on: Paper(parsing: page))
        let text: String
        if path.lowercased().hasSuffix(".pdf") {
            text = page.pdf
        } else if path.lowercased().hasSuffix(".svg") {
            text = page.svg
        } else {
            throw Failure(.usage, "--output: '\(path)' ends neither in .pdf nor in .svg")
        }
        try AtomicFile.write(text, to: path)
        let size = board.size * 1000
        print(
            """
            \(path): \(board), pattern \(Self.text(size.x)) x \(Self.text(size.y)) mm. Print it at 100 % (no "fit to \
            page"), glue it on a flat stiff plate, measure it, and check the measure with --verify.
            """)
    }

    private func check(_ board: Board, _ measured: String) throws {
        let check = try PrintCheck(board, measured: Board.length(measured, "verify"), squares: squares)
        let percent = Self.text(check.ratio * 100)
        if check.isTrue {
            print("true to scale: \(percent) % of what was drawn, within what a ruler tells; use --board \(board)")
            return
        }
        throw Failure(
            .badData,
            """
            the printed board is \(percent) % of what was drawn. Either calibrate with --board \(try check.printed()), \
            or print again at 100 % ("actual size", no "fit to page"; if it already was, at \
            \(Self.text(100 / check.ratio)) %)
            """)
    }

    /// One decimal, none if it is zero.
    private static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
