internal import ArgumentParser
internal import Errors
internal import Files
internal import ReferenceMap
internal import Reporting

/// `hfloc map verify`: every hash, every reprojection.
struct MapVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of a map against its hashes, and its landmarks against their observations.")

    @Argument(help: "The map file.")
    var map: String
    @Option(help: "Farthest that a landmark may be from its observation, pixels of the network's input.")
    var tolerance = 8.0

    func validate() throws {
        guard tolerance > 0 else { throw ValidationError("--tolerance: above 0 pixels") }
    }

    func run() throws {
        try Failure.reporting {
            let map = try ReferenceMap(opening: map)
            let found = try map.verify(tolerance: tolerance)
            try StandardOutput.writeLine(
                """
                \(map.path): whole, id \(map.identity.prefix(12))
                \(found.observations) observations of \(map.landmarkCount) landmarks reproject with \
                \(found.meanError.text(2)) px mean and \(found.largestError.text(2)) px largest error
                """)
            if found.weakLandmarks > 0 {
                try StandardOutput.writeLine("\(found.weakLandmarks) landmarks are seen by one keyframe only")
            }
        }
    }
}
