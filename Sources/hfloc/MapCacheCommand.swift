internal import ArgumentParser
internal import Errors
internal import Files
internal import Mapping
internal import ReferenceMap
internal import Reporting

/// `hfloc map cache`: a build's features and matches, worked out in parts, on other machines if need be.
struct MapCacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Work out a build's features and matches in parts: what tools/map-fleet gives to its workers.",
        discussion: """
            Nearly all of a build's work is in the features of its images and the matches of its pairs, and both lie \
            in its cache. 'plan' says what a cache lacks, 'fill' works a part of that out, and 'hfloc map build \
            --cache' makes the map of what is there. Several 'fill' may write into one folder; entries of several \
            folders may be copied together.
            """,
        subcommands: [MapCachePlanCommand.self, MapCacheFillCommand.self])

    /// What `--step` chooses from.
    enum Step: String, ExpressibleByArgument, CaseIterable {
        case features, matches
    }
}

/// `hfloc map cache plan`: what is missing.
struct MapCachePlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Say what a build's cache lacks, a line each.",
        discussion: """
            Of features, the paths of the images; of matches, the key of an image and those of the images that it is \
            to be matched with, for which the features must be there: those that are missing are made.
            """)

    @Argument(help: "The folder with images and poses, as of 'hfloc map build'.")
    var folder: String
    @Option(help: "The folder of the cache; made if it is not there.")
    var cache: String
    @Option(help: "features, then matches.")
    var step: MapCacheCommand.Step
    @OptionGroup var arguments: MappingArguments

    func run() throws {
        try Failure.reporting {
            let plan = try arguments.plan(cache: cache)
            let set = try PosedImages(folder: folder)
            switch step {
            case .features: for path in plan.missingImages(of: set) { try StandardOutput.writeLine(path) }
            case .matches:
                for row in plan.missingMatches(of: set) {
                    try StandardOutput.writeLine(row.map { "\($0.hash)" }.joined(separator: " "))
                }
            }
        }
    }
}

/// `hfloc map cache fill`: a part of what is missing.
struct MapCacheFillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Work out a part of what a build's cache lacks.",
        discussion: "Images that cannot be used are named, and make the exit status 2.")

    @Argument(help: "Of features: images; of matches: a file of lines that 'plan' has printed.")
    var files: [String]
    @Option(help: "The folder of the cache; made if it is not there.")
    var cache: String
    @Option(help: "features, then matches.")
    var step: MapCacheCommand.Step
    @OptionGroup var arguments: MappingArguments

    func run() throws {
        try Failure.reporting {
            let bar = ProgressBar()
            let plan = try arguments.plan(cache: cache) { stage, done, total in bar.show(stage.rawValue, done, total) }
            let problems: [String]
            switch step {
            case .features: problems = plan.fillFeatures(files).map { "\($0.path): \($0.reason)" }
            case .matches:
                let missing = plan.fillMatches(try files.flatMap(rows))
                problems = missing.map { "\(cache): features \($0.hash) are not there; fill them first" }
            }
            bar.finish()
            for problem in problems { StandardError.write("hfloc: warning: \(problem)\n") }
            if !problems.isEmpty { throw ExitCode(ExitStatus.incomplete.rawValue) }
        }
    }

    /// Bytes of a file of lines: some hundred thousand images.
    private static let largestFile = 1 << 30

    /// The keys in each line of a file.
    private func rows(_ path: String) throws -> [[CacheKey]] {
        var lines = Lines(try PlainText.read(path, atMost: Self.largestFile))
        var rows: [[CacheKey]] = []
        while let line = lines.next() {
            rows.append(
                try line.split(separator: " ").map { word in
                    guard let key = CacheKey(hex: String(word)) else {
                        throw Failure(.badData, "\(path):\(lines.number): not a line of 'hfloc map cache plan'")
                    }
                    return key
                })
        }
        return rows
    }
}
