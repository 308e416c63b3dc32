internal import Container
public import Geometry

/// What a live calibration shows, on the page and in the terminal.
public struct LiveState: Sendable {
    /// How far a calibration has come; the page gets the raw values.
    public enum Phase: String, Sendable {
        /// For the camera's first frame.
        case waiting
        /// Views are taken; with each, those so far are solved anew.
        case collecting
        /// The final solution is being computed.
        case solving
        /// The results are written; no more boards are looked for.
        case done
    }

    /// The calibration of the views so far.
    public struct Result: Sendable {
        /// As fitted to these views.
        public let camera: Camera
        /// Pixels.
        public let rms: Double
        /// 95 % of the image lies below it, pixels.
        public let uncertainty: Double
    }

    /// How far the calibration has come.
    public var phase = Phase.waiting
    /// The camera still adjusts itself: frames are shown, and nothing is taken.
    public var isSettling = false
    /// What the person shall do.
    public var hint = "Waiting for the camera"
    /// What the program sees of it.
    public var detail = ""
    /// The camera and its mode.
    public var camera = ""
    /// What was locked, or could not be.
    public var controls: [String] = []
    /// Pixels across a frame; 0 before the first.
    public var width = 0
    /// Pixels down a frame; 0 before the first.
    public var height = 0
    /// Those last detected, pixels; empty without a board.
    public var corners: [Vector2] = []
    /// The outer corners of the board's lattice as last detected, pixels; empty without a board.
    public var board: [Vector2] = []
    /// Outlines of the views taken.
    public var views: [[Vector2]] = []
    /// Views ever taken.
    public var taken = 0
    /// How far the views taken so far are what is needed.
    public var progress = CaptureGuide.Progress()
    /// Where in the image the views taken so far have corners.
    public var heat = CaptureGuide.Heat()
    /// Where to hold the board.
    public var next: [Vector2] = []
    /// Whether a view is taken without a command, when the board is held still and shows something new.
    public var takesByItself = true
    /// That of the newest solution; nil before the first, and when the newest has failed.
    public var result: Result?
    /// The uncertainty after each solution; nil when there was none.
    public var history: [Double?] = []
    /// Why there is no solution.
    public var problem = ""
    /// What the finished calibration says.
    public var summary = ""

    /// As it is before the first frame.
    public init() {}

    /// The state as the page wants it.
    var json: String {
        JSON.object([
            .init("phase", .string(phase.rawValue)), .init("hint", .string(hint)), .init("detail", .string(detail)),
            .init("camera", .string(camera)), .init("controls", .array(controls.map(JSON.string))),
            .init("width", .int(width)), .init("height", .int(height)), .init("corners", .points(corners)),
            .init("board", .points(board)), .init("taken", .int(taken)),
            .init("enough", .int(CaptureGuide.enoughViews)),
            .init("views", .array(views.map { .object([.init("outline", .points($0))]) })),
            .init(
                "progress",
                .object([
                    .init("position", .rounded(progress.position)), .init("size", .rounded(progress.size)),
                    .init("tilt", .rounded(progress.tilt)),
                ])),
            .init(
                "heat",
                .object([
                    .init("columns", .int(CaptureGuide.Heat.columns)), .init("rows", .int(CaptureGuide.Heat.rows)),
                    .init("counts", .array(heat.counts.map(JSON.int))),
                ])),
            .init("next", .points(next)), .init("automatic", .bool(takesByItself)), .init("result", resultJSON),
            .init("history", .array(history.map { $0.map { JSON.rounded($0) } ?? .null })),
            .init("problem", .string(problem)), .init("summary", .string(summary)),
        ]).text
    }

    private var resultJSON: JSON {
        guard let result else { return .null }
        let (f, c) = (result.camera.focalLength, result.camera.principalPoint)
        let values = [
            ("rms", result.rms), ("uncertainty", result.uncertainty), ("fx", f.x), ("fy", f.y), ("cx", c.x),
            ("cy", c.y),
        ]
        return .object(values.map { .init($0.0, .rounded($0.1)) })
    }
}

extension JSON {
    static func int(_ value: Int) -> JSON { .number("\(value)") }

    /// To four decimals: what a picture needs. null if not finite.
    static func rounded(_ value: Double) -> JSON {
        guard value.isFinite else { return .null }
        return .number("\((value * 1e4).rounded() / 1e4)")
    }

    /// `[[x, y], ...]` to a hundredth.
    static func points(_ points: [Vector2]) -> JSON {
        .array(
            points.filter(\.isFinite).map {
                .array([.number("\(($0.x * 100).rounded() / 100)"), .number("\(($0.y * 100).rounded() / 100)")])
            })
    }
}
