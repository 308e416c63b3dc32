internal import Capture
internal import Integrity
internal import Localizer
internal import Publishing
internal import Supervision

/// What the frame loop tells the main thread after each message: a plain value, copied without allocation.
struct FrameLoopReport: Sendable {
    var state = Wire.State.initializing
    var frames = FrameCounts()
    var messages: UInt64 = 0
    var poses: UInt64 = 0
    /// Of those, from followed landmarks.
    var followed: UInt64 = 0
    var publishFailures: UInt64 = 0
    var odometryRejections = OdometryRejections()
    /// Fixes in a row, up to the last, that contradict the odometry.
    var contradictingFixes: UInt32 = 0
    /// Of the last message: inliers, the gate that failed, capture to publication in nanoseconds.
    var inliers: UInt32 = 0
    var failedGate = Wire.Gate.none
    /// Of the last message: why there is no pose, or a degraded one.
    var reason = ""
    var latency: UInt64 = 0
    var place: LastPose?
    /// How often the pipeline was replaced: in which map `place` is.
    var replacements: UInt64 = 0
    /// Of the open camera, as its driver says; nil if it does not, or there is none. The period is in nanoseconds.
    var pixelFormat: PixelFormat?
    var framePeriod: UInt64?
    /// The run began at the place that the run before had saved, and no frame has confirmed it yet; or one has.
    var hasUnconfirmedHint = false
    var hasConfirmedHint = false
    var stages = StageReport()
    /// What the frames say of the camera file, in their pixels.
    var calibration: CalibrationVerdict?
    /// What each gate did, by the raw values of `Wire.Gate`.
    var gates = GateCounts()
}

/// How many frames each gate has left without a pose, and how many it has degraded, by its raw value.
package struct GateCounts: Sendable {
    /// Room for every raw value of `Wire.Gate`, which a test holds to it.
    package static let capacity = Counters(repeating: 0).count

    private typealias Counters = InlineArray<32, UInt64>
    private var withheld = Counters(repeating: 0)
    private var degraded = Counters(repeating: 0)

    /// Counts a frame that was answered.
    mutating func count(_ gate: Wire.Gate, hasPose: Bool) {
        guard gate != .none else { return }
        if hasPose { degraded[Int(gate.rawValue)] += 1 } else { withheld[Int(gate.rawValue)] += 1 }
    }

    /// Those that did something, in the order of their numbers.
    var wire: [Wire.GateCount] {
        Wire.Gate.allCases.compactMap { gate in
            let index = Int(gate.rawValue)
            guard withheld[index] > 0 || degraded[index] > 0 else { return nil }
            return Wire.GateCount(gate: gate, withheld: withheld[index], degraded: degraded[index])
        }
    }
}

/// Summaries per stage, of the last whole interval and since the start. The raw values of the stages index them, that
/// of `unspecified` too.
struct StageReport: Sendable {
    var interval = InlineArray<9, LatencySummary>(repeating: LatencySummary())
    var sinceStart = InlineArray<9, LatencySummary>(repeating: LatencySummary())
    /// What `interval` spans, nanoseconds.
    var length: UInt64 = 0
    /// Frames in it.
    var frames: UInt64 = 0
}

/// The latency histograms of the frame loop. Fixed memory: 146 KiB.
struct StageRecorder {
    private var interval = Wire.Stage.allCases.map { _ in LatencyHistogram() }
    private var sinceStart = Wire.Stage.allCases.map { _ in LatencyHistogram() }
    private(set) var report = StageReport()
    private var intervalStart: UInt64 = 0
    private var frames: UInt64 = 0

    /// Nanoseconds.
    private static let intervalLength: UInt64 = 1_000_000_000

    /// A stage that did not run took 0 ns, and is not counted.
    mutating func record(_ stage: Wire.Stage, _ nanoseconds: UInt64) {
        guard nanoseconds > 0 else { return }
        interval[Int(stage.rawValue)].record(nanoseconds)
        sinceStart[Int(stage.rawValue)].record(nanoseconds)
    }

    mutating func recordFrame(_ latencies: Wire.Latencies) {
        frames += 1
        record(.capture, latencies.captureNs)
        record(.localFeatures, latencies.localFeaturesNs)
        record(.globalDescriptor, latencies.globalDescriptorNs)
        record(.retrieval, latencies.retrievalNs)
        record(.matching, latencies.matchingNs)
        record(.pose, latencies.poseNs)
        record(.total, latencies.totalNs)
    }

    /// Once a second, sums the histograms up (about 20 microseconds) and begins a new interval.
    mutating func update(at now: UInt64) {
        if intervalStart == 0 { intervalStart = now }
        guard now >= intervalStart + Self.intervalLength else { return }
        for stage in interval.indices {
            report.interval[stage] = interval[stage].summary
            report.sinceStart[stage] = sinceStart[stage].summary
            interval[stage].removeAll()
        }
        (report.length, report.frames) = (now - intervalStart, frames)
        (intervalStart, frames) = (now, 0)
    }
}
