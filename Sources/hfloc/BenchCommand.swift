internal import ArgumentParser
internal import Capture
internal import CommandSupport
internal import Configuration
internal import Errors
internal import Evaluation
internal import Features
internal import Files
internal import Inference
internal import LocalizationOptions
internal import Reporting

/// `hfloc bench`: how long things take on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the network, and with a map the opening, cold localization and tracking.",
        discussion: """
            Times are CPU milliseconds of this thread, so that other processes disturb them little; on several threads \
            they are of time that passes, and want a quiet machine. HFLOC_KERNELS selects the instruction set. \
            `tools/benchmarks/bench-peer` measures other engines beside it.
            """)

    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "Network input for the network's own figures, WIDTHxHEIGHT.")
    var size = "640x480"
    @Option(help: "Most keypoints of a frame.")
    var keypoints = LocalizerOptions().maximumKeypoints
    @Option(help: "Threads that share a frame's work.")
    var threads = 1
    @Flag(help: "Time that passes, on one thread as well.")
    var wall = false
    @Option(help: "Repetitions.")
    var runs = 30
    @Option(help: "A map, to measure opening and localization.")
    var map: String?
    @Option(
        help: "With --map: a folder in a layout with poses; its query images are driven through, cold and tracking.")
    var images: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs: above 0") }
        guard (1...64).contains(threads) else { throw ValidationError("--threads: 1...64") }
        try LocalizerOptions().$maximumKeypoints.allowed.check(keypoints, "--keypoints")
        guard (map == nil) == (images == nil) else { throw ValidationError("--map and --images go together") }
    }

    func run() throws {
        try Failure.reporting {
            let model = try Model(opening: InstalledModel.resolve(self.model))
            let sides = size.split(separator: "x").compactMap { Int($0) }
            guard sides.count == 2, sides.allSatisfy({ (64...4096).contains($0) }) else {
                throw Failure(.usage, "--size: WIDTHxHEIGHT, each 64...4096")
            }
            var benchmark = Benchmark(model: model, keypoints: keypoints, threads: threads, usesWallClock: wall)
            try benchmark.measureNetwork(width: sides[0], height: sides[1], runs: runs)
            var batch = Batch()
            if let map, let images {
                try benchmark.measureLocalization(map: map, images: images) { path, image in
                    batch.attempt(path) { try ImageFile.readGrey(path, into: &image) } != nil
                }
                try batch.requireResult()
            }
            try StandardOutput.writeLine(json ? benchmark.table.json : benchmark.table.text)
            try batch.finish()
        }
    }
}
