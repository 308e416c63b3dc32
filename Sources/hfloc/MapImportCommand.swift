internal import ArgumentParser
internal import FailureReporting
internal import ReferenceMap

/// `hfloc map import`: from a COLMAP model, whose images are elsewhere, to a map file.
struct MapImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Build a map from the poses of a COLMAP model whose images are in another folder.",
        discussion: """
            Cameras and poses are the model's; features and landmarks are made anew with hfloc's own network, since a map's \
            descriptors must be those that frames will be matched with.
            """)

    @Argument(help: "The folder of the COLMAP model: cameras and images, .bin or .txt.")
    var folder: String
    @Option(help: "The folder that the model's image names are relative to.")
    var images: String
    @OptionGroup var arguments: MapBuildArguments

    func run() throws {
        try Failure.reporting {
            try arguments.build(try PosedImages(colmapModel: folder, imageFolder: images))
        }
    }
}
