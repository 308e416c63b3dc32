internal import ArgumentParser
internal import Errors
internal import Files
internal import ReferenceMap

/// `hfloc map install`: a map to where a running hflocd may be using the one before.
struct MapInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Check a map, and put it in another's place at once, as a map in use must be replaced.",
        discussion: """
            Checks every byte of SOURCE as 'hfloc map verify' does, copies it beside DESTINATION, waits until the disk \
            has it, and renames it: whoever uses the file sees the old map or the new one, whole. 'cp' and 'rsync \
            --inplace' write over the old one while it is in use. Then 'hfloc load-map DESTINATION' or 'systemctl \
            reload hflocd@NAME' makes a running hflocd use it.
            """)

    @Argument(help: "The map file to install.")
    var source: String
    @Argument(help: "The file whose place it takes; it need not be there yet.")
    var destination: String

    func run() throws {
        try Failure.reporting {
            try AtomicFile.check(destination, reading: [source])
            let map = try ReferenceMap(opening: source)
            _ = try map.verify()
            try map.write(copyTo: destination)
            try StandardOutput.writeLine(
                """
                \(destination): \(map.keyframeCount) keyframes, \(map.landmarkCount) landmarks, id \
                \(map.identity.prefix(12))
                """)
        }
    }
}
