internal import ArgumentParser
internal import Configuration

/// `hflocd`: localizes the frames of one camera, and publishes what it finds.
@main
struct HFLocD: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hflocd",
        abstract: "Localize the frames of a camera in a map, and publish one message per frame.",
        discussion: """
            Reads a configuration file, options of the command line, or both: an option wins over the file. Ends with a code of sysexits.h: \
            64 usage, 65 bad data, 66 missing input, 69 unavailable, 71 refused by the system, 74 cannot be read, 78 configuration.
            """,
        version: Version.text)

    @Option(help: "The configuration: see hflocd.yaml, which documents it.")
    var config: String?
    @Option(help: "Take frames from this V4L2 device.")
    var device: String?
    @Option(help: "Take frames from the images of this folder, in the order of their names or of timestamps.txt.")
    var frames: String?
    @Option(help: "Frames per second; for a folder, 0 hands out every image as soon as the one before is done.")
    var rate: Double?
    @Flag(help: "End after the folder's last image.")
    var once = false
    @Flag(help: "Begin again after the folder's last image.")
    var loop = false
    @Option(help: "The map file.")
    var map: String?
    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "The camera file: model, width, height, parameters.")
    var camera: String?
    @Option(help: "Publish here: ipc:///PATH or tcp://127.0.0.1:PORT. May be given several times.")
    var publish: [String] = []
    @Flag(help: "Check the configuration and every file it names, and end.")
    var check = false

    func validate() throws {
        if let rate, !ConfigurationDraft.allowedRates.contains(rate) { throw ValidationError("--rate: 0 to 1000") }
        guard frames == nil || device == nil else { throw ValidationError("--frames and --device: give one of them") }
        guard !(once && loop) else { throw ValidationError("--once and --loop: give one of them") }
    }

    func run() throws {
        do {
            let daemon = try Daemon(configuration: try complete(), endsWithFolder: once, publishes: !check)
            if check { daemon.reportCheck() } else { try daemon.run() }
        } catch {
            let failure = DaemonFailure(describing: error)
            Journal.write(failure.description)
            throw ExitCode(failure.status.rawValue)
        }
    }

    /// The file with the options laid over it.
    private func complete() throws(ConfigurationError) -> DaemonConfiguration {
        var draft =
            try config.map { (path) throws(ConfigurationError) in try ConfigurationDraft(reading: path) }
            ?? ConfigurationDraft()
        if let device { (draft.device, draft.folder, draft.loops) = (device, nil, nil) }
        if let frames { (draft.folder, draft.device, draft.format) = (frames, nil, nil) }
        if let rate { draft.rate = rate }
        if loop { draft.loops = true }
        if let map { draft.map = map }
        if let model { draft.model = model }
        if let camera { draft.calibration = camera }
        if !publish.isEmpty { draft.endpoints = publish }
        return try draft.complete()
    }
}
