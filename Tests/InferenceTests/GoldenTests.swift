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
        let trace = try network(model, image, kernels: kernels).trace(image, features: features(golden, model))

        let results: Set = ["image", "vlad", "global", "scores", "keypoints", "descriptors"]
        let names = golden.names.filter { !results.contains($0) }
        #expect(names.count == 82)
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

    /// Those of the golden file, so that a descriptor rounded otherwise changes nothing of what follows.
    private func features(_ golden: TensorFile, _ model: Model) throws -> LocalFeatures {
        let points = try golden.tensor("keypoints", of: Float.self, shape: [nil, 3])
        var features = LocalFeatures(dimension: model.descriptorDimension)
        features.keypoints = (0..<points.shape[0]).map {
            Keypoint(x: points[3 * $0], y: points[3 * $0 + 1], score: points[3 * $0 + 2])
        }
        features.descriptors = try golden.tensor("descriptors", of: Float.self).map {
            Int8(min(max((256 * $0).rounded(.toNearestOrEven), -127), 127))
        }
        return features
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
        var features = LocalFeatures(dimension: model.descriptorDimension)
        var (once, again) = (
            GlobalDescriptor(dimension: model.globalDimension), GlobalDescriptor(dimension: model.globalDimension)
        )
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &once)
        network.extractGlobal(of: features, into: &again)
        #expect(once.values == again.values && once.scale == again.scale)
        let trace = network.trace(image, features: features)
        for (value, expected) in zip(once.values, trace.global) {
            #expect(abs(Float(value) * once.scale - expected) <= 0.5001 * once.scale)
        }
    }

    @Test("of an image without keypoints, the global descriptor is that of its cells") func noKeypoints() throws {
        let model = try Golden.model()
        let image = try Golden.image(Golden.file())
        let network = try network(model, image)
        let none = network.trace(image, features: LocalFeatures(dimension: model.descriptorDimension))
        let some = try network.trace(image, features: features(Golden.file(), model))
        let cells = none.vlad.count - 32 * model.descriptorDimension
        #expect(none.vlad[..<cells] == some.vlad[..<cells])
        #expect(none.vlad[cells...].allSatisfy { $0 == 0 } && some.vlad[cells...].contains { $0 != 0 })
        #expect(none.global.allSatisfy { $0.isFinite })
    }
}
