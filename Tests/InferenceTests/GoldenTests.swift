import Container
import Features
import Inference
import Testing

@Suite("The network equals the integer simulation") struct GoldenTests {
    @Test("layer by layer, bit for bit", arguments: Network.availableKernels) func layers(kernels: String) throws {
        let model = try Golden.model()
        let golden = try Golden.file()
        #expect(try golden.string("model_id") == model.modelID, "golden file and model belong together")
        let image = try Golden.image(golden)
        let trace = try network(model, image, kernels: kernels).trace(image)

        let results: Set = ["image", "vlad", "global", "scores", "keypoints", "descriptors"]
        let names = golden.names.filter { !results.contains($0) }
        #expect(names.count == 95)
        for name in names {
            let expected = try integers(golden, name)
            let output = try #require(trace.layers[name], "\(name)")
            let shape = try #require(golden.description(of: name)).shape
            #expect([output.height, output.width, output.channels] == shape, "\(name)")
            let different = zip(expected, output.values).count { $0 != $1 }
            #expect(different == 0, "\(name): \(different) of \(expected.count) values differ")
        }
        #expect(try difference(golden, "scores", trace.scores) < 1e-4)
        #expect(try difference(golden, "vlad", trace.vlad) < 1e-4)
        #expect(try difference(golden, "global", trace.global) < 1e-4)
    }

    private func integers(_ golden: TensorFile, _ name: String) throws -> [Int16] {
        if golden.description(of: name)?.type == .int8 {
            return try golden.tensor(name, of: Int8.self).map { Int16($0) }
        }
        return Array(try golden.tensor(name, of: Int16.self))
    }

    private func difference(_ golden: TensorFile, _ name: String, _ values: [Float]) throws -> Float {
        let expected = try golden.tensor(name, of: Float.self)
        #expect(expected.count == values.count)
        return zip(expected, values).map { abs($0 - $1) }.max() ?? 0
    }

    @Test("down to keypoints and descriptors", arguments: Network.availableKernels) func features(
        kernels: String
    ) throws {
        let model = try Golden.model()
        let golden = try Golden.file()
        let image = try Golden.image(golden)
        let limit = try golden.int("keypoint_limit", in: 1...10000)
        let threshold = Float(try golden.double("detection_threshold", in: 0...1))
        let points = try golden.tensor("keypoints", of: Float.self, shape: [nil, 3])
        let descriptors = try golden.tensor("descriptors", of: Float.self)
        let dimension = model.descriptorDimension

        let network = try network(model, image, keypoints: limit, threshold: threshold, kernels: kernels)
        var features = LocalFeatures(dimension: dimension, capacity: limit)
        network.extractLocal(from: image, into: &features)

        let count = points.shape[0]
        #expect(features.count == count && count > 50)
        for (index, keypoint) in features.keypoints.enumerated() {
            // Of nearly equal scores either may come first: look for the nearest of those.
            let match = (0..<count).first {
                abs(points[3 * $0] - keypoint.x) < 1e-3 && abs(points[3 * $0 + 1] - keypoint.y) < 1e-3
            }
            let row = try #require(match, "keypoint \(index) at (\(keypoint.x), \(keypoint.y))")
            #expect(abs(points[3 * row + 2] - keypoint.score) < 1e-5)
            #expect(abs(points[3 * index + 2] - keypoint.score) < 1e-5, "the order of scores")
            for channel in 0..<dimension {
                let expected = min(max((256 * descriptors[row * dimension + channel]).rounded(), -127), 127)
                let value = Float(features.descriptors[index * dimension + channel])
                #expect(abs(expected - value) <= 1)
            }
        }
    }

    @Test("and the global descriptor of a frame is that of the trace") func global() throws {
        let model = try Golden.model()
        let image = try Golden.image(Golden.file())
        let network = try network(model, image)
        let trace = network.trace(image)
        var features = LocalFeatures(dimension: model.descriptorDimension)
        var after = GlobalDescriptor(dimension: model.globalDimension)
        var alone = GlobalDescriptor(dimension: model.globalDimension)
        network.extractGlobalOnly(from: image, into: &alone)
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(into: &after)
        #expect(after.values == alone.values && after.scale == alone.scale)
        network.extractGlobal(into: &after)
        #expect(after.values == alone.values, "a second time")
        for (value, expected) in zip(alone.values, trace.global) {
            #expect(abs(Float(value) * alone.scale - expected) <= 0.5001 * alone.scale)
        }
    }
}
