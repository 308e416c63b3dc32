import CAllocationCounter
import Features
import Inference
import Parallelism
import Testing

@Suite("Threads that share a frame") struct ThreadsTests {
    /// Sizes whose layers have rows that no number of threads divides, and fewer rows than threads.
    @Test(
        "give the bytes that one gives", arguments: [(328, 248), (64, 72), (200, 424), (640, 192)], [2, 3, 4, 7])
    func equal(size: (Int, Int), threads: Int) throws {
        let model = try Golden.model()
        let image = Pictures.blocks(width: size.0, height: size.1, seed: "threads \(size)")
        for kernels in Network.availableKernels {
            let (alone, together) = try (
                Self.extract(model, image, WorkerTeam(threads: 1), kernels),
                Self.extract(model, image, WorkerTeam(threads: threads), kernels)
            )
            #expect(alone.features.keypoints == together.features.keypoints)
            #expect(alone.features.descriptors == together.features.descriptors)
            #expect(alone.global.values == together.global.values && alone.global.scale == together.global.scale)
            #expect(alone.layers == together.layers)
        }
    }

    private struct Extraction {
        var features: LocalFeatures
        var global: GlobalDescriptor
        var layers: [String: LayerOutput]
    }

    private static func extract(
        _ model: Model, _ image: GreyImage, _ team: WorkerTeam, _ kernels: String
    ) throws -> Extraction {
        let network = try Network(
            model: model, imageWidth: image.width, imageHeight: image.height, longSide: 640, maximumKeypoints: 300,
            detectionThreshold: 0, team: team, kernels: kernels)
        var result = Extraction(
            features: LocalFeatures(dimension: model.descriptorDimension),
            global: GlobalDescriptor(dimension: model.globalDimension), layers: [:])
        for _ in 0..<3 {
            network.extractLocal(from: image, into: &result.features)
            network.extractGlobal(of: result.features, into: &result.global)
        }
        result.layers = network.trace(image).layers
        return result
    }

    @Test("allocate nothing", .enabled(if: hf_allocations_counted() != 0))
    func allocations() throws {
        let model = try Golden.model()
        let image = Pictures.blocks(width: 328, height: 248, seed: "first")
        let network = try Network(
            model: model, imageWidth: 328, imageHeight: 248, maximumKeypoints: 400, detectionThreshold: 0,
            team: WorkerTeam(threads: 2))
        var features = LocalFeatures(dimension: model.descriptorDimension, capacity: 400)
        var descriptor = GlobalDescriptor(dimension: model.globalDimension)
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &descriptor)
        hf_allocations_begin()
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &descriptor)
        let count = hf_allocations_end()
        #expect(count == 0)
    }
}
