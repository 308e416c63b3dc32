internal import ArgumentParser
internal import Errors
internal import Files
internal import Messages
internal import Recording
internal import Reporting
internal import SwiftProtobuf

/// `hfloc recording`: files of recordings, and those of a running daemon.
struct RecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recording", abstract: "Look into recordings, take them apart, make and mend them.",
        subcommands: [
            RecordingInfoCommand.self, RecordingExtractCommand.self, RecordingImportCommand.self,
            RecordingRepairCommand.self, StartRecordingCommand.self, StopRecordingCommand.self,
        ])
}

/// `hfloc recording start`: a running daemon records.
struct StartRecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Make a running hflocd record, into the folder that its configuration names.")

    @OptionGroup var control: ControlArguments

    func run() throws {
        try Failure.reporting {
            let reply = try control.ask(.startRecording(.init()))
            try StandardOutput.writeLine(reply.status.recording.file)
        }
    }
}

/// `hfloc recording stop`: the daemon's recording ends.
struct StopRecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Make a running hflocd end its recording; done when the file is complete.")

    @OptionGroup var control: ControlArguments

    func run() throws {
        try Failure.reporting {
            let recording = try control.ask(.stopRecording(.init())).status.recording
            try StandardOutput.writeLine(
                "\(recording.file): \(recording.images) images, \((Double(recording.writtenBytes) * 1e-6).text(1)) MB, "
                    + "\(recording.droppedImages) dropped")
        }
    }
}

/// `hfloc recording repair`: a file without an end gets one.
struct RecordingRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Complete a recording that was cut: what was whole stays, and gets its index.",
        discussion: "A whole file is left as it is; with --output it is copied.")

    @Argument(help: "The recording.")
    var file: String
    @Option(help: "Where the repaired file goes. Default: in the place of the old one.")
    var output: String?

    func run() throws {
        try Failure.reporting {
            let outcome = try MCAPRepair.repair(file, to: output ?? file)
            guard let damage = outcome.damage else {
                let copy = output.map { $0 == file ? "" : ", copied to \($0)" } ?? ""
                try StandardOutput.writeLine("\(file): whole, \(outcome.messages) messages; nothing to repair\(copy)")
                return
            }
            try StandardOutput.writeLine(
                "\(output ?? file): \(outcome.messages) messages kept, \(outcome.lost) bytes lost (\(damage))")
        }
    }
}
