import Features
import Inference
import TestSupport
import Testing

@Suite("Any input size") struct SizeTests {
    @Test(
        "gives the specification's integers, odd strides and strips included", .slow,
        arguments: [(64, 72), (152, 120), (640, 192), (200, 424), (72, 64)])
    func layers(width: Int, height: Int) throws {
        let model = try Golden.model()
        let image = Pictures.blocks(width: width, height: height, seed: "sizes \(width) \(height)")
        let features = Self.features(width, dimension: model.descriptorDimension)
        let expected = try ReferenceNetwork(Golden.modelPath).run(image, features: features)
        for kernels in Network.availableKernels {
            let trace = try network(model, image, kernels: kernels).trace(image, features: features)
            #expect(trace.layers.count == expected.count - 2)
            for (name, output) in trace.layers {
                let tensor = try #require(expected[name])
                #expect(tensor.width == output.width && tensor.height == output.height)
                let different = zip(tensor.values, output.values).count { $0 != $1 }
                #expect(different == 0, "\(kernels) \(name): \(different) of \(output.values.count) differ")
            }
        }
    }

    /// Made-up local descriptors, the extremes among them.
    private static func features(_ count: Int, dimension: Int) -> LocalFeatures {
        var features = LocalFeatures(dimension: dimension)
        features.keypoints = (0..<count).map { Keypoint(x: Float($0), y: 0, score: 1) }
        features.descriptors = (0..<count * dimension).map { Int8($0 * 37 % 255 - 127) }
        return features
    }

    @Test("gives the extremes' integers too") func extremes() throws {
        let model = try Golden.model()
        for image in [
            GreyImage(width: 72, height: 88), GreyImage(width: 72, height: 88, filledWith: 255),
            Pictures.checkerboard(width: 72, height: 88, side: 1), Pictures.noise(width: 72, height: 88, seed: "noise"),
        ] {
            let features = Self.features(3, dimension: model.descriptorDimension)
            let expected = try ReferenceNetwork(Golden.modelPath).run(image, features: features)
            for kernels in Network.availableKernels {
                let trace = try network(model, image, kernels: kernels).trace(image, features: features)
                for (name, output) in trace.layers { #expect(expected[name]?.values == output.values, "\(name)") }
            }
        }
    }

    @Test(
        "follows from the image's by the specification's rule",
        arguments: [
            (640, 480, 640, 640, 480, 640, 480), (1280, 720, 640, 640, 360, 640, 360),
            (752, 480, 640, 640, 409, 640, 408), (320, 240, 640, 320, 240, 320, 240),
            (1241, 376, 640, 640, 194, 640, 192), (479, 641, 640, 478, 640, 472, 640),
        ])
    func rule(width: Int, height: Int, long: Int, reducedW: Int, reducedH: Int, inputW: Int, inputH: Int) throws {
        let size = try #require(InputSize(imageWidth: width, imageHeight: height, longSide: long))
        #expect(size.reducedWidth == reducedW && size.reducedHeight == reducedH)
        #expect(size.width == inputW && size.height == inputH)
    }

    @Test(
        "too small or too large is an error that names it", arguments: [(63, 200), (640, 64), (0, 0), (20000, 20000)])
    func unusable(width: Int, height: Int) throws {
        let model = try Golden.model()
        let error = #expect(throws: ModelError.self) {
            try Network(model: model, imageWidth: width, imageHeight: height, longSide: 320, maximumKeypoints: 10)
        }
        #expect(error?.field.hasPrefix("image of ") == true && error?.kind == .request)
    }

    @Test("is cropped without resampling when nothing is reduced") func crop() throws {
        let image = Pictures.noise(width: 79, height: 71, seed: "crop")
        let network = try network(Golden.model(), image)
        let seen = network.reducedImage(of: image)
        #expect(seen.width == 72 && seen.height == 64)
        for y in 0..<64 {
            for x in 0..<72 where seen[x, y] != image[x, y] { Issue.record("pixel (\(x), \(y))") }
        }
        // The columns beyond the crop must not leak into the padding.
        #expect(network.trace(image).layers == (try Self.cropped(seen)))
    }

    private static func cropped(_ image: GreyImage) throws -> [String: LayerOutput] {
        try network(Golden.model(), image).trace(image).layers
    }

    @Test("is reduced by the mean of the area") func reduction() throws {
        let image = Pictures.noise(width: 256, height: 160, seed: "reduction")
        let network = try Network(
            model: Golden.model(), imageWidth: 256, imageHeight: 160, longSide: 128, maximumKeypoints: 10)
        let seen = network.reducedImage(of: image)
        for y in 0..<seen.height {
            for x in 0..<seen.width {
                let sum = [(0, 0), (1, 0), (0, 1), (1, 1)].reduce(2) {
                    $0 + Int(image[2 * x + $1.0, 2 * y + $1.1])
                }
                if Int(seen[x, y]) != sum / 4 { Issue.record("pixel (\(x), \(y))") }
            }
        }
    }

    @Test("may change by an explicit call, and change back") func reconfigure() throws {
        let model = try Golden.model()
        let (small, large) = (
            Pictures.blocks(width: 96, height: 64, seed: "small"),
            Pictures.blocks(width: 160, height: 128, seed: "large")
        )
        let changing = try network(model, small)
        let first = changing.trace(small).layers
        try changing.reconfigure(imageWidth: 160, imageHeight: 128)
        #expect(changing.trace(large).layers == (try network(model, large).trace(large).layers))
        try changing.reconfigure(imageWidth: 96, imageHeight: 64)
        #expect(changing.trace(small).layers == first)
        #expect(throws: ModelError.self) { try changing.reconfigure(imageWidth: 8, imageHeight: 8) }
        #expect(changing.trace(small).layers == first, "a refused size changes nothing")
    }
}
