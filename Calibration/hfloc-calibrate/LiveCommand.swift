internal import ArgumentParser
internal import CameraCalibration
internal import Errors
internal import Glibc
internal import Synchronization

/// `hfloc-calibrate live`: a camera and a person with a board, to a camera file.
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Calibrate a camera while you hold the board: a page shows where.",
        discussion: """
            Opens the camera and serves a page with its image. Hold the board where the page draws its outline, and \
            keep it still: the view is taken by itself. When all bars are full, press Finish: the camera file and a \
            report are written.
              hfloc-calibrate live --board chessboard:9x6:25mm --device /dev/video0 --size 640x480
            The page is at http://127.0.0.1:8080/ on this machine. From another one, either forward the port
              ssh -L 8080:127.0.0.1:8080 USER@THIS-MACHINE
            or add --listen 0.0.0.0:8080, which lets everyone on the network see the camera and press the buttons. \
            Without a browser: --terminal.

            Choose the size that will be used later: a calibration holds for one. Focus and exposure are locked after \
            two seconds, and the file says at which values. A rigid, flat board matters more than a large number of \
            views; 15 to 30 are enough.
            """)

    @OptionGroup var board: BoardArgument
    @OptionGroup var camera: LiveCamera.Arguments
    @OptionGroup var solver: SolverArguments
    @Option(help: ArgumentHelp("Write the camera file here (YAML).", valueName: "camera.yaml"))
    var output = "camera.yaml"
    @Option(help: ArgumentHelp("Write the report here (one HTML file).", valueName: "report.html"))
    var report = "report.html"
    @Option(
        help: ArgumentHelp(
            "Keep the images of the views in this folder, so that 'solve' can repeat the calibration.",
            valueName: "folder"))
    var images: String?
    @Option(help: ArgumentHelp("Where to serve the page.", valueName: "address:port"))
    var listen = "127.0.0.1:8080"
    @Flag(help: "Serve no page: bars, hints and keys in this terminal.")
    var terminal = false

    func run() throws {
        try Failure.reporting {
            let endpoint: HTTPEndpoint
            do throws(HTTPError) { endpoint = try HTTPEndpoint(parsing: listen) } catch {
                throw Failure(.usage, error.description)
            }
            let board = try board.board()
            let writer = LiveWriter(output: output, report: report, folder: images, part: try camera.part())
            try writer.check()
            let camera = SupervisedCamera(try LiveCamera(camera))
            let session = LiveSession(board: board, options: solver.options) { calibration, shots in
                try writer.write(calibration, shots)
            }
            let spoken = SpokenText()
            let run = LiveRun(
                session: session, camera: camera, device: writer.device,
                isInterrupted: { isInterrupted.load(ordering: .relaxed) || spoken.hasFailed },
                say: { line in spoken.say(line + "\n") })
            for number in [SIGINT, SIGTERM] {
                _ = signal(number) { _ in isInterrupted.store(true, ordering: .relaxed) }
            }
            let isDone = terminal ? run.run(terminal: KeyboardTerminal(spoken)) : try run.run(page: endpoint)
            try spoken.requireArrival()
            guard isDone else {
                throw Failure(.unavailable, "ended without a calibration: nothing was written")
            }
        }
    }
}

/// Ctrl-C was pressed. A handler, and no blocked signals: the threads of the linear algebra library are older than the
/// program's main function.
private let isInterrupted = Atomic(false)
