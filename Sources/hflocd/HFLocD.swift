internal import ArgumentParser
internal import CommandSupport
internal import Configuration
internal import Daemon
internal import Errors
internal import Files
internal import ProgramVersion

/// `hflocd`: localizes the frames of one camera, and publishes what it finds.
@main
struct HFLocD: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hflocd",
        abstract: "Localize the frames of a camera in a map, and publish one message per frame.",
        discussion: """
            Reads a configuration file; a variable HFLOC_NAME of the environment wins over it, and the option --name \
            over both (HFLOC_CONFIG for --config; HFLOC_PUBLISH and HFLOC_CONTROL are lists with commas). SIGHUP reads \
            the file again. Ends with a code of sysexits.h: 64 usage, 65 bad data, 66 missing input, 69 unavailable, \
            70 a bug, 71 refused by the system, 74 cannot be read, 78 configuration.
            """,
        version: Version.text)

    @Option(help: "The configuration: see hflocd.yaml, which documents it.")
    var config: String?
    @Option(help: .field("device"))
    var device: String?
    @Option(help: .field("frames"))
    var frames: String?
    @Option(help: .field("rate"))
    var rate: Double?
    @Flag(help: "End after the folder's last image.")
    var once = false
    @Flag(help: .field("loop"))
    var loop = false
    @Flag(help: .field("follow"))
    var follow = false
    @Option(help: .field("map"))
    var map: String?
    @Option(help: .field("model"))
    var model: String?
    @Option(help: .field("camera"))
    var camera: String?
    @Option(help: .field("state"))
    var state: String?
    @Option(help: .field("publish"))
    var publish: [String] = []
    @Option(help: .field("control"))
    var control: [String] = []
    @Flag(help: "Check the configuration and every file it names, and end: all mistakes at once.")
    var check = false

    static func main() { runProgram("hflocd") }

    func validate() throws {
        do throws(ConfigurationError) {
            _ = try overrides()
        } catch {
            throw ValidationError(error.mistakes.map { "\($0.field ?? ""): \($0.reason)" }.joined(separator: "\n"))
        }
        guard [once, loop, follow].count(where: { $0 }) < 2 else {
            throw ValidationError("--once, --loop and --follow: give one of them")
        }
    }

    func run() throws {
        let host = Host.ofThisProcess()
        do {
            let daemon = try LocalizationDaemon(
                configuration: try complete(host), endsWithFolder: once, publishes: !check, host: host,
                openers: .real(environment: host.environment), reread: { try complete(host) })
            if check { try StandardOutput.writeLine(daemon.checkReport) } else { try daemon.run() }
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
            file: config, environment: host.environment, options: try overrides(),
            remark: { host.journal.write($0) })
    }

    /// What the options say of the configuration's fields.
    private func overrides() throws(ConfigurationError) -> ConfigurationOverrides {
        func one(_ value: String?) -> [String] { value.map { [$0] } ?? [] }
        return try ConfigurationOverrides(options: [
            "device": one(device), "frames": one(frames), "rate": one(rate.map { "\($0)" }),
            "loop": loop ? ["true"] : [], "follow": follow ? ["true"] : [], "map": one(map), "model": one(model),
            "camera": one(camera),
            "state": one(state), "publish": publish, "control": control,
        ])
    }
}

extension ArgumentHelp {
    /// What the configuration's table says of the field that the option gives.
    fileprivate static func field(_ option: String) -> ArgumentHelp {
        ArgumentHelp(ConfigurationTable.help(ofOption: option))
    }
}
