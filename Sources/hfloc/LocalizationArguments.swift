internal import ArgumentParser
internal import Configuration
internal import Evaluation
internal import LocalizationOptions

/// The options that every localizing command has.
struct LocalizationArguments: ParsableArguments {
    @Option(help: "The map file, as `hfloc map build` wrote it.")
    var map: String
    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(
        help: """
            Most keypoints of a query image (the daemon, which has less time, takes \
            \(LocalizerOptions().maximumKeypoints)).
            """)
    var keypoints = 2000
    @Option(help: "Prior frames that retrieval proposes.")
    var priors = LocalizerOptions().priors
    @Option(help: "Largest reprojection error of an inlier, pixels of the network's input.")
    var threshold = LocalizerOptions().inlierThreshold

    func validate() throws {
        try LocalizerOptions().$maximumKeypoints.allowed.check(keypoints, "--keypoints")
        try LocalizerOptions().$priors.allowed.check(priors, "--priors")
        guard threshold > 0, threshold <= 100 else { throw ValidationError("--threshold: above 0, at most 100 pixels") }
    }

    /// Model and map, opened.
    ///
    /// - Parameters:
    ///   - cheapFrames: most in a row of a drive.
    ///   - networkDelay: how many frames the network takes behind them; 0: they wait for it.
    func localizer(cheapFrames: Int = 0, networkDelay: Int = 0) throws -> OfflineLocalizer {
        var options = LocalizerOptions()
        options.cheapFrames = cheapFrames
        options.maximumKeypoints = keypoints
        options.priors = priors
        options.inlierThreshold = threshold
        return try OfflineLocalizer(
            model: InstalledModel.resolve(model), map: map, options: options, networkDelay: networkDelay)
    }
}
