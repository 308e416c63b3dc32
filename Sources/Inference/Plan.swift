internal import CKernels

/// The order of the network's steps at one input size, the shape of everything they write, and where it lies in the arena.
///
/// Between blocks whole pictures are kept; inside a block (expansion, depthwise, projection) only a strip of rows, small enough for the
/// second-level cache, is expanded at a time. Computed once; running a frame allocates nothing.
struct Plan {
    /// One inverted residual.
    struct Block {
        let structure: HFNet.Block
        /// Names of the layers.
        let feed: String
        let depthwise: String
        let project: String
        let add: String?
        let inputName: String

        let input: Int
        let inputShape: PictureShape
        let output: Int
        let outputShape: PictureShape
        /// A strip of the feed's rows, bordered in x, with all the rows that `stripRows` outputs read.
        let expanded: Int
        let expandedShape: PictureShape
        let filtered: Int
        let filteredShape: PictureShape
        /// Rows of the whole expanded picture, of which a strip is a part.
        let expandedHeight: Int
        /// Output rows of a strip.
        let stripRows: Int
        /// Padding before the first row and column, 0 or 1.
        let paddingX: Int
        let paddingY: Int
    }

    /// A strip of expanded activations is at most about this large.
    static let stripBytes = 192 << 10
    /// Cells whose hidden descriptor features are computed at once.
    static let descriptorChunk = 256

    let size: InputSize
    let maximumKeypoints: Int
    /// Descriptor vectors kept at most: every cell, or the four around each keypoint.
    let descriptorCells: Int
    let imageShape: PictureShape
    let detectorStripRows: Int
    private(set) var layout = ArenaLayout()
    private(set) var blocks: [Block] = []

    // Numbers of buffers in the layout.
    let image: Int
    let reduceScratch: Int
    private(set) var localFeatures = 0
    let detectorHidden: Int
    let detectorLogits: Int
    let scores: Int
    let decoding: Int
    let cellSlots: Int
    let cellList: Int
    let descriptorHidden: Int
    let descriptorMap: Int
    let descriptorNorms: Int
    let memberships: Int
    let globalFloats: Int
    let vladQuantized: Int
    let projected: Int

    init(_ model: Model, size: InputSize, maximumKeypoints: Int) {
        self.size = size
        self.maximumKeypoints = maximumKeypoints
        let cells = size.columns * size.rows
        descriptorCells = min(cells, 4 * maximumKeypoints)

        // Steps: 0 the image, 1...6 layers 2-7, then the four local ones, then layers 8-18, then the global head.
        let localBlocks = HFNet.blocks.count { $0.layer <= HFNet.localLayer }
        let detector = localBlocks + 1
        let keypoints = detector + 1
        let descriptors = keypoints + 1
        let head = descriptors + 1 + HFNet.blocks.count - localBlocks

        var layout = ArenaLayout()
        imageShape = PictureShape(
            width: size.width, height: size.height, channels: 1, bordered: true, rowWidth: size.reducedWidth)
        image = layout.add("image", bytes: Self.imageBytes(size), steps: 0...1)
        reduceScratch = layout.add(
            "reduction", bytes: hf_reduce_scratch(Int32(size.imageWidth), Int32(size.reducedWidth)), steps: 0...0)

        let hiddenRow = size.columns * HFNet.detectorHidden
        detectorStripRows = min(size.rows, max(1, Self.stripBytes / hiddenRow))
        detectorHidden = layout.add("detector.hidden", bytes: detectorStripRows * hiddenRow, steps: detector...detector)
        detectorLogits = layout.add(
            "detector.logits", bytes: detectorStripRows * size.columns * HFNet.logits * 2, steps: detector...detector)
        scores = layout.add("scores", bytes: size.width * size.height * 4, steps: detector...keypoints)
        decoding = layout.add(
            "decoding", bytes: KeypointDecoder.scratchBytes(width: size.width, maximumKeypoints: maximumKeypoints),
            steps: keypoints...keypoints)
        cellSlots = layout.add("cell slots", bytes: cells * 4, steps: descriptors...descriptors)
        cellList = layout.add("cell list", bytes: descriptorCells * 4, steps: descriptors...descriptors)
        descriptorHidden = layout.add(
            "descriptor.hidden", bytes: Self.descriptorChunk * HFNet.descriptorHidden, steps: descriptors...descriptors)
        descriptorMap = layout.add(
            "descriptor.map", bytes: descriptorCells * model.descriptorDimension * 2, steps: descriptors...descriptors)
        descriptorNorms = layout.add("norms", bytes: descriptorCells * 4, steps: descriptors...descriptors)
        memberships = layout.add(
            "vlad.memberships", bytes: Self.deepCells(size) * HFNet.clusters * 2, steps: head...head)
        globalFloats = layout.add(
            "vlad", bytes: GlobalHead.scratchFloats(globalDimension: model.globalDimension) * 4, steps: head...head)
        vladQuantized = layout.add("vlad integers", bytes: HFNet.vladDimension, steps: head...head)
        projected = layout.add("projection", bytes: (model.globalDimension + 7) / 8 * 32, steps: head...head)

        var input = image
        var inputShape = imageShape
        var inputName = "image"
        for (index, structure) in HFNet.blocks.enumerated() {
            let isLocal = index < localBlocks
            let step = isLocal ? index + 1 : descriptors + 1 + index - localBlocks
            // Layer 7 lives to the end: the local heads read it, and layer 8 whenever the global branch is asked for.
            let lastRead = structure.layer == HFNet.localLayer ? head : step + 1
            let block = Self.block(
                structure, input: input, inputShape: inputShape, inputName: inputName, step: step, lastRead: lastRead,
                layout: &layout)
            blocks.append(block)
            if structure.layer == HFNet.localLayer { localFeatures = block.output }
            input = block.output
            inputShape = block.outputShape
            inputName = HFNet.output(ofLayer: structure.layer)
        }
        layout.place()
        self.layout = layout
    }

    /// Room for the reduced image before its crop, and a border.
    private static func imageBytes(_ size: InputSize) -> Int { (size.reducedWidth + 2) * (size.reducedHeight + 2) }

    /// Cells of layer 18.
    private static func deepCells(_ size: InputSize) -> Int {
        let side = { (cells: Int) in ((cells + 1) / 2 + 1) / 2 }
        return side(size.columns) * side(size.rows)
    }

    private static func block(
        _ structure: HFNet.Block, input: Int, inputShape: PictureShape, inputName: String, step: Int, lastRead: Int,
        layout: inout ArenaLayout
    ) -> Block {
        let name = "layer\(structure.layer)"
        let halved = structure.layer == 2 ? 2 : 1  // its feed is layer 1, of stride 2
        let feedWidth = (inputShape.width + halved - 1) / halved
        let feedHeight = (inputShape.height + halved - 1) / halved
        let stride = structure.stride
        let outWidth = (feedWidth + stride - 1) / stride
        let outHeight = (feedHeight + stride - 1) / stride

        let rowBytes = (feedWidth + 2) * structure.expanded
        let fitting = max(1, (stripBytes / rowBytes - 3) / stride + 1)
        let strips = (outHeight + fitting - 1) / fitting
        let stripRows = (outHeight + strips - 1) / strips
        let slots = (stripRows - 1) * stride + 3
        let expandedShape = PictureShape(
            width: feedWidth, height: slots - 2, channels: structure.expanded, bordered: true)
        let filteredShape = PictureShape(
            width: outWidth, height: stripRows, channels: structure.expanded, bordered: false)
        let outputShape = PictureShape(
            width: outWidth, height: outHeight, channels: structure.output,
            bordered: structure.layer == HFNet.localLayer)
        return Block(
            structure: structure, feed: structure.layer == 2 ? "layer1" : "\(name).expand",
            depthwise: "\(name).depthwise", project: "\(name).project",
            add: structure.residual ? "\(name).add" : nil, inputName: inputName, input: input, inputShape: inputShape,
            output: layout.add(name, bytes: outputShape.bytes, steps: step...lastRead), outputShape: outputShape,
            expanded: layout.add("\(name) expanded", bytes: expandedShape.bytes, steps: step...step),
            expandedShape: expandedShape,
            filtered: layout.add("\(name) filtered", bytes: filteredShape.bytes, steps: step...step),
            filteredShape: filteredShape, expandedHeight: feedHeight, stripRows: stripRows,
            paddingX: padding(feedWidth, stride), paddingY: padding(feedHeight, stride))
    }

    /// TensorFlow's SAME padding before the first pixel of a side.
    private static func padding(_ side: Int, _ stride: Int) -> Int { stride == 1 || side % 2 == 1 ? 1 : 0 }
}
