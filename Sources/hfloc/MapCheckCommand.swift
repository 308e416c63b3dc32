internal import ArgumentParser
internal import Errors
internal import Files
internal import Mapping
internal import ReferenceMap
internal import Reporting

/// `hfloc map check`: how good a map is, by its own keyframes.
struct MapCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Localize the map's own keyframes without their observations, and keep in the map how well that went.",
        discussion: """
            `hfloc map build` does it at its end. The map gets another id, for what was found belongs to it: \
            covariances and protection levels of its poses go by it. A map that its build has marked as contradicted \
            stays so, and ends with 65.
            """)

    @Argument(help: "The map file; it is replaced, at once.")
    var map: String
    @Flag(help: "Say what is found, and leave the file as it is.")
    var dryRun = false
    @Flag(help: "Print a line for every keyframe.")
    var verbose = false
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try Failure.reporting {
            let map = try ReferenceMap(opening: map)
            try map.verifyBytes()
            let bar = ProgressBar()
            let rows = LeaveOneOut(map: map).rows { bar.show("check", $0, $1) }
            bar.finish()
            if verbose, !json {
                for row in rows { try StandardOutput.writeLine(row.line(map.name(ofKeyframe: row.keyframe))) }
            }
            let check = MapCheck(
                rows, keyframeCount: map.keyframeCount, isMarked: map.quality.verdict == .contradicted)
            if !dryRun { try map.write(to: map.path, quality: check.quality, keyframes: check.keyframes) }
            let report = QualityReport(check.quality)
            try StandardOutput.writeLine(json ? report.json : report.text())
            if check.quality.verdict == .contradicted { throw ExitCode(ExitStatus.badData.rawValue) }
        }
    }
}
