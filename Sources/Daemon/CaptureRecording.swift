package import Capture
internal import Features
package import Publishing
package import Recording
internal import Supervision

/// Records a camera without localizing it: `hfloc record`.
package final class CaptureRecording {
    private let source: any FrameSource
    private let odometry: OdometryReceiver?
    private let sensors: [SensorReceiver]
    private let writer: RecordingWriter
    private let host: Host
    private let thread: any RunningThread
    private var image = GreyImage(width: 0, height: 0)
    private var lastBroken: CaptureError?

    /// Longest wait for a frame: nanoseconds.
    private static let patience: UInt64 = 100_000_000

    /// - Parameters:
    ///   - source: the frames.
    ///   - odometry: what the vehicle sends of its motion.
    ///   - sensors: what else it sends.
    ///   - writer: not running yet.
    ///   - host: the machine.
    package init(
        _ source: any FrameSource, odometry: OdometryReceiver?, sensors: [SensorReceiver], into writer: RecordingWriter,
        host: Host
    ) throws {
        (self.source, self.odometry, self.sensors, self.writer, self.host) = (source, odometry, sensors, writer, host)
        thread = try host.startThread("hfloc-record", nil, []) { writer.run() }
        source.tap = writer.frames
        odometry?.tap = writer.frames
    }

    package var images: UInt64 { writer.frames.images }
    package var droppedImages: UInt64 { writer.frames.droppedImages }
    package var progress: RecordingProgress { writer.progress }
    /// Frames that the source gave damaged: what came of them is recorded, and marked.
    package var brokenFrames: UInt64 { source.counts.corrupt }

    /// What was not recorded as it should have been, and why: one line each, for people.
    package var problems: [String] {
        let broken = lastBroken.map { "\(brokenFrames) frames were broken, the last: \($0)" }
        let rejections = odometry?.rejections
        let refused = rejections.flatMap { refused in
            let wall = UInt64(max(0, Int64(clamping: refused.lastTime) + host.clock.wall.offset))
            return refused.problem(at: refused.lastTime, wall: wall)
        }
        // Of any time: what was refused early is missing all the same.
        return source.remarks + [broken, refused].compactMap(\.self) + sensors.compactMap { $0.problem(at: 0) }
    }

    /// Until the source or the time ends, a signal comes, or nothing more can be written.
    ///
    /// - Parameters:
    ///   - deadline: CLOCK_MONOTONIC, nanoseconds.
    ///   - tell: called once a second.
    package func run(until deadline: UInt64, tell: () -> Void) {
        var nextWord = host.clock.monotonic
        while host.clock.monotonic < deadline, host.nextSignal() != .stop, !thread.isFinished, step() {
            guard host.clock.monotonic >= nextWord else { continue }
            nextWord = host.clock.monotonic + 1_000_000_000
            tell()
        }
        finish()
    }

    /// One frame, or a wait for one; false at the source's end.
    package func step() -> Bool {
        if writer.frames.isPartDue { writer.frames.beginPart(at: host.clock.monotonic) }
        let event = source.next(into: &image, timeout: Self.patience)
        let now = host.clock.monotonic
        switch event {
        case .frame(let stamp):
            writer.frames.record(image, stamp)
            record(stamp, isCorrupt: false, at: now)
        case .corrupt(let stamp):
            lastBroken = source.problem
            record(stamp, isCorrupt: true, at: now)
        case .waiting, .noCamera: break
        case .end: return false
        }
        odometry?.update(at: now)
        for sensor in sensors {
            let topic: RecordingTopic = sensor.kind == .position ? .position : .imu
            sensor.receive(at: now) { writer.telemetry.record(topic, $0, of: $1, at: now) }
        }
        return true
    }

    /// The file is complete.
    package func finish() {
        source.tap = nil
        odometry?.tap = nil
        writer.frames.end()
        writer.telemetry.end()
        while !thread.isFinished { host.clock.sleep(until: host.clock.monotonic + 5_000_000) }
    }

    private func record(_ stamp: FrameStamp, isCorrupt: Bool, at now: UInt64) {
        let counts = Wire.FrameCounters(source.counts)
        writer.frames.record(Wire.FrameTaken(stamp, counts: counts, isCorrupt: isCorrupt), at: now)
    }
}

extension Wire.FrameTaken {
    /// A frame that nothing has answered yet.
    init(_ stamp: FrameStamp, counts: Wire.FrameCounters, isCorrupt: Bool) {
        self.init()
        frameSequence = stamp.sequence
        captureMonotonicNs = stamp.captureTime
        self.stamp = Stamp(rawValue: stamp.source.rawValue) ?? .unspecified
        frames = counts
        corrupt = isCorrupt
    }
}
