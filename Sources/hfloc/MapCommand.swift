internal import ArgumentParser
internal import Errors
internal import Files
internal import Mapping
internal import ReferenceMap

/// `hfloc map`: build, look at and check map files.
struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Build a map from images with poses; look at it; check it; install it; write it as a COLMAP model.",
        subcommands: [
            MapBuildCommand.self, MapImportCommand.self, MapExportCommand.self, MapInfoCommand.self,
            MapVerifyCommand.self, MapCheckCommand.self, MapInstallCommand.self, MapCacheCommand.self,
        ])
}

/// `hfloc map export`: the map in others' formats, to look at.
struct MapExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a map for other tools: as a COLMAP text model, or its keyframes on the Earth.",
        discussion: """
            colmap: the cameras are those of the network's reduced input images; descriptors are not part of the \
            format. geojson and kml: where the keyframes are, of a map that knows where on the Earth it is.
            """)

    /// What `--format` chooses from.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case colmap, geojson, kml
    }

    @Argument(help: "The map file.")
    var map: String
    @Option(help: "colmap, geojson or kml.")
    var format = Format.colmap
    @Option(
        name: [.short, .long],
        help: """
            The folder for cameras.txt, images.txt and points3D.txt, made if it is not there; the file for geojson and \
            kml.
            """
    )
    var output: String

    func run() throws {
        try Failure.reporting {
            let map = try ReferenceMap(opening: map)
            switch format {
            case .colmap:
                try ColmapModel.prepare(folder: output, reading: [map.path])
                try map.colmapModel().writeText(folder: output)
                try StandardOutput.writeLine("\(output): \(map.keyframeCount) images, \(map.landmarkCount) points")
            case .geojson: try write(map, \.geoJSON)
            case .kml: try write(map, \.kml)
            }
        }
    }

    private func write(_ map: ReferenceMap, _ text: (MapTrack) -> String) throws {
        guard let track = MapTrack(map) else {
            throw Failure(.badData, "\(map.path): \(MapTrack.absence)")
        }
        try AtomicFile.check(output, reading: [map.path])
        try AtomicFile.write(text(track), to: output)
        try StandardOutput.writeLine("\(output): \(track.count) keyframes")
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
