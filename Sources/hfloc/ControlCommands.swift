internal import ArgumentParser
internal import Errors
internal import Files
internal import Glibc
internal import Messages
internal import SwiftProtobuf

/// `hfloc relocalize`: forget the cached place.
struct RelocalizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relocalize",
        abstract: "Make a running hflocd forget its place, and look over the whole map in the next frame.")

    @OptionGroup var control: ControlArguments

    func run() throws { try Failure.reporting { try control.ask(.relocalize(.init())) } }
}

/// `hfloc set-prior`: say where the vehicle is.
struct SetPriorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-prior",
        abstract: "Tell a running hflocd where the camera, or the vehicle, is thought to be.",
        discussion: """
            The next frames try the place there first; every gate still applies. Numbers may be negative: put `--` \
            before them.
            """)

    @Argument(help: "The position in the map, metres: X Y Z; then the attitude, a unit quaternion: W X Y Z.")
    var pose: [Double]
    @Option(help: "One standard deviation of the position, metres.")
    var sigma: Double = 2
    @Option(help: "One standard deviation of the attitude, degrees.")
    var angleSigma: Double = 20
    @Option(help: "Whose pose it is: the name of the camera's frame (the default) or of the vehicle's.")
    var frame = ""
    @OptionGroup var control: ControlArguments

    func validate() throws {
        guard pose.count == 7 else { throw ValidationError("give X Y Z W X Y Z") }
    }

    func run() throws {
        try Failure.reporting {
            try control.ask(
                .setPrior(
                    .with {
                        $0.position = .with { ($0.x, $0.y, $0.z) = (pose[0], pose[1], pose[2]) }
                        $0.orientation = .with { ($0.w, $0.x, $0.y, $0.z) = (pose[3], pose[4], pose[5], pose[6]) }
                        $0.positionSigmaM = sigma
                        $0.rotationSigmaRad = angleSigma * .pi / 180
                        $0.frame = frame
                    }))
        }
    }
}

/// `hfloc load-map`: another map, without a gap.
struct LoadMapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load-map",
        abstract: "Make a running hflocd use another map; the one before serves until the new one is checked.",
        discussion: """
            To put a new map in the place of the one in use, rename it ('hfloc map install NEW MAP'), and then \
            load it: never write over it with 'cp'.
            """)

    @Argument(help: "The map file, on the daemon's machine.")
    var map: String
    @OptionGroup var control: ControlArguments

    func run() throws {
        try Failure.reporting {
            let reply = try control.ask(.loadMap(.with { $0.path = Self.absolute(map) }))
            try StandardOutput.writeLine(
                "\(reply.status.map.path) is in use; to replace the file, rename (hfloc map install)")
        }
    }

    private static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let folder = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(folder) }
        return unsafe String(cString: folder) + "/" + path
    }
}

/// `hfloc reload`: the configuration again.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Make a running hflocd read its configuration again, as SIGHUP does.")

    @OptionGroup var control: ControlArguments

    func run() throws {
        try Failure.reporting {
            let reply = try control.ask(.reload(.init()))
            try StandardOutput.write("configuration \(reply.status.configurationGeneration) is in use\n")
        }
    }
}

/// `hfloc shutdown`: the end.
struct ShutdownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shutdown", abstract: "Make a running hflocd save its state and end.")

    @OptionGroup var control: ControlArguments

    func run() throws { try Failure.reporting { try control.ask(.shutdown(.init())) } }
}
