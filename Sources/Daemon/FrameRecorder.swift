internal import Capture
internal import Features
internal import Localizer
internal import Publishing
internal import Recording

/// What the frame loop tells a recording, in the order in which it happens: the state before a frame, what was taken
/// from the main thread, the frame with its image, its answer. Odometry, and images that come compressed, go there by
/// themselves: from the receiver and the source. While nothing is recorded, each call costs a test.
///
/// Belongs to the frames' thread: never waits, and allocates nothing once warm.
struct FrameRecorder {
    private var input: RecordingInput?
    private var state = Wire.LocalizerState.withRoom

    /// - Parameter hasVehicle: there is a vehicle, and odometry of it.
    init(hasVehicle: Bool) {
        if hasVehicle { state.vehicle = .withRoom }
    }

    /// Is anything recorded?
    var isActive: Bool { input != nil }

    /// From now on.
    mutating func begin(_ input: RecordingInput, _ source: any FrameSource, _ odometry: (any OdometrySource)?) {
        self.input = input
        source.tap = input
        odometry?.tap = input
    }

    /// Nothing more. The main thread keeps the memory, and lets go of it.
    mutating func end(_ source: any FrameSource, _ odometry: (any OdometrySource)?) {
        guard let input else { return }
        source.tap = nil
        odometry?.tap = nil
        input.end()
        self.input = nil
    }

    /// Before each frame: the state, where the recording needs it.
    mutating func prepare(
        _ localizer: any FrameLocalizer, _ mapProblem: String?, _ tracking: VehicleTracking?, at now: UInt64
    ) {
        guard let input, input.needsState || input.isPartDue else { return }
        recordState(localizer, mapProblem, tracking, beginsPart: input.isPartDue, at: now)
    }

    mutating func recordState(
        _ localizer: any FrameLocalizer, _ mapProblem: String?, _ tracking: VehicleTracking?, beginsPart: Bool,
        at now: UInt64
    ) {
        guard let input else { return }
        // A replay begins without the picture that is followed.
        localizer.learnNext()
        state.take(localizer.state, mapProblem: mapProblem)
        if let tracking { state.vehicle?.take(tracking) }
        input.record(state, beginsPart: beginsPart, at: now)
    }

    func record(_ command: @autoclosure () -> Wire.CommandTaken.Command, at now: UInt64) {
        guard let input else { return }
        var taken = Wire.CommandTaken()
        taken.command = command()
        input.record(taken, at: now)
    }

    /// What was published.
    func record(_ message: [UInt8], of stamp: UInt64, at now: UInt64) {
        input?.record(.localization, message, of: stamp, at: now)
    }

    /// A frame that has been answered.
    ///
    /// - Parameters:
    ///   - image: nil of a frame that could not be read.
    ///   - stamp: of the frame.
    ///   - message: the answer.
    ///   - turn: what the frame did about the network.
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    func record(
        _ image: GreyImage?, _ stamp: FrameStamp, _ message: LocalizationMessage, turn: NetworkTurn, at now: UInt64
    ) {
        guard let input else { return }
        if let image { input.record(image, stamp) }
        var frame = Wire.FrameTaken(stamp, counts: message.frames, isCorrupt: image == nil)
        frame.messageSequence = message.sequence
        frame.networkTurn = Wire.FrameTaken.NetworkTurn(turn)
        input.record(frame, at: now)
    }
}

extension Wire.FrameTaken.NetworkTurn {
    init(_ turn: NetworkTurn) {
        self =
            switch turn {
            case .atOnce: .unspecified
            case .behind: .behind
            case .adopting: .adopting
            }
    }

    /// What a replay is told.
    var turn: NetworkTurn {
        switch self {
        case .unspecified: .atOnce
        case .behind: .behind
        case .adopting: .adopting
        }
    }
}
