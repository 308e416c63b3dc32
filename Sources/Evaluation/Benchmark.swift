internal import Capture
internal import Errors
package import Features
internal import Glibc
package import Inference
internal import LocalizationOptions
internal import Localizer
internal import Parallelism
internal import ReferenceMap
package import Reporting

/// How long network and localizer take on this machine: in CPU time of the thread that asks, so that other processes
/// disturb the times little; on several threads in time that passes.
package struct Benchmark {
    package let model: Model
    /// Most keypoints of a frame.
    package let keypoints: Int
    /// That share a frame's work.
    package let threads: Int
    /// What was measured so far.
    package private(set) var table = TimingTable()

    private let usesWallClock: Bool

    /// - Parameters:
    ///   - model: what is measured.
    ///   - keypoints: most of a frame.
    ///   - threads: that share a frame's work.
    ///   - usesWallClock: on one thread as well.
    package init(model: Model, keypoints: Int, threads: Int = 1, usesWallClock: Bool = false) {
        self.model = model
        self.keypoints = keypoints
        self.threads = threads
        self.usesWallClock = usesWallClock || threads > 1
    }

    /// Times the network's branches on a made-up picture of this size, after one run to warm up.
    package mutating func measureNetwork(width: Int, height: Int, runs: Int) throws(ModelError) {
        let network = try Network(
            model: model, imageWidth: width, imageHeight: height, longSide: max(width, height),
            maximumKeypoints: keypoints, team: WorkerTeam(threads: threads))
        let clock = clock
        let image = Self.texture(width: width, height: height)
        var features = LocalFeatures(dimension: model.descriptorDimension, capacity: keypoints)
        var global = GlobalDescriptor(dimension: model.globalDimension)
        let on = threads > 1 ? "\(threads) threads" : "1 thread"
        table.note("network \(width)x\(height), \(network.kernels) kernels, \(on), \(runs) runs")
        for run in 0...runs {
            let start = clock()
            network.extractLocal(from: image, into: &features)
            let middle = clock()
            network.extractGlobal(of: features, into: &global)
            let end = clock()
            guard run > 0 else { continue }
            table.add("network, local branch (\(features.count) keypoints)", middle - start)
            table.add("network, global branch", end - middle)
            table.add("network, all", end - start)
        }
    }

    /// Times both branches at each long side of ``SizeRecommendation``, of a picture of 4:3.
    package mutating func measureSizes(rate: Double, runs: Int) throws(ModelError) -> SizeRecommendation {
        var recommendation = SizeRecommendation(rate: rate)
        for side in SizeRecommendation.longSides {
            var own = Benchmark(model: model, keypoints: keypoints, threads: threads, usesWallClock: usesWallClock)
            try own.measureNetwork(width: side, height: side * 3 / 4, runs: runs)
            recommendation.add(
                longSide: side, localBranch: own.table.median("network, local branch") ?? .infinity,
                network: own.table.median("network, all") ?? .infinity)
        }
        return recommendation
    }

    /// Times the opening of a map, and the frames of a drive in it: each on its own, and one after another.
    ///
    /// - Parameters:
    ///   - path: of the map.
    ///   - folder: in a layout with poses; the images marked 'query' of the first one's camera are the drive, at the
    ///     times of its timestamps.txt, else ten a second.
    ///   - cheapFrames: most frames in a row of the drive that only follow landmarks.
    ///   - read: decodes a file; false if it is to be left out.
    package mutating func measureLocalization(
        map path: String, images folder: String, cheapFrames: Int = 0, read: (String, inout GreyImage) -> Bool
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
        var options = LocalizerOptions()
        options.maximumKeypoints = keypoints
        options.longSide = map.longSide
        options.cheapFrames = cheapFrames
        // The drive comes twice: its pictures are no earlier ones of a broken camera.
        options.gates.maximumRepetitions = 1
        let localizer = try Localizer(
            model: model, map: map, camera: set.cameras[first.camera], options: options,
            team: WorkerTeam(threads: threads))
        let clock = clock
        let times = try DriveTimes(folder: folder, rate: nil)
        let ofFirst = queries.filter { $0.camera == first.camera }
        var (drive, untimed) = times.moments(ofFirst, name: \.name)
        table.note(
            "drive: \(drive.count) images"
                + (ofFirst.count < queries.count ? ", without \(queries.count - ofFirst.count) of other cameras" : "")
                + (untimed.isEmpty ? "" : ", without \(untimed.count) that timestamps.txt has no time for"))
        var image = GreyImage(width: 1, height: 1)
        drive = drive.filter { read($0.image.path, &image) }
        for cold in [true, false] {
            localizer.forget()
            var sum = 0.0
            for moment in drive {
                try ImageFile.readGrey(moment.image.path, into: &image)
                if cold { localizer.forget() }
                let start = clock()
                let result = localizer.localize(image, captureTime: moment.captureTime)
                let spent = clock() - start
                table.add(result, spent)
                sum += spent
            }
            if !cold, !drive.isEmpty { table.add("drive, mean frame", sum / Double(drive.count)) }
        }
    }

    private var clock: () -> Double { usesWallClock ? { WallClock.milliseconds } : { CPUClock.milliseconds } }

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

extension TimingTable {
    /// A localized frame, under what it went through. Frames without a pose are counted apart: they tried everything.
    mutating func add(_ result: Localization, _ milliseconds: Double) {
        let kind =
            switch result.source {
            case .none: "lost"
            case .cachedPlace: "tracking"
            case .retrieval: "cold"
            case .followed: "followed"
            }
        let l = result.latencies
        let stages = [
            ("local features", l.localFeatures), ("global descriptor", l.globalDescriptor), ("retrieval", l.retrieval),
            ("matching", l.matching), ("pose estimation", l.poseEstimation),
        ]
        for (name, nanoseconds) in stages { add("\(kind), \(name) (wall)", Double(nanoseconds) * 1e-6) }
        add("\(kind), frame", milliseconds)
    }
}

/// Time that passes.
private enum WallClock {
    static var milliseconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
    }
}

/// CPU time of this thread.
enum CPUClock {
    static var milliseconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
    }
}
