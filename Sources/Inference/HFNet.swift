/// The structure of HF-Net (Sarlin et al., CVPR 2019), as Model.md's table has it: MobileNetV2 0.75 with wider layers 6 and 7, and our
/// context blocks between them.
enum HFNet {
    /// An inverted residual: feed (expansion, or layer 1 for layer 2), depthwise 3x3, projection, and its input added if `residual`.
    struct Block: Sendable {
        /// What the names of its layers begin with.
        let name: String
        let input: Int
        let expanded: Int
        let output: Int
        let stride: Int
        let residual: Bool

        /// The name of the tensor that it hands on.
        var result: String { residual ? "\(name).add" : "\(name).project" }
    }

    static let stemChannels = 24
    static let clusters = 32
    static let logits = 65
    static let detectorHidden = 128
    static let descriptorHidden = 256
    /// Pixels of the input per cell of layer 7.
    static let cell = 8

    /// Up to layer 7, where the local heads and the global branch part.
    static let trunk: [Block] = [
        block(2, 24, 24, 16, 1),
        block(3, 16, 96, 24, 2),
        block(4, 24, 144, 24, 1),
        block(5, 24, 144, 24, 2),
        block(6, 24, 144, 48, 1),
        context(1), context(2), context(3), context(4),
        block(7, 48, 288, 96, 1),
    ]

    static let globalBranch: [Block] = [
        block(8, 96, 576, 48, 2),
        block(9, 48, 288, 48, 1),
        block(10, 48, 288, 48, 1),
        block(11, 48, 288, 48, 1),
        block(12, 48, 288, 72, 1),
        block(13, 72, 432, 72, 1),
        block(14, 72, 432, 72, 1),
        block(15, 72, 432, 120, 2),
        block(16, 120, 720, 120, 1),
        block(17, 120, 720, 120, 1),
        block(18, 120, 720, 240, 1),
    ]

    static let blocks = trunk + globalBranch

    private static func context(_ number: Int) -> Block {
        Block(name: "context\(number)", input: 48, expanded: 144, output: 48, stride: 1, residual: true)
    }

    private static func block(_ layer: Int, _ input: Int, _ expanded: Int, _ output: Int, _ stride: Int) -> Block {
        Block(
            name: "layer\(layer)", input: input, expanded: expanded, output: output, stride: stride,
            residual: input == output && stride == 1)
    }

    /// Channels of the features that VLAD gathers.
    static var vladFeatures: Int { 240 }
    static var vladDimension: Int { clusters * vladFeatures }

    /// Every layer, with the dimensions of the descriptor left to the model; quantization unset.
    static func layers(descriptorDimension: Int) -> [Layer] {
        var layers = [
            layer("layer1", .stem, ["image"], 1, stemChannels, stride: 2)
        ]
        var previous = "layer1"
        for (index, block) in blocks.enumerated() {
            let name = block.name
            let input = previous
            if index > 0 {
                layers.append(layer("\(name).expand", .pointwise, [previous], block.input, block.expanded))
                previous = "\(name).expand"
            }
            layers.append(
                layer(
                    "\(name).depthwise", .depthwise, [previous], block.expanded, block.expanded, stride: block.stride))
            layers.append(
                layer("\(name).project", .pointwise, ["\(name).depthwise"], block.expanded, block.output))
            previous = "\(name).project"
            if block.residual {
                layers.append(layer("\(name).add", .add, [input, previous], block.output, block.output))
                previous = "\(name).add"
            }
        }
        let local = localFeatures
        layers += [
            layer("detector.hidden", .convolution, [local], 96, detectorHidden),
            layer("detector.logits", .pointwise, ["detector.hidden"], detectorHidden, logits, .int16),
            layer("descriptor.hidden", .convolution, [local], 96, descriptorHidden),
            layer("descriptor.map", .pointwise, ["descriptor.hidden"], descriptorHidden, descriptorDimension, .int16),
            layer("vlad.memberships", .pointwise, [globalFeatures], vladFeatures, clusters, .int16),
        ]
        return layers
    }

    /// The tensors that the local heads and VLAD read.
    static let localFeatures = "layer7.project"
    static let globalFeatures = "layer18.project"

    private static func layer(
        _ name: String, _ operation: Layer.Operation, _ inputs: [String], _ inputChannels: Int, _ outputChannels: Int,
        _ output: Layer.Output = .int8, stride: Int = 1
    ) -> Layer {
        Layer(
            name: name, operation: operation, inputs: inputs, stride: stride, inputChannels: inputChannels,
            outputChannels: outputChannels, output: output)
    }
}
