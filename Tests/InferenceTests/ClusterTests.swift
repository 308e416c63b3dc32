import CAllocationCounter
import Features
import Inference
import Parallelism
import TestSupport
import Testing

@Suite("Clusters of a map") struct ClusterTests {
    /// Clusters around rows of a picture, as a fit would find them.
    private static func clusters(_ model: Model, count: Int, seed: String) throws -> VladClusters {
        let image = Pictures.blocks(width: 320, height: 240, seed: seed)
        let network = try network(model, image, threshold: 0)
        var features = LocalFeatures(dimension: model.descriptorDimension)
        var global = GlobalDescriptor(dimension: model.globalDimension)
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &global)
        var cells: [Int8] = []
        network.copyCells(into: &cells)
        return VladClusters(
            cells: half(cells, model.cellRows, count), keypoints: half(features.descriptors, model.keypointRows, count))
    }

    private static func half(_ values: [Int8], _ rows: VladRows, _ count: Int) -> VladClusters.Half {
        let (channels, total) = (rows.channels, values.count / rows.channels)
        let real = values.map { Float(Int32($0) - rows.zeroPoint) * rows.scale }
        let step = total / count
        let centres = (0..<count).flatMap { Array(real[$0 * step * channels..<($0 * step + 1) * channels]) }
        func product(_ row: Int, _ cluster: Int) -> Float {
            (0..<channels).reduce(0) { $0 + real[row * channels + $1] * centres[cluster * channels + $1] }
        }
        let squares = (0..<count).map { product($0 * step, $0) }
        let least = (0..<total).map { row in
            let square = (0..<channels).reduce(0) { $0 + real[row * channels + $1] * real[row * channels + $1] }
            return (0..<count).map { square + squares[$0] - 2 * product(row, $0) }.min() ?? 0
        }
        let sharpness = 16 / (least.reduce(0, +) / Float(total))
        // More than any logit: what all clusters have in common is not left out of it.
        let largest = (0..<total).flatMap { row in (0..<count).map { abs(2 * product(row, $0) - squares[$0]) } }
        return VladClusters.Half(
            channels: channels, centres: centres, sharpness: sharpness,
            largestLogit: 2 * sharpness * (largest.max() ?? 1))
    }

    private static func extract(_ network: Network, _ image: GreyImage) -> (LocalFeatures, GlobalDescriptor) {
        var features = LocalFeatures(dimension: network.model.descriptorDimension, capacity: 400)
        var global = GlobalDescriptor(dimension: network.globalDimension)
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &global)
        return (features, global)
    }

    @Test("give a descriptor that sums up what is left of their rows", arguments: [8, 32, 64])
    func sums(count: Int) throws {
        let model = try Golden.model()
        let clusters = try Self.clusters(model, count: count, seed: "first")
        let image = Pictures.blocks(width: 328, height: 248, seed: "second")
        let network = try Network(
            model: model, imageWidth: 328, imageHeight: 248, maximumKeypoints: 400, detectionThreshold: 0,
            clusters: clusters)
        let (features, global) = Self.extract(network, image)
        #expect(global.values.count == clusters.dimension && network.globalDimension == clusters.dimension)
        var cells: [Int8] = []
        network.copyCells(into: &cells)
        let expected =
            Self.vlad(cells, model.cellRows, clusters.cells)
            + Self.vlad(features.descriptors, model.keypointRows, clusters.keypoints)
        let product = zip(global.values, expected).reduce(0.0) { $0 + Double($1.0) * $1.1 } * Double(global.scale)
        // Memberships are rounded to 1/127, weights to 1/127 of the largest.
        #expect(product > 0.995, "\(product)")
    }

    /// The normalized sum as Model.md has it, in floating point.
    private static func vlad(_ values: [Int8], _ rows: VladRows, _ half: VladClusters.Half) -> [Double] {
        let (channels, count) = (rows.channels, half.centres.count / rows.channels)
        var sums = [Double](repeating: 0, count: count * channels)
        for row in 0..<values.count / channels {
            let x = (0..<channels).map {
                Double(Int32(values[row * channels + $0]) - rows.zeroPoint) * Double(rows.scale)
            }
            let squares = (0..<count).map { cluster in
                (0..<channels).reduce(0.0) { sum, channel in
                    let difference = x[channel] - Double(half.centres[cluster * channels + channel])
                    return sum + difference * difference
                }
            }
            let least = squares.min() ?? 0
            let raw = squares.map { exponential(-Double(half.sharpness) * ($0 - least)) }
            let total = raw.reduce(0, +)
            for cluster in 0..<count {
                for channel in 0..<channels {
                    let centre = Double(half.centres[cluster * channels + channel])
                    sums[cluster * channels + channel] += raw[cluster] / total * (x[channel] - centre)
                }
            }
        }
        for channel in 0..<channels {
            let indices = stride(from: channel, to: sums.count, by: channels)
            let norm = indices.reduce(0.0) { $0 + sums[$1] * sums[$1] }.squareRoot()
            for index in indices { sums[index] /= max(norm, 1e-12) }
        }
        let norm = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sums.map { $0 / norm * 0.5.squareRoot() }
    }

    /// By its limit: the test needs no library.
    private static func exponential(_ x: Double) -> Double {
        var value = 1 + x / Double(1 << 30)
        for _ in 0..<30 { value *= value }
        return value
    }

    @Test("give the same bytes on every instruction set, with any number of threads, and without the network")
    func bytes() throws {
        let model = try Golden.model()
        let clusters = try Self.clusters(model, count: 64, seed: "third")
        let image = Pictures.blocks(width: 200, height: 424, seed: "fourth")
        let describer = try VladDescriber(model: model, clusters: clusters)
        for kernels in Network.availableKernels {
            for threads in [1, 3] {
                let network = try Network(
                    model: model, imageWidth: 200, imageHeight: 424, maximumKeypoints: 300, detectionThreshold: 0,
                    clusters: clusters, team: .init(threads: threads), kernels: kernels)
                let (features, global) = Self.extract(network, image)
                var cells: [Int8] = []
                network.copyCells(into: &cells)
                let again = describer.describe(cells: cells, features: features)
                #expect(again.values == global.values && again.scale == global.scale)
            }
        }
    }

    @Test("leave a picture without keypoints its cells' half")
    func noKeypoints() throws {
        let model = try Golden.model()
        let clusters = try Self.clusters(model, count: 32, seed: "fifth")
        let image = Pictures.blocks(width: 160, height: 120, seed: "sixth")
        let network = try Network(
            model: model, imageWidth: 160, imageHeight: 120, maximumKeypoints: 300, detectionThreshold: 1,
            clusters: clusters)
        let (features, global) = Self.extract(network, image)
        #expect(features.count == 0)
        let cells = clusters.cells.centres.count
        #expect(global.values[..<cells].contains { $0 != 0 } && global.values[cells...].allSatisfy { $0 == 0 })
    }

    @Test("cost no allocation", .enabled(if: hf_allocations_counted() != 0))
    func allocations() throws {
        let model = try Golden.model()
        let image = Pictures.blocks(width: 328, height: 248, seed: "seventh")
        let network = try Network(
            model: model, imageWidth: 328, imageHeight: 248, maximumKeypoints: 400, detectionThreshold: 0,
            clusters: Self.clusters(model, count: 64, seed: "eighth"))
        var (features, global) = Self.extract(network, image)
        hf_allocations_begin()
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &global)
        #expect(hf_allocations_end() == 0)
    }

    @Test("of other rows are refused")
    func foreign() throws {
        let model = try Golden.model()
        var clusters = try Self.clusters(model, count: 8, seed: "ninth")
        clusters.cells = clusters.keypoints
        let error = #expect(throws: ModelError.self) {
            try Network(model: model, imageWidth: 64, imageHeight: 64, maximumKeypoints: 1, clusters: clusters)
        }
        #expect(error?.field == "clusters of the map")
    }
}
