internal import ArgumentParser
internal import FailureReporting
internal import ReferenceMap

/// `hfloc map build`: from a folder of images with poses to a map file.
struct MapBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a map from a folder of images with known poses.",
        discussion: """
            DIR holds cameras.txt, poses.txt and images/ (the rows that split.txt marks 'map', or all of them), or a COLMAP \
            model (text or binary, in DIR, DIR/sparse/0, DIR/sparse or DIR/model) with its images in DIR/images or DIR. Poses \
            are camera from map, in metres. Images that cannot be used are named and left out.
            """)

    @Argument(help: "The folder with images and poses.")
    var folder: String
    @OptionGroup var arguments: MapBuildArguments

    func run() throws {
        try Failure.reporting { try arguments.build(try PosedImages(folder: folder)) }
    }
}
