internal import ArgumentParser
internal import Capture
internal import Configuration
internal import Errors
internal import Features
internal import Geometry
internal import Inference
internal import Localizer
internal import ReferenceMap

/// `hfloc bench`: how long things take on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the network, and with a map the opening, cold localization and tracking, on one thread.",
        discussion: """
            Times are CPU milliseconds of this thread, so that other processes disturb them little. HFLOC_KERNELS selects the instruction set. \
            `tools/bench-peer` measures ONNX Runtime on the same network.
            """)

    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "Network input for the network's own figures, WIDTHxHEIGHT.")
    var size = "640x480"
    @Option(help: "Most keypoints of a frame.")
    var keypoints = 1000
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
        guard runs > 0, keypoints > 0 else { throw ValidationError("--runs and --keypoints: above 0") }
        guard (map == nil) == (images == nil) else { throw ValidationError("--map and --images go together") }
    }

    func run() throws {
        try Failure.reporting {
            var table = BenchTable()
            let model = try Model(opening: InstalledModel.resolve(self.model))
            try measureNetwork(model, into: &table)
            if let map, let images { try measureLocalization(model, map, images, into: &table) }
            print(json ? table.json : table.text)
        }
    }

    private func measureNetwork(_ model: Model, into table: inout BenchTable) throws {
        let sides = size.split(separator: "x").compactMap { Int($0) }
        guard sides.count == 2, sides.allSatisfy({ (64...4096).contains($0) }) else {
            throw Failure(.usage, "--size: WIDTHxHEIGHT, each 64...4096")
        }
        let network = try Network(
            model: model, imageWidth: sides[0], imageHeight: sides[1], longSide: max(sides[0], sides[1]),
            maximumKeypoints: keypoints)
        let image = Self.texture(width: sides[0], height: sides[1])
        var features = LocalFeatures(dimension: model.descriptorDimension, capacity: keypoints)
        var global = GlobalDescriptor(dimension: model.globalDimension)
        table.note("network \(size), \(network.kernels) kernels, \(runs) runs")
        for run in 0...runs {
            let start = CPUClock.milliseconds
            network.extractLocal(from: image, into: &features)
            let middle = CPUClock.milliseconds
            network.extractGlobal(into: &global)
            let end = CPUClock.milliseconds
            guard run > 0 else { continue }  // The first run warms up.
            table.add("network, local branch (\(features.count) keypoints)", middle - start)
            table.add("network, global branch", end - middle)
            table.add("network, all", end - start)
        }
    }

    private func measureLocalization(
        _ model: Model, _ path: String, _ folder: String, into table: inout BenchTable
    ) throws {
        for _ in 0..<5 {
            let start = CPUClock.milliseconds
            _ = try ReferenceMap(opening: path)
            table.add("map, opening", CPUClock.milliseconds - start)
        }
        let map = try ReferenceMap(opening: path)
        let set = try PosedImages(folder: folder)
        let queries = set.images(role: "query")
        guard let first = queries.first else {
            throw Failure(.missingInput, "\(folder): split.txt marks no image 'query'")
        }
        let camera = set.cameras[first.camera]
        var options = LocalizerOptions()
        options.maximumKeypoints = keypoints
        options.longSide = map.longSide
        let localizer = try Localizer(model: model, map: map, camera: camera, options: options)
        var image = GreyImage(width: 1, height: 1)
        for cold in [true, false] {
            localizer.forget()
            for (index, query) in queries.enumerated() where query.camera == first.camera {
                try ImageFile.readGrey(query.path, into: &image)
                if cold { localizer.forget() }
                let start = CPUClock.milliseconds
                let result = localizer.localize(image, captureTime: UInt64(index + 1) * 100_000_000)
                table.add(result, CPUClock.milliseconds - start)
            }
        }
    }

    /// A picture with corners everywhere, the same on every machine.
    private static func texture(width: Int, height: Int) -> GreyImage {
        var image = GreyImage(width: width, height: height)
        var state: UInt32 = 1
        for y in stride(from: 0, to: height, by: 12) {
            for x in stride(from: 0, to: width, by: 12) {
                state = state &* 1_664_525 &+ 1_013_904_223
                let value = UInt8(state >> 24)
                for v in y..<min(y + 12, height) {
                    for u in x..<min(x + 12, width) { image[u, v] = value }
                }
            }
        }
        return image
    }
}
