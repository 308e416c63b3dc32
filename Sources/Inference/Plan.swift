internal import CKernels

/// The order of the network's steps at one input size, the shape of everything they write, and where it lies in the
/// arena.
///
/// Between blocks whole activation maps are kept; inside a block (expansion, depthwise, projection) only a strip of
/// rows, small enough for the second-level cache, is expanded at a time. With several workers each takes a band of a
/// block's rows, and has strips of its own: the two expanded rows that bands share are computed in both. Computed once;
/// running a frame allocates nothing.
struct Plan {
    /// An activation map that a block reads: its buffer, its shape, and the layer that wrote it.
    struct Source {
        let buffer: Int
        let shape: ActivationMapShape
        let name: String
    }

    /// One inverted residual.
    struct Block {
        let structure: HFNet.Block
        /// Names of the layers.
        let feed: String
        let depthwise: String
        let project: String
        /// The activation map that the projection is added to, if any.
        let addend: Source?

        let input: Source
        let output: Int
        let outputShape: ActivationMapShape
        /// Of each worker a strip of the feed's rows, bordered in x, with all the rows that `stripRows` outputs read.
        let expanded: [Int]
        let expandedShape: ActivationMapShape
        let filtered: [Int]
        let filteredShape: ActivationMapShape
        /// Rows of the whole expanded map, of which a strip is a part.
        let expandedHeight: Int
        /// Output rows of a band, which one worker computes from top to bottom.
        let bandRows: Int
        /// Output rows of a strip.
        let stripRows: Int
        /// Padding before the first row and column, 0 or 1.
        let paddingX: Int
        let paddingY: Int

        /// How many bands there are.
        var bands: Int { (outputShape.height + bandRows - 1) / bandRows }

        /// What the next block reads. A coarse branch is added where it left.
        var result: Source {
            if structure.addition == .fine, let addend {
                return Source(buffer: addend.buffer, shape: addend.shape, name: structure.result)
            }
            return Source(buffer: output, shape: outputShape, name: structure.result)
        }
    }

    /// A strip of expanded activations is at most about this large.
    static let stripBytes = 192 << 10

    let imageShape: ActivationMapShape
    private(set) var layout = ArenaLayout()
    private(set) var blocks: [Block] = []

    // Numbers of buffers in the layout.
    let image: Int
    let reduceScratch: Int
    private(set) var localFeatures = 0
    let local: LocalHeadsPlan
    let global: GlobalHeadPlan

    /// `clusters` of the global head.
    init(_ model: Model, size: InputSize, maximumKeypoints: Int, clusters: Int, workers: Int) {
        var layout = ArenaLayout()
        imageShape = ActivationMapShape(
            width: size.width, height: size.height, channels: 1, bordered: true, rowWidth: size.reducedWidth)
        image = layout.add("image", bytes: Self.imageBytes(size), steps: Steps.reduce...Steps.block(0))
        reduceScratch = layout.add(
            "reduction", bytes: hf_reduce_scratch(Int32(size.imageWidth), Int32(size.reducedWidth)),
            steps: Steps.reduce...Steps.reduce)
        local = LocalHeadsPlan(
            model, size: size, maximumKeypoints: maximumKeypoints, workers: workers, layout: &layout)

        var input = Source(buffer: image, shape: imageShape, name: "image")
        var fine = input
        for index in HFNet.blocks.indices {
            if index == HFNet.beforeCoarse.count { fine = input }
            let block = Self.block(index, input: input, fine: fine, workers: workers, layout: &layout)
            blocks.append(block)
            if index == HFNet.trunk.count - 1 { localFeatures = block.output }
            input = block.result
        }
        global = GlobalHeadPlan(
            model, cells: input.shape.width * input.shape.height, channels: input.shape.channels,
            maximumKeypoints: maximumKeypoints, clusters: clusters, layout: &layout)
        layout.place()
        self.layout = layout
    }

    /// Room for the reduced image before its crop, and a border.
    private static func imageBytes(_ size: InputSize) -> Int { (size.reducedWidth + 2) * (size.reducedHeight + 2) }

    private static func block(
        _ index: Int, input: Source, fine: Source, workers: Int, layout: inout ArenaLayout
    ) -> Block {
        let structure = HFNet.blocks[index]
        let step = Steps.block(index)
        // Layer 7 lives to the end: the local heads read it, and layer 8 whenever the global branch is asked for.
        let isLocalEnd = index == HFNet.trunk.count - 1
        let lastRead =
            isLocalEnd || index == HFNet.blocks.count - 1
            ? Steps.global : Steps.block(HFNet.lastReader(ofBlockAt: index))
        let name = structure.name
        let halved = index == 0 ? 2 : 1  // its feed is layer 1, of stride 2
        let feedWidth = (input.shape.width + halved - 1) / halved
        let feedHeight = (input.shape.height + halved - 1) / halved
        let stride = structure.stride
        let outWidth = (feedWidth + stride - 1) / stride
        let outHeight = (feedHeight + stride - 1) / stride

        let rowBytes = (feedWidth + 2) * structure.expanded
        let fitting = max(1, (stripBytes / rowBytes - 3) / stride + 1)
        let bandRows = (outHeight + workers - 1) / workers
        let strips = (bandRows + fitting - 1) / fitting
        let stripRows = (bandRows + strips - 1) / strips
        let slots = (stripRows - 1) * stride + 3
        let expandedShape = ActivationMapShape(
            width: feedWidth, height: slots - 2, channels: structure.expanded, bordered: true)
        let filteredShape = ActivationMapShape(
            width: outWidth, height: stripRows, channels: structure.expanded, bordered: false)
        let outputShape = ActivationMapShape(
            width: outWidth, height: outHeight, channels: structure.output,
            bordered: isLocalEnd)
        let addend: Source? =
            switch structure.addition {
            case .none: nil
            case .input: input
            case .fine: fine
            }
        return Block(
            structure: structure, feed: index == 0 ? "layer1" : "\(name).expand",
            depthwise: "\(name).depthwise", project: "\(name).project",
            addend: addend, input: input,
            output: layout.add(name, bytes: outputShape.bytes, steps: step...lastRead), outputShape: outputShape,
            expanded: layout.add("\(name) expanded", of: workers, bytes: expandedShape.bytes, step: step),
            expandedShape: expandedShape,
            filtered: layout.add("\(name) filtered", of: workers, bytes: filteredShape.bytes, step: step),
            filteredShape: filteredShape, expandedHeight: feedHeight, bandRows: bandRows, stripRows: stripRows,
            paddingX: padding(feedWidth, stride), paddingY: padding(feedHeight, stride))
    }

    /// TensorFlow's SAME padding before the first pixel of a side.
    private static func padding(_ side: Int, _ stride: Int) -> Int { stride == 1 || side % 2 == 1 ? 1 : 0 }
}
