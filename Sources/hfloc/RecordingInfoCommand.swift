internal import ArgumentParser
internal import CommandSupport
internal import Errors
internal import Files
internal import Recording
internal import Reporting

/// `hfloc recording info`: what is in recordings.
struct RecordingInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what recordings hold, and whether they are whole.",
        discussion: """
            The files of one recording are told of together, with its totals; those of others behind it. Ends with 2 \
            if a file is cut or damaged (`hfloc recording repair` completes it), or a part is missing between two.
            """)

    @Argument(help: "Files, or folders of recordings: all that end in .mcap.")
    var files: [String]
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("give a recording") }
    }

    func run() throws {
        try Failure.reporting {
            let paths = try RecordingPaths.files(of: files)
            var batch = Batch(program: "hfloc", items: "files")
            let contents = paths.compactMap { path in batch.attempt(path) { try RecordingContents(path) } }
            try batch.requireResult()
            let recordings = RecordingTotals.recordings(of: contents)
            // A file alone is one object, as it always was; what a folder holds does not change the shape.
            let isOne = paths == files && paths.count == 1
            try StandardOutput.writeLine(
                json
                    ? isOne ? contents[0].json : RecordingTotals.json(recordings)
                    : RecordingTotals.text(recordings))
            try batch.finish()
            guard recordings.allSatisfy(\.isWhole) else { throw ExitCode(ExitStatus.incomplete.rawValue) }
        }
    }
}
