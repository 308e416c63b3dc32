internal import Files
internal import ArgumentParser
internal import Errors
internal import Mapping
internal import ReferenceMap

/// `hfloc map info`: what a map holds and where it comes from.
struct MapInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what a map holds and where it comes from.")

    @Argument(help: "The map file.")
    var map: String
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try Failure.reporting {
            let map = try ReferenceMap(opening: map)
            let description = MapDescription(map, bytes: FileStatus.size(map.path))
            try StandardOutput.writeLine(json ? description.json : description.text)
        }
    }
}
