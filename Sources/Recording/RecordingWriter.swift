internal import CJPEG
package import Files
internal import Glibc
internal import Publishing
internal import Synchronization

/// Writes what its inputs are given into files, on a thread of its own: ``run()``.
///
/// Sendable unchecked: made by one thread, and then run by one; what others may ask is behind locks.
package final class RecordingWriter: @unchecked Sendable {
    /// Of the thread of the frames, and of the main one.
    package let frames: RecordingInput
    package let telemetry: RecordingInput

    private let folder: RecordingFolder
    private let limits: RecordingLimits
    private let clock: RecordingClock
    private let progressBox = Mutex(RecordingProgress())
    private let newest: Mutex<RecordingDescription>
    private var series: RecordingSeries
    /// Nothing is written any more.
    private var hasFailed = false
    /// What the next file begins with.
    private var cameraInfo: Kept?
    private var odometry: [Kept] = []
    private var scratch = WireEncoder(capacity: 256)

    private struct Kept {
        var head: RecordQueue.Head
        var bytes: [UInt8]
    }

    /// Between two looks at queues that were empty: nanoseconds.
    private static let pause: UInt64 = 10_000_000

    /// Opens the first file, so that what keeps it from being written is known at once.
    ///
    /// - Parameters:
    ///   - folder: where the files go.
    ///   - limits: how large they may be.
    ///   - description: what is recorded, and why.
    ///   - memory: bytes between the frames and the disk.
    ///   - cameraFrame: name of the camera's frame of reference.
    ///   - clock: the machine's.
    package init(
        in folder: RecordingFolder, limits: RecordingLimits, description: RecordingDescription, memory: Int,
        cameraFrame: String, clock: RecordingClock
    ) throws(FileError) {
        (self.folder, self.limits, self.clock) = (folder, limits, clock)
        frames = RecordingInput(memory: memory, cameraFrame: cameraFrame)
        telemetry = RecordingInput(memory: min(1 << 22, memory))
        newest = Mutex(description)
        series = try RecordingSeries(
            description, description.start.cause, in: folder, limits: limits, after: nil, at: Self.now(clock))
        take(series)
    }

    /// Of any thread.
    package var progress: RecordingProgress { progressBox.withLock { $0 } }

    /// What files that begin from now on are of. Of any thread.
    package func describe(_ description: RecordingDescription) { newest.withLock { $0 = description } }

    /// Writes until both inputs have ended, or it cannot go on. Then the file is complete.
    package func run() {
        while !hasFailed {
            // Asked before the queues are emptied: nothing is appended after it.
            let isLast =
                frames.hasEnded.load(ordering: .acquiring) && telemetry.hasEnded.load(ordering: .acquiring)
            let (first, second) = (drain(frames), drain(telemetry))
            let now = clock.monotonic()
            trying { () throws(FileError) in try series.flush(at: now) }
            if series.isFull(at: now) { frames.wantsPart.store(true, ordering: .relaxed) }
            progressBox.withLock { $0.bytes = series.bytes }
            if first || second { continue }
            if isLast { break }
            clock.sleep(now + Self.pause)
        }
        if !hasFailed { trying { () throws(FileError) in try series.finish() } }
        progressBox.withLock { ($0.isActive, $0.bytes) = (false, series.bytes) }
    }

    /// What waits in a queue; true if there was anything.
    private func drain(_ input: RecordingInput) -> Bool {
        var count = 0
        // The other queue has its turn, too.
        while count < 256, !hasFailed, unsafe input.queue.take({ unsafe take($0, $1) }) { count += 1 }
        return count > 0
    }

    private func take(_ head: RecordQueue.Head, _ bytes: UnsafeRawBufferPointer) {
        guard let topic = RecordingTopic(rawValue: head.kind) else {
            trying { () throws(FileError) in try rotate() }
            return
        }
        switch topic {
        case .odometry:
            // As many as the frame loop's track holds.
            if odometry.count >= 2 * OdometryTrack.capacity { odometry.removeFirst(OdometryTrack.capacity) }
            unsafe odometry.append(Kept(head: head, bytes: Array(bytes)))
        case .cameraInfo: cameraInfo = unsafe Kept(head: head, bytes: Array(bytes))
        case .rawImage:
            if let quality = limits.jpegQuality {
                unsafe writeCompressed(head, bytes, quality)
                return
            }
        default: break
        }
        trying { () throws(FileError) in try unsafe series.write(topic, head, bytes) }
    }

    /// The pixels at the message's end as JPEG.
    private func writeCompressed(_ head: RecordQueue.Head, _ message: UnsafeRawBufferPointer, _ quality: Int) {
        let (width, height) = (Int(head.width), Int(head.height))
        var count = 0
        let pixels = unsafe UnsafeRawBufferPointer(rebasing: message.suffix(width * height))
        guard
            let jpeg = unsafe hf_jpeg_encode_grey(
                pixels.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(width), Int32(height), Int32(quality),
                &count)
        else { return }
        defer { unsafe free(jpeg) }
        let content = unsafe frames.compressed(head.stamp, UnsafeRawBufferPointer(start: jpeg, count: count), &scratch)
        trying { () throws(FileError) in
            try unsafe content.span.withUnsafeBytes { (bytes) throws(FileError) in
                try unsafe series.write(.compressedImage, head, bytes)
            }
        }
    }

    /// The file is complete, and the next begins: the frame loop has said where.
    private func rotate() throws(FileError) {
        // Who was not asked has another pipeline.
        let cause: Wire.RecordingStart.Cause = series.isFull(at: clock.monotonic()) ? .rotation : .pipeline
        try series.finish()
        series = try RecordingSeries(
            newest.withLock { $0 }, cause, in: folder, limits: limits, after: series, at: Self.now(clock))
        take(series)
        if let cameraInfo { try rewrite(.cameraInfo, cameraInfo) }
        for kept in odometry.suffix(OdometryTrack.capacity) { try rewrite(.odometry, kept) }
    }

    private func rewrite(_ topic: RecordingTopic, _ kept: Kept) throws(FileError) {
        try unsafe kept.bytes.span.withUnsafeBytes { (bytes) throws(FileError) in
            try unsafe series.write(topic, kept.head, bytes)
        }
    }

    /// A file has begun.
    private func take(_ series: RecordingSeries) {
        for input in [frames, telemetry] { input.wallOffset.store(series.wallOffset, ordering: .relaxed) }
        progressBox.withLock { ($0.file, $0.files, $0.bytes) = (series.path, series.files, series.bytes) }
    }

    /// What cannot be written ends the recording; what was is kept.
    private func trying(_ work: () throws(FileError) -> Void) {
        guard !hasFailed else { return }
        do throws(FileError) {
            try work()
        } catch {
            hasFailed = true
            for input in [frames, telemetry] { input.isClosed.store(true, ordering: .relaxed) }
            series.abandon()
            progressBox.withLock { $0.problem = "the recording has ended: \(error.description)" }
        }
    }

    private static func now(_ clock: RecordingClock) -> (monotonic: UInt64, wall: UInt64) {
        let monotonic = clock.monotonic()
        return (monotonic, monotonic &+ UInt64(bitPattern: clock.wallOffset()))
    }
}
