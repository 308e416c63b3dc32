internal import ArgumentParser
internal import Errors
internal import Files
internal import ReferenceMap

/// `hfloc map`: build, look at and check map files.
struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Build a map from images with poses; look at it; check it; install it; write it as a COLMAP model.",
        subcommands: [
            MapBuildCommand.self, MapImportCommand.self, MapExportCommand.self, MapInfoCommand.self,
            MapVerifyCommand.self, MapCheckCommand.self, MapInstallCommand.self,
        ])
}

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
    @Option(
        name: [.short, .long], help: "The folder for cameras.txt, images.txt and points3D.txt; made if it is not there."
    )
    var output: String

    func run() throws {
        try Failure.reporting {
            let map = try ReferenceMap(opening: map)
            try ColmapModel.prepare(folder: output, reading: [map.path])
            try map.colmapModel().writeText(folder: output)
            try StandardOutput.writeLine("\(output): \(map.keyframeCount) images, \(map.landmarkCount) points")
        }
    }
}

/// `hfloc map import`: from a COLMAP model, whose images are elsewhere, to a map file.
struct MapImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Build a map from the poses of a reconstruction whose images are in another folder.",
        discussion: """
            Cameras and poses are the model's; features and landmarks are made anew with hfloc's own network, since a \
            map's descriptors must be those that frames will be matched with.
            """)

    @Argument(
        help: """
            The folder of a COLMAP model (cameras and images, .bin or .txt), or with OpenSfM's reconstruction.json or \
            a transforms.json.
            """)
    var folder: String
    @Option(help: "The folder that the model's image names are relative to.")
    var images: String
    @OptionGroup var arguments: MapBuildArguments

    func run() throws {
        try Failure.reporting {
            try arguments.build(try PosedImages(model: folder, imageFolder: images))
        }
    }
}
