/// What a frame's time means.
public enum StampSource: UInt8, Sendable {
    /// The driver's stamp: its first byte came, which is near the start of the exposure.
    case startOfExposure = 1
    /// The driver's stamp: the frame had been received whole.
    case endOfFrame = 2
    /// When the frame was read: the driver does not stamp with CLOCK_MONOTONIC.
    case arrival = 3
    /// When a camera would have delivered the image of a folder.
    case schedule = 4
}

/// Which frame, and when it was captured.
public struct FrameStamp: Sendable, Equatable {
    /// The driver's sequence number, or the image's ordinal in its folder.
    public var sequence: UInt64
    /// CLOCK_MONOTONIC, nanoseconds.
    public var captureTime: UInt64
    /// What ``captureTime`` is the time of.
    public var source: StampSource

    /// A stamp; by default one of an image of a folder.
    public init(sequence: UInt64, captureTime: UInt64, source: StampSource = .schedule) {
        self.sequence = sequence
        self.captureTime = captureTime
        self.source = source
    }
}

/// Since the source was made.
public struct FrameCounts: Sendable, Equatable {
    /// Frames that were handed out.
    public var captured: UInt64 = 0
    /// Good frames that a newer one replaced before they were asked for.
    public var skipped: UInt64 = 0
    /// Frames that the driver lost: gaps in its sequence.
    public var dropped: UInt64 = 0
    /// Broken frames: flagged by the driver, short, or undecodable.
    public var corrupt: UInt64 = 0
    /// Frames that were handed out, and whose bytes are not as their format wants them: every pixel is right.
    public var recovered: UInt64 = 0
    /// How often a camera that had fallen silent was told to stream anew.
    public var restarted: UInt64 = 0
    /// How often a lost camera was opened again.
    public var reopened: UInt64 = 0

    /// All zero.
    public init() {}
}

/// What asking a source for its newest frame gave.
public enum CaptureEvent: Sendable, Equatable {
    /// The image holds this frame.
    case frame(FrameStamp)
    /// A frame came, but it is broken; the image's content is unspecified.
    case corrupt(FrameStamp)
    /// No frame came in time, and nothing is wrong.
    case waiting
    /// There is no camera at present, or it has not delivered since it was lost; the source's `problem` is the cause.
    /// The source keeps trying.
    case noCamera
    /// There will be no more frames.
    case end
}
