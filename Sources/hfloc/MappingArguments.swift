internal import ArgumentParser
internal import Configuration
internal import Inference
internal import Mapping

/// What features and matches depend on: options of the commands that build a map, or a part of one.
struct MappingArguments: ParsableArguments {
    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "Reduce larger images to this many pixels on the long side. Default: the model's.")
    var longSide: Int?
    @Option(help: "Most keypoints of an image.")
    var keypoints = MappingOptions().keypoints
    @Option(help: "Pairs to match: 'auto', 'exhaustive', or how many nearest images to match each image with.")
    var pairs = "auto"
    @Option(help: "Threads that work; what comes out does not depend on it. Default: one for each processor.")
    var threads: Int?

    func validate() throws {
        try MappingOptions.allowedKeypoints.check(keypoints, "--keypoints")
        if let longSide, !(64...4096).contains(longSide) { throw ValidationError("--long-side: 64...4096 pixels") }
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads: 1...1024") }
        guard pairChoice != nil else { throw ValidationError("--pairs: 'auto', 'exhaustive' or a number in 1...1000") }
    }

    private var pairChoice: PairChoice? {
        switch pairs {
        case "auto": .automatic
        case "exhaustive": .exhaustive
        default: Int(pairs).flatMap { (1...1000).contains($0) ? .nearest($0) : nil }
        }
    }

    /// The path of the model.
    func modelPath() throws -> String { try InstalledModel.resolve(model) }

    /// The defaults, but for what is said here.
    var options: MappingOptions {
        var options = MappingOptions()
        options.keypoints = keypoints
        options.pairs = pairChoice ?? .automatic
        return options
    }

    /// What a cache lacks of such a build.
    func plan(
        cache: String, progress: @escaping (MappingStage, Int, Int) -> Void = { _, _, _ in }
    ) throws -> CachePlan {
        let model = try Model(opening: modelPath())
        return CachePlan(
            cache: try BuildCache(folder: cache), model: model, longSide: longSide ?? model.inputLongSide,
            options: options, threads: threads, progress: progress)
    }
}
