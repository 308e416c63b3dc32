internal import ArgumentParser
internal import Configuration

@main
struct HFLocCalibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hfloc-calibrate",
        abstract: "From a bare camera to a camera file for hfloc, with its uncertainty.",
        version: Version.text,
        subcommands: [
            TargetCommand.self, DetectCommand.self, SolveCommand.self, CheckCommand.self, LiveCommand.self,
            ConvertCommand.self,
        ])
}
