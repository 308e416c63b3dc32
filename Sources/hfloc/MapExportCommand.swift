internal import ArgumentParser
internal import FailureReporting
internal import ReferenceMap

/// `hfloc map export`: the map as a COLMAP model, to look at with other tools.
struct MapExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a map as a COLMAP text model, to look at with other tools.",
        discussion: """
            The cameras are those of the network's reduced input images. Descriptors are not part of the format.
            """)

    @Argument(help: "The map file.")
    var map: String
    @Option(name: [.short, .long], help: "An existing folder, for cameras.txt, images.txt and points3D.txt.")
    var output: String

    func run() throws {
        try Failure.reporting {
            let map = try ReferenceMap(opening: map)
            try map.colmapModel().writeText(folder: output)
            print("\(output): \(map.keyframeCount) images, \(map.landmarkCount) points")
        }
    }
}
