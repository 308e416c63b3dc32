public import Features
internal import Geometry

/// A live calibration: frames come in, a thread detects the board and takes views, another one solves. The frames never
/// wait for either.
public final class LiveSession: Sendable {
    /// What the person may tell it.
    public enum Command: String, Sendable, CaseIterable {
        /// Take the view in sight, give the newest one back, and solve for good with those kept.
        case take, undo, finish
        /// Take views by itself, or no more.
        case automatic
    }

    /// What the finished calibration was written as.
    public struct Files: Sendable {
        /// The camera file's text; nil until it has been written.
        public var camera: String?
        /// The report's HTML; nil until it has been written.
        public var report: String?

        /// By default nothing has been written yet.
        public init(camera: String? = nil, report: String? = nil) {
            self.camera = camera
            self.report = report
        }
    }

    /// A view that was taken, with its image.
    public struct CapturedView: Sendable {
        /// The corners; the view's name is that of the image's file, as `view001.pgm`.
        public let view: BoardView
        /// The whole frame in which the corners were found.
        public let image: GreyImage

        package init(view: BoardView, image: GreyImage) {
            self.view = view
            self.image = image
        }
    }

    /// The camera's newest frame.
    public let frames = Latest<LiveFrame?>(nil)
    /// What page and terminal show; changed by the session's threads and by whoever runs the camera.
    public let state = Latest(LiveState())
    /// The results of the final solution; empty before it.
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
    ///   - board: the board that is held before the camera.
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
    /// As the camera's source handed it out.
    public let image: GreyImage
    /// CLOCK_MONOTONIC, nanoseconds.
    public let time: UInt64

    /// A frame with the time at which it was captured.
    public init(image: GreyImage, time: UInt64) {
        self.image = image
        self.time = time
    }
}
