internal import ArgumentParser

/// `hfloc map`: build, look at and check map files.
struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Build a map from images with poses; look at it; check it; write it as a COLMAP model.",
        subcommands: [
            MapBuildCommand.self, MapImportCommand.self, MapExportCommand.self, MapInfoCommand.self,
            MapVerifyCommand.self,
        ])
}
