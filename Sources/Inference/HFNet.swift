/// The structure of HF-Net (Sarlin et al., CVPR 2019), as Model.md's table has it: MobileNetV2 0.75 with wider layers 5
/// to 7, and our context and coarse blocks before layer 7.
package enum HFNet {
    /// An inverted residual: feed (expansion, or layer 1 for layer 2), depthwise 3x3, projection, and perhaps an
    /// addition.
    struct Block: Sendable {
        /// What the names of its layers begin with.
        let name: String
        let input: Int
        let expanded: Int
        let output: Int
        let stride: Int
        let addition: Addition

        /// The name of the tensor that it hands on.
        var result: String { addition == .none ? "\(name).project" : "\(name).add" }
    }

    /// What a block's projection is added to.
    enum Addition: Sendable {
        case none
        /// The block's own input: a residual.
        case input
        /// What the first coarse block read, at twice the size: each cell is added to four.
        case fine
    }

    static let stemChannels = 24
    static let clusters = 32
    static let logits = 65
    static let detectorHidden = 128
    static let descriptorHidden = 256
    /// Pixels of the input per cell of layer 7.
    static let cell = 8

    /// Up to the coarse branch.
    static let beforeCoarse: [Block] = [
        block(2, 24, 24, 16, 1),
        block(3, 16, 96, 24, 2),
        block(4, 24, 144, 24, 1),
        block(5, 24, 144, 72, 2),
        block(6, 72, 144, 80, 1),
        context(1), context(2),
    ]

    /// At stride 16, for a wider view; the last is added to what the first read.
    static let coarse: [Block] = [
        Block(name: "coarse1", input: 80, expanded: 144, output: 96, stride: 2, addition: .none),
        Block(name: "coarse2", input: 96, expanded: 192, output: 96, stride: 1, addition: .input),
        Block(name: "coarse3", input: 96, expanded: 192, output: 96, stride: 1, addition: .input),
        Block(name: "coarse4", input: 96, expanded: 192, output: 80, stride: 1, addition: .fine),
    ]

    /// Layer 7, where the local heads and the global branch part.
    static let trunkEnd = block(7, 80, 288, 96, 1)
    static let trunk: [Block] = beforeCoarse + coarse + [context(3), context(4), trunkEnd]

    static let globalBranch: [Block] = [
        block(8, 96, 576, 48, 2),
        block(9, 48, 288, 48, 1),
        block(10, 48, 288, 48, 1),
        block(11, 48, 288, 48, 1),
        block(12, 48, 288, 72, 1),
        block(13, 72, 432, 72, 1),
        block(14, 72, 432, 72, 1),
    ]

    static let blocks = trunk + globalBranch

    private static func context(_ number: Int) -> Block {
        Block(name: "context\(number)", input: 80, expanded: 144, output: 80, stride: 1, addition: .input)
    }

    private static func block(_ layer: Int, _ input: Int, _ expanded: Int, _ output: Int, _ stride: Int) -> Block {
        Block(
            name: "layer\(layer)", input: input, expanded: expanded, output: output, stride: stride,
            addition: input == output && stride == 1 ? .input : .none)
    }

    /// The last block to read what the block at `index` hands on: the next one, or the one after the coarse branch,
    /// beside which it waits.
    static func lastReader(ofBlockAt index: Int) -> Int {
        index == beforeCoarse.count - 1 ? beforeCoarse.count + coarse.count : index + 1
    }

    /// Most keypoints, the best, whose descriptors the global descriptor gathers.
    package static let placeKeypoints = 1000
    /// What a local descriptor of length 1 is as integers.
    static let descriptorScale = 256

    /// Every layer, with the dimensions of the descriptor left to the model; quantization unset.
    package static func layers(descriptorDimension: Int) -> [Layer] {
        var layers = [layer("layer1", .stem, ["image"], 1, stemChannels, stride: 2)]
        var input = "layer1"
        var fine = ""  // what the coarse branch starts from
        for (index, block) in blocks.enumerated() {
            if index == beforeCoarse.count { fine = input }
            layers += self.layers(of: block, input: input, fine: fine)
            input = block.result
        }
        layers += [
            layer("detector.hidden", .convolution, [trunkEnd.result], trunkEnd.output, detectorHidden),
            layer("detector.logits", .pointwise, ["detector.hidden"], detectorHidden, logits, .int16),
            layer("descriptor.hidden", .convolution, [trunkEnd.result], trunkEnd.output, descriptorHidden),
            layer("descriptor.map", .pointwise, ["descriptor.hidden"], descriptorHidden, descriptorDimension, .int16),
            layer(
                cellMemberships, .pointwise, [globalFeatures], globalBranch[globalBranch.count - 1].output, clusters,
                .int16),
            layer(keypointMemberships, .pointwise, ["keypoints"], descriptorDimension, clusters, .int16),
        ]
        return layers
    }

    private static func layers(of block: Block, input: String, fine: String) -> [Layer] {
        let (name, expanded) = (block.name, block.expanded)
        let isExpanded = expanded != block.input
        var layers: [Layer] = []
        if isExpanded { layers.append(layer("\(name).expand", .pointwise, [input], block.input, expanded)) }
        let feed = isExpanded ? "\(name).expand" : input
        layers.append(layer("\(name).depthwise", .depthwise, [feed], expanded, expanded, stride: block.stride))
        layers.append(layer("\(name).project", .pointwise, ["\(name).depthwise"], expanded, block.output))
        guard block.addition != .none else { return layers }
        let (addend, stride) = block.addition == .fine ? (fine, 2) : (input, 1)
        let inputs = [addend, "\(name).project"]
        layers.append(layer("\(name).add", .add, inputs, block.output, block.output, stride: stride))
        return layers
    }

    /// What the global branch ends with.
    static let globalFeatures = "layer14.add"
    /// The layers that say to which clusters cells and local descriptors belong.
    static let cellMemberships = "vlad.cells"
    static let keypointMemberships = "vlad.keypoints"

    private static func layer(
        _ name: String, _ operation: Layer.Operation, _ inputs: [String], _ inputChannels: Int, _ outputChannels: Int,
        _ output: Layer.Output = .int8, stride: Int = 1
    ) -> Layer {
        Layer(
            name: name, operation: operation, inputs: inputs, stride: stride, inputChannels: inputChannels,
            outputChannels: outputChannels, output: output)
    }
}
