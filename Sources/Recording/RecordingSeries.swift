internal import Files
internal import Glibc
internal import Publishing

/// The files of one recording, one after another. Each stands alone: it begins with what it is of, and with the camera
/// and the odometry that came before it.
struct RecordingSeries {
    private let folder: RecordingFolder
    private let limits: RecordingLimits
    private let library: String
    private let file: RecordingFile
    private let writer: MCAPWriter
    private var channels: [RecordingTopic: UInt16] = [:]
    private let part: UInt32
    private let begin: (monotonic: UInt64, wall: UInt64)
    /// Of the recording.
    private let firstWall: UInt64
    /// Of the files before.
    private let earlierBytes: UInt64
    private var lastFlush: UInt64
    private var nextLook = 0

    /// Between two chunks: nanoseconds.
    private static let chunkTime: UInt64 = 1_000_000_000
    /// Bytes between two looks at what is free on the disk.
    private static let lookPeriod = 1 << 24

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - description: of the session.
    ///   - cause: why the recording was begun.
    ///   - folder: where its files go.
    ///   - limits: of a file.
    ///   - before: the series so far, whose last file is complete; nil for the first.
    ///   - now: CLOCK_MONOTONIC and the wall clock, nanoseconds.
    init(
        _ description: RecordingDescription, _ cause: Wire.RecordingStart.Cause, in folder: RecordingFolder,
        limits: RecordingLimits, after before: RecordingSeries?, at now: (monotonic: UInt64, wall: UInt64)
    ) throws(FileError) {
        (self.folder, self.limits, begin, lastFlush) = (folder, limits, now, now.monotonic)
        part = (before?.part ?? 0) + 1
        firstWall = before?.firstWall ?? description.namedAfter ?? now.wall
        earlierBytes = before?.bytes ?? 0
        library = "hfloc \(description.start.version)"
        folder.makeRoom(for: limits.fileSize)
        let name = RecordingFolder.name(wall: firstWall, session: description.start.sessionID, part: part)
        file = try folder.create(name, withRoomFor: UInt64(Self.lookPeriod))
        writer = try MCAPWriter(file, library: library)
        nextLook = Self.lookPeriod
        for topic in RecordingTopic.allCases {
            channels[topic] = try writer.addChannel(
                topic: topic.name, schemaName: topic.schemaName, schemaData: topic.schema)
        }
        for (name, text) in description.attachments {
            try writer.attach(name: name, mediaType: "application/yaml", content: text, time: now.wall)
        }
        try writeStart(description.start, cause)
    }

    var path: String { file.path }
    var files: UInt32 { part }
    /// Of all files.
    var bytes: UInt64 { earlierBytes + UInt64(writer.position) }
    /// Nanoseconds to add to a monotonic stamp.
    var wallOffset: Int64 { Int64(bitPattern: begin.wall &- begin.monotonic) }

    /// Whether the next file is to begin.
    func isFull(at now: UInt64) -> Bool {
        UInt64(writer.position) >= limits.fileSize || now - min(now, begin.monotonic) >= limits.fileTime
    }

    mutating func write(
        _ topic: RecordingTopic, _ head: RecordQueue.Head, _ content: UnsafeRawBufferPointer
    ) throws(FileError) {
        guard let channel = channels[topic] else { return }
        if writer.position >= nextLook { try look() }
        try unsafe writer.write(
            channel: channel, logTime: wall(head.time), publishTime: wall(head.stamp), content: content)
    }

    /// Brings what is in memory to the disk, if that is due.
    mutating func flush(at now: UInt64) throws(FileError) {
        guard now >= lastFlush &+ Self.chunkTime else { return }
        lastFlush = now
        try writer.flush()
        file.sync()
    }

    /// The file is complete.
    func finish() throws(FileError) {
        try writer.finish()
        file.sync()
    }

    /// The file ends with its last whole chunk.
    func abandon() {
        writer.abandon()
        file.sync()
    }

    /// Is there room on the disk for what comes until the next look, and for the file's end?
    private mutating func look() throws(FileError) {
        nextLook = writer.position + Self.lookPeriod
        guard folder.hasRoom(for: UInt64(Self.lookPeriod)) else { throw .full(file.path, keeping: folder.leastFree) }
    }

    private mutating func writeStart(
        _ start: Wire.RecordingStart, _ cause: Wire.RecordingStart.Cause
    ) throws(FileError) {
        var start = start
        (start.cause, start.part, start.monotonicNs, start.wallNs) = (cause, part, begin.monotonic, begin.wall)
        start.jpegQuality = UInt32(limits.jpegQuality ?? 0)
        let head = RecordQueue.Head(
            kind: RecordingTopic.recording.rawValue, time: begin.monotonic, stamp: begin.monotonic)
        let bytes = start.encoded()
        try unsafe bytes.span.withUnsafeBytes { (bytes) throws(FileError) in try unsafe write(.recording, head, bytes) }
    }

    private func wall(_ monotonic: UInt64) -> UInt64 { monotonic &+ UInt64(bitPattern: wallOffset) }
}
