internal import ArgumentParser
internal import Capture
internal import CommandSupport
internal import Configuration
internal import Daemon
internal import Errors
internal import Features
internal import Files
internal import ProgramVersion
internal import Publishing
internal import Recording
internal import Reporting

/// `hfloc recording import`: a recording of images or a video that something else has made.
struct RecordingImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a recording of a folder of images, or of a video.",
        discussion: """
            Images are taken as they are, at the times of the folder's timestamps.txt ('NAME NANOSECONDS' a line), \
            at --rate, or without both ten a second. A video needs the programs ffmpeg and ffprobe, and its frames \
            become JPEG of high quality, at the video's own times. Images that cannot be used are named and left \
            out, and make the exit status 2; images that timestamps.txt does not list are named, and make it no \
            other. tools/import-bag does the same for the bags of ROS.
            """)

    @Argument(help: "The folder, or the video.")
    var input: String
    @Option(help: "The folder of the recording.")
    var output: String
    @Option(help: "A camera file that the recording carries along.")
    var camera: String?
    @Option(help: "Images per second, of a folder: instead of its timestamps.txt.")
    var rate: Double?

    func validate() throws {
        if let rate, !(0.001...1000).contains(rate) { throw ValidationError("--rate: 0.001 to 1000") }
    }

    func run() throws {
        try Failure.reporting {
            let host = Host.ofThisProcess()
            try refuseForeign()
            guard (try? Folder.names(input)) == nil else { return try record(input, host) }
            if rate != nil { throw Failure(.usage, "--rate: of a folder of images; a video has its own times") }
            let frames = try VideoFrames(of: input)
            try withExtendedLifetime(frames) { try record(frames.folder, host) }
        }
    }

    /// What is neither images nor a video, and is read by another command.
    private func refuseForeign() throws {
        if FileStatus.begins(input, with: "#ROSBAG") || FileStatus.exists("\(input)/metadata.yaml") {
            throw Failure(.usage, "\(input): is a bag of ROS; tools/import-bag makes a recording of it")
        }
        if (try? MCAPReader(opening: input)) != nil {
            throw Failure(
                .usage,
                "\(input): is a recording already, or another MCAP file; `hfloc recording info` says what it holds")
        }
    }

    private func record(_ folder: String, _ host: Host) throws {
        let schedule = try ImportedImages(folder: folder, rate: rate)
        UnusedInput.warn(UnusedInput("images", "have no time in timestamps.txt", schedule.untimed).map { [$0] } ?? [])
        var start = Wire.RecordingStart()
        (start.cause, start.version, start.source) = (.imported, Version.text, input)
        let session = Session()
        (start.sessionID, start.bootID) = (session.id, session.bootID)
        let file = try camera.map { try CameraFile(reading: $0) }
        let clock = host.clock
        var description = RecordingDescription(
            start: start, attachments: file.map { [(RecordingDescription.cameraFile, $0.content)] } ?? [])
        description.namedAfter = UInt64(max(0, Int64(clock.monotonic) + clock.wall.offset))
        let writer = try RecordingWriter(
            in: RecordingFolder(output, budget: .max),
            limits: RecordingLimits(fileSize: .max, fileTime: .max),
            description: description, memory: 128 << 20, cameraFrame: "camera",
            // The images' times are what they are: of no clock of this machine.
            clock: RecordingClock(
                monotonic: { clock.monotonic }, wallOffset: { 0 }, sleep: { clock.sleep(until: $0) }))
        let thread = try host.startThread("hfloc-record", nil, []) { writer.run() }
        schedule.record(into: writer) { clock.sleep(until: clock.monotonic + 2_000_000) }
        while !thread.isFinished { clock.sleep(until: clock.monotonic + 5_000_000) }
        if let problem = writer.progress.problem { throw Failure(.inputOutput, problem) }
        var batch = Batch()
        batch.succeed(Int(writer.frames.images))
        for (name, error) in schedule.failures { batch.fail(name, Failure(describing: error)) }
        if writer.frames.images == 0 { FileStatus.remove(writer.progress.file) }
        try batch.requireResult()
        try StandardOutput.writeLine("\(writer.progress.file): \(writer.frames.images) images")
        try batch.finish()
    }
}
