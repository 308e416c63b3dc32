internal import ArgumentParser

@main
struct HFLoc: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hfloc",
        abstract: "Visual localization: build maps, localize images, measure, listen to the daemon.",
        version: Version.text,
        subcommands: [
            LocalizeCommand.self, RetrieveCommand.self, EvaluateCommand.self, MapCommand.self, BenchCommand.self,
            ListenCommand.self,
        ])
}

/// The version of the programs; CHANGELOG.md says what changed.
enum Version {
    static let text = "0.1.0"
}
