internal import Capture
internal import Localizer
internal import Publishing
internal import Supervision

/// What the frame loop tells the main thread after each message: a plain value, copied without allocation.
struct FrameLoopReport: Sendable {
    var state = LocalizationMessage.State.initializing
    var frames = FrameCounts()
    var messages: UInt64 = 0
    var poses: UInt64 = 0
    var publishFailures: UInt64 = 0
    /// Of the last message: inliers, the gate that failed, capture to publication in nanoseconds.
    var inliers: UInt32 = 0
    var failedGate = LocalizationMessage.Gate.none
    var latency: UInt64 = 0
    /// CLOCK_MONOTONIC of the last message with a pose, nanoseconds; 0 if there was none.
    var lastPose: UInt64 = 0
    var place: LastPose?
    /// How often the pipeline was replaced: in which map `place` is.
    var replacements: UInt64 = 0
    /// Of the open camera, as its driver says; nil if it does not, or there is none. The period is in nanoseconds.
    var pixelFormat: PixelFormat?
    var framePeriod: UInt64?
    /// The pipeline began at a hinted place that no frame has confirmed; one was confirmed in this run.
    var hasUnconfirmedHint = false
    var hasConfirmedHint = false
    var stages = StageReport()
}

/// The stages of a frame, in order; raw values index ``StageReport``.
enum FrameStage: Int, CaseIterable, Sendable {
    case capture, localFeatures, globalDescriptor, retrieval, matching, pose, publish, total
}

/// Summaries per stage, of the last whole interval and since the start.
struct StageReport: Sendable {
    var interval = InlineArray<8, LatencySummary>(repeating: LatencySummary())
    var sinceStart = InlineArray<8, LatencySummary>(repeating: LatencySummary())
    /// What `interval` spans, nanoseconds.
    var length: UInt64 = 0
    /// Frames in it.
    var frames: UInt64 = 0
}

/// The latency histograms of the frame loop. Fixed memory: 130 KiB.
struct StageRecorder {
    private var interval = FrameStage.allCases.map { _ in LatencyHistogram() }
    private var sinceStart = FrameStage.allCases.map { _ in LatencyHistogram() }
    private(set) var report = StageReport()
    private var intervalStart: UInt64 = 0
    private var frames: UInt64 = 0

    /// Nanoseconds.
    private static let intervalLength: UInt64 = 1_000_000_000

    /// A stage that did not run took 0 ns, and is not counted.
    mutating func record(_ stage: FrameStage, _ nanoseconds: UInt64) {
        guard nanoseconds > 0 else { return }
        interval[stage.rawValue].record(nanoseconds)
        sinceStart[stage.rawValue].record(nanoseconds)
    }

    mutating func recordFrame(_ latencies: LocalizationMessage.Latencies) {
        frames += 1
        record(.capture, latencies.capture)
        record(.localFeatures, latencies.localFeatures)
        record(.globalDescriptor, latencies.globalDescriptor)
        record(.retrieval, latencies.retrieval)
        record(.matching, latencies.matching)
        record(.pose, latencies.pose)
        record(.total, latencies.total)
    }

    /// Once a second, sums the histograms up (about 20 microseconds) and begins a new interval.
    mutating func update(at now: UInt64) {
        if intervalStart == 0 { intervalStart = now }
        guard now >= intervalStart + Self.intervalLength else { return }
        for stage in FrameStage.allCases {
            report.interval[stage.rawValue] = interval[stage.rawValue].summary
            report.sinceStart[stage.rawValue] = sinceStart[stage.rawValue].summary
            interval[stage.rawValue].removeAll()
        }
        (report.length, report.frames) = (now - intervalStart, frames)
        (intervalStart, frames) = (now, 0)
    }
}
