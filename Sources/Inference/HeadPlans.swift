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
    /// Of each worker.
    let detectorHidden: [Int]
    let detectorLogits: [Int]
    let scores: Int
    let decoding: Int
    let cellSlots: Int
    let cellList: Int
    /// Of each worker.
    let descriptorHidden: [Int]
    let descriptorMap: Int
    let descriptorFactors: Int

    init(_ model: Model, size: InputSize, maximumKeypoints: Int, workers: Int, layout: inout ArenaLayout) {
        let cells = size.columns * size.rows
        let hiddenRow = size.columns * HFNet.detectorHidden
        // As many strips for each worker.
        let fitting = max(1, Plan.stripBytes / hiddenRow)
        let strips = ((size.rows + fitting - 1) / fitting + workers - 1) / workers * workers
        detectorStripRows = (size.rows + strips - 1) / strips
        descriptorCells = min(cells, 4 * maximumKeypoints)

        detectorHidden = layout.add(
            "detector.hidden", of: workers, bytes: detectorStripRows * hiddenRow, step: Steps.detector)
        detectorLogits = layout.add(
            "detector.logits", of: workers, bytes: detectorStripRows * size.columns * HFNet.logits * 2,
            step: Steps.detector)
        scores = layout.add("scores", bytes: size.width * size.height * 4, steps: Steps.detector...Steps.keypoints)
        decoding = layout.add(
            "decoding", bytes: KeypointDecoder.scratchBytes(width: size.width, maximumKeypoints: maximumKeypoints),
            steps: Steps.keypoints...Steps.keypoints)

        let descriptors = Steps.descriptors...Steps.descriptors
        cellSlots = layout.add("cell slots", bytes: cells * 4, steps: descriptors)
        cellList = layout.add("cell list", bytes: descriptorCells * 4, steps: descriptors)
        descriptorHidden = layout.add(
            "descriptor.hidden", of: workers, bytes: Self.descriptorChunk * HFNet.descriptorHidden,
            step: Steps.descriptors)
        descriptorMap = layout.add(
            "descriptor.map", bytes: descriptorCells * model.descriptorDimension * 2, steps: descriptors)
        descriptorFactors = layout.add("descriptor factors", bytes: descriptorCells * 4, steps: descriptors)
    }
}

/// The buffers of the global head.
struct GlobalHeadPlan {
    /// Most keypoints that it reads.
    let keypointLimit: Int

    // Numbers of buffers in the layout.
    let keypointRows: Int
    let memberships: Int
    let columns: Int
    let weights: Int
    let sums: Int
    let floats: Int
    let vlad: Int
    let vladIntegers: Int
    let products: Int
    let descriptor: Int

    /// `cells` of layer 14, of `channels` each.
    init(
        _ model: Model, cells: Int, channels: Int, maximumKeypoints: Int, clusters: Int, layout: inout ArenaLayout
    ) {
        let steps = Steps.global...Steps.global
        let dimension = model.descriptorDimension
        keypointLimit = min(maximumKeypoints, HFNet.placeKeypoints)
        let rows = VladSum.padded(max(cells, keypointLimit))
        let columnBytes = max(
            VladSum.padded(cells) * channels, VladSum.padded(keypointLimit) * dimension)
        let vladDimension = clusters * (channels + dimension)
        let products = (model.globalDimension + 7) / 8 * 8
        keypointRows = layout.add("keypoint rows", bytes: keypointLimit * dimension, steps: steps)
        memberships = layout.add("memberships", bytes: rows * clusters * 2, steps: steps)
        columns = layout.add("vlad columns", bytes: columnBytes, steps: steps)
        weights = layout.add("vlad weights", bytes: rows * clusters, steps: steps)
        sums = layout.add("vlad sums", bytes: clusters * max(channels, dimension) * 4, steps: steps)
        floats = layout.add("vlad floats", bytes: (clusters + max(channels, dimension)) * 4, steps: steps)
        vlad = layout.add("vlad", bytes: vladDimension * 4, steps: steps)
        vladIntegers = layout.add("vlad integers", bytes: vladDimension, steps: steps)
        self.products = layout.add("projection", bytes: products * 4, steps: steps)
        descriptor = layout.add("global descriptor", bytes: products * 4, steps: steps)
    }
}
