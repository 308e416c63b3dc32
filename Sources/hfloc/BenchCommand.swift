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
internal import ProgramVersion
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
    @Option(
        help: "With --map: most images in a row that only follow landmarks while tracking (localizer.cheap_frames).")
    var cheapFrames = LocalizerOptions().cheapFrames
    @Option(help: "Say which size of the network's input fits a camera of so many frames per second on this machine.")
    var recommend: Double?
    @Option(help: "Write what the machine is, and all figures, as JSON: to show how hfloc runs on a board.")
    var report: String?
    @Flag(help: "Print one JSON object; with --recommend that of --report.")
    var json = false

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs: above 0") }
        if let recommend, !(recommend > 0 && recommend <= 1000) {
            throw ValidationError("--recommend: above 0, at most 1000 frames per second")
        }
        guard (1...64).contains(threads) else { throw ValidationError("--threads: 1...64") }
        try LocalizerOptions().$maximumKeypoints.allowed.check(keypoints, "--keypoints")
        try LocalizerOptions().$cheapFrames.allowed.check(cheapFrames, "--cheap-frames")
        guard (map == nil) == (images == nil) else { throw ValidationError("--map and --images go together") }
    }

    func run() throws {
        try Failure.reporting {
            let model = try Model(opening: InstalledModel.resolve(self.model))
            let sides = size.split(separator: "x").compactMap { Int($0) }
            guard sides.count == 2, sides.allSatisfy({ (64...4096).contains($0) }) else {
                throw Failure(.usage, "--size: WIDTHxHEIGHT, each 64...4096")
            }
            if let report { try AtomicFile.check(report) }
            let board = Board()
            let before = board.condition
            var benchmark = Benchmark(model: model, keypoints: keypoints, threads: threads, usesWallClock: wall)
            try benchmark.measureNetwork(width: sides[0], height: sides[1], runs: runs)
            var batch = Batch()
            if let map, let images {
                try benchmark.measureLocalization(map: map, images: images, cheapFrames: cheapFrames) { path, image in
                    batch.attempt(path) { try ImageFile.readGrey(path, into: &image) } != nil
                }
                try batch.requireResult()
            }
            let sizes = try recommend.map { try benchmark.measureSizes(rate: $0, runs: runs) }
            let all = benchmark.report(
                version: Version.text, board: board, conditions: [before, board.condition], sizes: sizes)
            if let report { try AtomicFile.write(all + "\n", to: report) }
            if json {
                try StandardOutput.writeLine(sizes == nil ? benchmark.table.json : all)
            } else {
                try StandardOutput.writeLine(benchmark.table.text)
                if let sizes { try StandardOutput.writeLine(sizes.text) }
            }
            try batch.finish()
        }
    }
}
