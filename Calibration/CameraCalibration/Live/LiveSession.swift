public import Features
internal import Geometry

/// A live calibration: frames come in, a thread detects the board and takes views, another one solves. The frames never
/// wait for either.
public final class LiveSession: Sendable {
    /// What the person may tell it.
    public enum Command: String, Sendable, CaseIterable {
        case take, undo, finish
        /// Take views by itself, or no more.
        case automatic
    }

    /// What the finished calibration was written as.
    public struct Files: Sendable {
        public var camera: String?
        public var report: String?

        public init(camera: String? = nil, report: String? = nil) {
            self.camera = camera
            self.report = report
        }
    }

    /// A view that was taken, with its image.
    public struct CapturedView: Sendable {
        public let view: BoardView
        public let image: GreyImage

        package init(view: BoardView, image: GreyImage) {
            self.view = view
            self.image = image
        }
    }

    /// The camera's newest frame.
    public let frames = Latest<LiveFrame?>(nil)
    public let state = Latest(LiveState())
    public let files = Latest(Files())
    let commands = Latest<[Command]>([])
    /// The views to be solved, and whether for good.
    let work = Latest<(shots: [CapturedView], isFinal: Bool)>(([], false))
    let stopping = Latest(false)
    let detector: BoardDetector
    let options: CalibrationOptions
    /// Writes the results of the final solution and says what was written where.
    let finish: @Sendable (Calibration, [CapturedView]) throws -> (files: Files, summary: String)

    /// - Parameters:
    ///   - options: of the final solution.
    ///   - finish: called on the solving thread.
    public init(
        board: Board, options: CalibrationOptions = CalibrationOptions(),
        finish: @escaping @Sendable (Calibration, [CapturedView]) throws -> (files: Files, summary: String)
    ) {
        detector = BoardDetector(board: board)
        self.options = options
        self.finish = finish
    }

    /// Starts the threads.
    public func start() {
        Worker.start("detect") { self.detect() }
        Worker.start("solve") { self.solve() }
    }

    /// Ends the threads, soon.
    public func stop() { stopping.set(true) }

    /// The camera's newest frame.
    public func show(_ image: GreyImage, time: UInt64) { frames.set(LiveFrame(image: image, time: time)) }

    /// The camera delivers nothing: why.
    public func cameraFailed(_ reason: String) {
        state.update { state in
            guard state.phase == .waiting || state.phase == .collecting else { return }
            state.hint = "Waiting for the camera"
            state.detail = reason
            (state.corners, state.board) = ([], [])
        }
    }

    /// Commands beyond a handful are dropped: nobody presses buttons so fast.
    public func give(_ command: Command) {
        commands.update { if $0.count < 8 { $0.append(command) } }
    }

    var isStopping: Bool { stopping.current.value }
}

/// A frame of the camera as the page and the detector share it.
public struct LiveFrame: Sendable {
    public let image: GreyImage
    /// CLOCK_MONOTONIC, nanoseconds.
    public let time: UInt64

    public init(image: GreyImage, time: UInt64) {
        self.image = image
        self.time = time
    }
}
