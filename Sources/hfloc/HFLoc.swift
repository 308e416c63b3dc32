internal import ArgumentParser
internal import CommandSupport
internal import Configuration
internal import Errors
internal import ProgramVersion

@main
struct HFLoc: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hfloc",
        abstract: "Visual localization: build maps, localize images, measure, listen to the daemon.",
        version: Version.text,
        subcommands: [
            LocalizeCommand.self, RetrieveCommand.self, ExtractCommand.self, EvaluateCommand.self, MapCommand.self,
            ModelCommand.self, BenchCommand.self, ListenCommand.self, StatusCommand.self, RelocalizeCommand.self,
            SetPriorCommand.self, LoadMapCommand.self, ReloadCommand.self, RecordCommand.self, ReplayCommand.self,
            RecordingCommand.self, ShutdownCommand.self, KeysCommand.self, DoctorCommand.self, ViewCommand.self,
        ])

    static func main() { runProgram("hfloc") }
}

extension Failure {
    /// Runs the body of one of hfloc's commands.
    static func reporting(_ body: () throws -> Void) throws { try reporting(as: "hfloc", body) }
}
