internal import ArgumentParser
internal import Configuration
internal import Daemon
internal import Errors

/// `hflocd`: localizes the frames of one camera, and publishes what it finds.
@main
struct HFLocD: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hflocd",
        abstract: "Localize the frames of a camera in a map, and publish one message per frame.",
        discussion: """
            Reads a configuration file; a variable HFLOC_NAME of the environment wins over it, and the option --name over both (HFLOC_CONFIG for \
            --config; HFLOC_PUBLISH and HFLOC_CONTROL are lists with commas). SIGHUP reads the file again. Ends with a code of sysexits.h: 64 usage, 65 bad data, 66 missing input, 69 unavailable, 70 a bug, 71 refused by the system, 74 cannot be read, 78 configuration.
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
    @Option(help: "Keep the last place over restarts in this folder. Default: $STATE_DIRECTORY, which systemd sets.")
    var state: String?
    @Option(help: "Publish here: ipc:///PATH or tcp://127.0.0.1:PORT. May be given several times.")
    var publish: [String] = []
    @Option(help: "Answer requests here: ipc:///PATH. May be given several times.")
    var control: [String] = []
    @Flag(help: "Check the configuration and every file it names, and end: all mistakes at once.")
    var check = false

    func validate() throws {
        if let rate, !ConfigurationDraft.allowedRates.contains(rate) { throw ValidationError("--rate: 0 to 1000") }
        guard frames == nil || device == nil else { throw ValidationError("--frames and --device: give one of them") }
        guard !(once && loop) else { throw ValidationError("--once and --loop: give one of them") }
    }

    func run() throws {
        let host = Host.ofThisProcess()
        do {
            let daemon = try LocalizationDaemon(
                configuration: try complete(host), endsWithFolder: once, publishes: !check, host: host,
                openers: .real(environment: host.environment), reread: { try complete(host) })
            if check { print(daemon.checkReport) } else { try daemon.run() }
        } catch let exitRequest as ExitRequest {
            throw ExitCode(exitRequest.status.rawValue)
        } catch {
            let failure = Failure(describing: error)
            host.journal.write(failure)
            throw ExitCode(failure.status.rawValue)
        }
    }

    private func complete(_ host: Host) throws(ConfigurationError) -> DaemonConfiguration {
        try .complete(
            file: config, environment: host.environment, options: overrides, remark: { host.journal.write($0) })
    }

    private var overrides: ConfigurationOverrides {
        var overrides = ConfigurationOverrides()
        overrides.device = device
        overrides.folder = frames
        overrides.rate = rate
        overrides.loops = loop ? true : nil
        overrides.map = map
        overrides.model = model
        overrides.calibration = camera
        overrides.state = state
        overrides.endpoints = publish
        overrides.control = control
        return overrides
    }
}
