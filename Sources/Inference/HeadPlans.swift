/// The steps of a frame, in the order of execution: what the lifetimes of buffers are counted in.
enum Steps {
    static let reduce = 0
    static let detector = HFNet.trunk.count + 1  // the trunk takes the steps from 1
    static let keypoints = detector + 1
    static let descriptors = keypoints + 1
    static let global = block(HFNet.blocks.count)

    /// The step of a block, by its place in `HFNet.blocks`.
    static func block(_ index: Int) -> Int {
        index < HFNet.trunk.count ? index + 1 : descriptors + 1 + index - HFNet.trunk.count
    }
}

/// The buffers of detector, decoding and descriptor head.
struct LocalHeadsPlan {
    /// Cells whose hidden descriptor features are computed at once.
    static let descriptorChunk = 256

    /// Rows of cells that the detector takes at once.
    let detectorStripRows: Int
    /// Descriptor vectors kept at most: every cell, or the four around each keypoint.
    let descriptorCells: Int

    // Numbers of buffers in the layout.
    let detectorHidden: Int
    let detectorLogits: Int
    let scores: Int
    let decoding: Int
    let cellSlots: Int
    let cellList: Int
    let descriptorHidden: Int
    let descriptorMap: Int
    let descriptorFactors: Int

    init(_ model: Model, size: InputSize, maximumKeypoints: Int, layout: inout ArenaLayout) {
        let cells = size.columns * size.rows
        let hiddenRow = size.columns * HFNet.detectorHidden
        detectorStripRows = min(size.rows, max(1, Plan.stripBytes / hiddenRow))
        descriptorCells = min(cells, 4 * maximumKeypoints)

        let detector = Steps.detector...Steps.detector
        detectorHidden = layout.add("detector.hidden", bytes: detectorStripRows * hiddenRow, steps: detector)
        detectorLogits = layout.add(
            "detector.logits", bytes: detectorStripRows * size.columns * HFNet.logits * 2, steps: detector)
        scores = layout.add("scores", bytes: size.width * size.height * 4, steps: Steps.detector...Steps.keypoints)
        decoding = layout.add(
            "decoding", bytes: KeypointDecoder.scratchBytes(width: size.width, maximumKeypoints: maximumKeypoints),
            steps: Steps.keypoints...Steps.keypoints)

        let descriptors = Steps.descriptors...Steps.descriptors
        cellSlots = layout.add("cell slots", bytes: cells * 4, steps: descriptors)
        cellList = layout.add("cell list", bytes: descriptorCells * 4, steps: descriptors)
        descriptorHidden = layout.add(
            "descriptor.hidden", bytes: Self.descriptorChunk * HFNet.descriptorHidden, steps: descriptors)
        descriptorMap = layout.add(
            "descriptor.map", bytes: descriptorCells * model.descriptorDimension * 2, steps: descriptors)
        descriptorFactors = layout.add("descriptor factors", bytes: descriptorCells * 4, steps: descriptors)
    }
}

/// The buffers of the global head.
struct GlobalHeadPlan {
    let memberships: Int
    let floats: Int
    let vladIntegers: Int
    let products: Int

    /// `cells` of layer 18.
    init(_ model: Model, cells: Int, layout: inout ArenaLayout) {
        let steps = Steps.global...Steps.global
        memberships = layout.add("vlad.memberships", bytes: cells * HFNet.clusters * 2, steps: steps)
        floats = layout.add(
            "vlad", bytes: GlobalHead.scratchFloats(globalDimension: model.globalDimension) * 4, steps: steps)
        vladIntegers = layout.add("vlad integers", bytes: HFNet.vladDimension, steps: steps)
        products = layout.add("projection", bytes: (model.globalDimension + 7) / 8 * 32, steps: steps)
    }
}
