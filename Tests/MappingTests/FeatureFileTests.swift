import Container
import Errors
import Features
import Inference
import Mapping
import TestSupport
import Testing

@Suite("The file of features")
struct FeatureFileTests {
    private let folder = TemporaryFolder()

    private func model() throws -> Model {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try Model(opening: "/\(root)/Sources/Inference/Model/hfnet.safetensors")
    }

    /// Blocks of random grey, each pixel `scale` times as large.
    private func picture(scale: Int) -> GreyImage {
        var random = SeededGenerator("features")
        let blocks = (0..<12 * 8).map { _ in UInt8.random(in: 0...255, using: &random) }
        var image = GreyImage(width: 96 * scale, height: 64 * scale)
        for y in 0..<image.height {
            for x in 0..<image.width { image[x, y] = blocks[y / (8 * scale) * 12 + x / (8 * scale)] }
        }
        return image
    }

    @Test("images of several sizes: points in their own pixels, everything in its order")
    func sizes() throws {
        let model = try model()
        var network = FittingNetwork(model: model, longSide: 96, maximumKeypoints: 50, detectionThreshold: 0.001)
        var file = FeatureFile(model: model, longSide: 96)
        for scale in [1, 2] {
            let image = picture(scale: scale)
            file.add("\(scale).png", try network.network(for: image), image)
        }
        try file.write(to: folder.file("f.safetensors"))
        let read = try TensorFile(opening: folder.file("f.safetensors"), kind: "hfloc-features", version: 1)
        #expect(read.metadata["images"] == #"["1.png","2.png"]"# && read.metadata["input_long_side"] == "96")
        let sizes: TensorView<Int32> = try read.tensor("sizes", shape: [2, 2])
        #expect((0..<4).map { sizes[$0] } == [96, 64, 192, 128])
        let (small, large): (TensorView<Float>, TensorView<Float>) =
            (try read.tensor("0.keypoints", shape: [nil, 2]), try read.tensor("1.keypoints", shape: [nil, 2]))
        #expect(small.count > 0 && small.count == large.count)
        #expect((0..<small.count).allSatisfy { abs(large[$0] - ((small[$0] + 0.5) * 2 - 0.5)) < 1e-3 })
        #expect(file.keypointCount == small.count)
        let global: TensorView<Float> = try read.tensor("global", shape: [2, model.globalDimension])
        let norm = (0..<model.globalDimension).reduce(Float(0)) { $0 + global[$1] * global[$1] }
        #expect(abs(norm - 1) < 0.02)
    }

    @Test("of no image it is a file too; where it cannot be written it is refused")
    func none() throws {
        let model = try model()
        var file = FeatureFile(model: model, longSide: 640)
        try file.write(to: folder.file("f.safetensors"))
        let read = try TensorFile(opening: folder.file("f.safetensors"), kind: "hfloc-features", version: 1)
        #expect(read.metadata["images"] == "[]" && read.metadata["model_id"] == model.modelID)
        var other = FeatureFile(model: model, longSide: 640)
        let failure = #expect(throws: Failure.self) { try other.write(to: "/none/f.safetensors") }
        #expect(failure?.status == .cannotCreate)
    }
}
