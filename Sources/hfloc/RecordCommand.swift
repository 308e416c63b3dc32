internal import ArgumentParser
internal import Capture
internal import Configuration
internal import Daemon
internal import Errors
internal import Files
internal import ProgramVersion
internal import Publishing
internal import Recording
internal import Reporting

/// `hfloc record`: a drive, without a map.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record a camera, and what a vehicle sends beside it, into MCAP files: no map is needed.",
        discussion: """
            Images are recorded as the camera gives them: JPEG as it comes, others without loss or, with --quality, as \
            JPEG. Ends at Ctrl-C, after --seconds, or when the disk is full; the files are complete then, and readable \
            up to their last second whatever happens. A running hflocd that has the camera records what it sees at \
            `hfloc recording start`.
            """)

    @Argument(help: "The folder of the recording; the names of the files are chosen.")
    var folder: String
    @Option(help: "The V4L2 device, such as /dev/hfloc/cam0.")
    var device: String?
    @Option(help: "Instead of a device, a folder of images, at the times of its timestamps.txt.")
    var frames: String?
    @Option(help: "Instead of both, hflocd's configuration: its camera, its endpoints of odometry, position and IMU.")
    var config: String?
    @Option(help: "The pixel format, as `v4l2-ctl --list-formats` names it. Default: the best one.")
    var format: String?
    @Option(help: "Frames per second. Default: the driver's.")
    var rate: Double?
    @Option(help: "WIDTHxHEIGHT. Default: the driver's.")
    var size: String?
    @Option(help: "A camera file that the recording carries along.")
    var camera: String?
    @Option(help: "An address to bind for hfloc.v1.Odometry.")
    var odometry: [String] = []
    @Option(help: "An address to bind for hfloc.v1.Position.")
    var position: [String] = []
    @Option(help: "An address to bind for hfloc.v1.Imu.")
    var imu: [String] = []
    @Option(help: "JPEG quality of images that come uncompressed, 1 to 100. Default: they stay as they are.")
    var quality: Int?
    @Option(help: "End after so many seconds.")
    var seconds: Double?
    @Option(help: "The size at which the next file begins, MB.")
    var fileSize = 1000
    @Option(help: "What all recordings in the folder may take, MB: the oldest go. Default: the disk, but for 64 MB.")
    var budget: Int?

    func validate() throws {
        guard [device, frames, config].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("give one of --device, --frames and --config")
        }
        if let quality, !(1...100).contains(quality) { throw ValidationError("--quality: 1 to 100") }
        if let seconds, !(0.1...1e7).contains(seconds) { throw ValidationError("--seconds: 0.1 to 10000000") }
        guard (1...100_000).contains(fileSize) else { throw ValidationError("--file-size: 1 to 100000") }
        if let budget, budget < 2 * fileSize { throw ValidationError("--budget: at least twice --file-size") }
        if size != nil, parsedSize == nil { throw ValidationError("--size: WIDTHxHEIGHT, such as 1280x720") }
    }

    func run() throws {
        try Failure.reporting {
            let host = Host.ofThisProcess()
            host.blockSignals()
            let input = try Input(self, host)
            let writer = try writer(for: input, host)
            let recording = try CaptureRecording(
                input.source, odometry: input.odometry, sensors: input.sensors, into: writer, host: host)
            let deadline = seconds.map { host.clock.monotonic + UInt64($0 * 1e9) } ?? .max
            recording.run(until: deadline) {
                if StandardError.isTerminal { StandardError.write("\r" + line(recording)) }
            }
            if StandardError.isTerminal { StandardError.write("\n") }
            if let problem = recording.progress.problem { throw Failure(.inputOutput, problem) }
            for problem in recording.problems { StandardError.write("hfloc: warning: \(problem)\n") }
            try StandardOutput.writeLine(line(recording))
        }
    }

    private func line(_ recording: CaptureRecording) -> String {
        let progress = recording.progress
        let broken = recording.brokenFrames
        return "\(progress.file): \(recording.images) images, \((Double(progress.bytes) * 1e-6).text(1)) MB, "
            + "\(recording.droppedImages) dropped" + (broken > 0 ? ", \(broken) broken" : "")
    }

    private func writer(for input: Input, _ host: Host) throws -> RecordingWriter {
        var start = Wire.RecordingStart()
        (start.cause, start.version, start.source) = (.capture, Version.text, input.path)
        let session = Session()
        (start.sessionID, start.bootID) = (session.id, session.bootID)
        let clock = host.clock
        return try RecordingWriter(
            in: RecordingFolder(folder, budget: budget.map { UInt64($0) * 1_000_000 } ?? .max),
            limits: RecordingLimits(
                fileSize: UInt64(fileSize) * 1_000_000, fileTime: 1 << 62, jpegQuality: quality),
            description: RecordingDescription(
                start: start,
                attachments: input.attachments),
            memory: 64 << 20, cameraFrame: "camera",
            clock: RecordingClock(
                monotonic: { clock.monotonic }, wallOffset: { clock.wall.offset }, sleep: { clock.sleep(until: $0) }))
    }

    fileprivate var parsedSize: (width: Int, height: Int)? {
        let parts = (size ?? "").split(separator: "x").compactMap { Int($0) }
        return parts.count == 2 && parts.allSatisfy { (1...16_384).contains($0) } ? (parts[0], parts[1]) : nil
    }

    /// What is recorded.
    private struct Input {
        let source: any FrameSource
        let path: String
        /// The camera file, and the configuration, which says how the camera sits on the vehicle.
        private(set) var attachments: [(name: String, text: [UInt8])] = []
        let odometry: OdometryReceiver?
        let sensors: [SensorReceiver]

        init(_ command: RecordCommand, _ host: Host) throws {
            var addresses = (odometry: command.odometry, position: command.position, imu: command.imu)
            if let config = command.config {
                let configuration = try DaemonConfiguration.complete(file: config, environment: host.environment)
                let file = try CameraFile(reading: configuration.calibration)
                source = try configuration.openSource(for: file)
                path = configuration.source.path
                attachments = [
                    (RecordingDescription.cameraFile, file.content),
                    (RecordingDescription.configuration, Array(configuration.text.utf8)),
                ]
                let wire = configuration.wire
                addresses.odometry += wire.odometry
                addresses.position += wire.position
                addresses.imu += wire.imu
            } else {
                if let camera = command.camera {
                    attachments = [(RecordingDescription.cameraFile, try CameraFile(reading: camera).content)]
                }
                (source, path) = try command.openSource()
            }
            let count = addresses.odometry.count + addresses.position.count + addresses.imu.count
            let context = try ZeroMQContext(endpoints: count)
            func endpoints(_ addresses: [String]) throws -> [Endpoint] {
                try addresses.map { try Endpoint($0, for: .publishing, hasKey: false) }
            }
            odometry =
                addresses.odometry.isEmpty
                ? nil : try OdometryReceiver(context, endpoints: try endpoints(addresses.odometry))
            sensors = try [(SensorReceiver.Kind.position, addresses.position), (.imu, addresses.imu)]
                .filter { !$0.1.isEmpty }
                .map { try SensorReceiver($0.0, context, endpoints: try endpoints($0.1)) }
        }
    }

    private func openSource() throws -> (any FrameSource, String) {
        if let frames { return (try ImageFolder(path: frames, rate: rate, loops: false), frames) }
        let path = device ?? ""
        var options = VideoOptions(path: path, size: parsedSize, rate: rate)
        if let format {
            guard let known = PixelFormat(format) else { throw Failure(.usage, "--format: '\(format)' is no format") }
            options.format = known
        }
        return (try VideoDevice(options), path)
    }
}
