import CAllocationCounter
import Features
import Inference
import Testing

@Suite("A warm frame") struct AllocationTests {
    @Test("allocates nothing", .enabled(if: hf_allocations_counted() != 0), arguments: Network.availableKernels)
    func allocations(kernels: String) throws {
        let model = try Golden.model()
        let images = ["first", "second", "third"].map { Pictures.blocks(width: 328, height: 248, seed: $0) }
        let network = try Network(
            model: model, imageWidth: 328, imageHeight: 248, longSide: 240, maximumKeypoints: 400,
            detectionThreshold: 0, kernels: kernels)
        var features = LocalFeatures(dimension: model.descriptorDimension, capacity: 400)
        var descriptor = GlobalDescriptor(dimension: model.globalDimension)
        network.extractLocal(from: images[0], into: &features)
        network.extractGlobal(of: features, into: &descriptor)

        hf_allocations_begin()
        for image in images {
            network.extractLocal(from: image, into: &features)
            network.extractGlobal(of: features, into: &descriptor)
        }
        let count = hf_allocations_end()
        #expect(count == 0)
        #expect(features.count > 50)
    }

    @Test("is counted by a counter that counts", .enabled(if: hf_allocations_counted() != 0)) func counter() {
        hf_allocations_begin()
        let array = [Int](repeating: 1, count: 1000 + Int(CommandLine.argc))
        let count = hf_allocations_end()
        #expect(count > 0 && array.count >= 1000)
    }

    @Test("says how long its stages took") func times() throws {
        let image = Pictures.blocks(width: 160, height: 120, seed: "times")
        let network = try network(Golden.model(), image)
        var features = LocalFeatures(dimension: network.model.descriptorDimension)
        var descriptor = GlobalDescriptor(dimension: network.model.globalDimension)
        network.extractLocal(from: image, into: &features)
        let times = network.times
        for stage in [times.reduce, times.trunk, times.detector, times.keypoints, times.descriptors] {
            #expect(stage > 0 && stage < 10_000_000_000)
        }
        #expect(times.global == 0 && times.globalTrunk == 0)
        network.extractGlobal(of: features, into: &descriptor)
        #expect(network.times.globalTrunk > 0 && network.times.global > 0 && network.times.trunk == times.trunk)
    }
}
