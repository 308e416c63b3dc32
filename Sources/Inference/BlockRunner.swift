internal import CKernels
internal import Container
internal import Parallelism

/// One inverted residual with its weights and its memory: runs band by band, and each strip by strip (see `Plan`).
@safe struct BlockRunner {
    private let plan: Plan.Block
    private let kernels: KernelTable
    private let feed: Feed
    private let depthwise: hf_depthwise
    private let project: hf_convolution
    private let addition: Addition?
    private let input: ActivationMap
    /// Of each worker.
    private let strips: [Strip]
    let output: ActivationMap
    private let expandedZero: Int32
    private let outputZero: Int32
    /// One zero offset: the tap of a pointwise convolution.
    private let noOffset: UnsafePointer<Int>

    /// A worker's memory.
    @safe private struct Strip {
        let expanded: ActivationMap
        let filtered: ActivationMap

        /// Rows of the strip, from the border row above its first pixel row.
        func slot(_ row: Int) -> UnsafeMutablePointer<UInt8> { unsafe expanded.row(row - 1) }
    }

    /// What fills the expanded strip.
    @safe private enum Feed {
        case stem(hf_stem)
        case expansion(hf_convolution)
    }

    @safe private struct Addition {
        let name: String
        /// What the projection is added to.
        let addend: ActivationMap
        let addendZero: Int32
        let addendMultiplier: Int16
        let projectZero: Int32
        let projectMultiplier: Int16
        let zero: Int32
    }

    init(
        _ plan: Plan.Block, model: Model, weights: PackedWeights, kernels: KernelTable, noOffset: UnsafePointer<Int>,
        map: (_ buffer: Int, _ shape: ActivationMapShape) -> ActivationMap
    ) {
        self.plan = plan
        self.kernels = kernels
        unsafe feed =
            plan.feed == "layer1" ? .stem(weights.stem) : .expansion(weights.convolution(plan.feed))
        unsafe depthwise = weights.depthwise(plan.depthwise)
        unsafe project = weights.convolution(plan.project)
        expandedZero = model.layer(plan.feed).zeroPoint
        let name = plan.structure.result
        outputZero = model.layer(name).zeroPoint
        if let addend = plan.addend {
            let multipliers = model.tensor("\(name).multiplier", of: Int16.self)
            addition = Addition(
                name: name, addend: map(addend.buffer, addend.shape),
                addendZero: model.layer(addend.name).zeroPoint,
                addendMultiplier: multipliers[0], projectZero: model.layer(plan.project).zeroPoint,
                projectMultiplier: multipliers[1], zero: model.layer(name).zeroPoint)
        } else {
            addition = nil
        }
        input = map(plan.input.buffer, plan.input.shape)
        strips = zip(plan.expanded, plan.filtered).map { expanded, filtered in
            Strip(expanded: map(expanded, plan.expandedShape), filtered: map(filtered, plan.filteredShape))
        }
        output = map(plan.output, plan.outputShape)
        unsafe self.noOffset = noOffset
    }

    /// The whole block. A recorder takes one band after the other.
    func run(on team: WorkerTeam, recorder: LayerRecorder?) {
        if plan.outputShape.bordered { output.fillBorder(zeroPoint: outputZero) }
        if recorder == nil {
            team.run(plan.bands, Bands(block: self))
        } else {
            for band in 0..<plan.bands { run(band: band, on: strips[0], recorder: recorder) }
        }
        guard let addition, plan.structure.addition == .fine else { return }
        team.run(4, FineAddition(block: self, addition: addition))
        let fine = addition.addend
        recorder?.record(addition.name, fine, height: fine.shape.height, first: 0, count: fine.shape.height)
    }

    private struct Bands: TeamTask {
        let block: BlockRunner

        func run(item: Int, worker: Int) { block.run(band: item, on: block.strips[worker], recorder: nil) }
    }

    private func run(band: Int, on strip: Strip, recorder: LayerRecorder?) {
        strip.expanded.fillBorder(zeroPoint: expandedZero)
        let height = plan.outputShape.height
        let end = min((band + 1) * plan.bandRows, height)
        var have = 0..<0  // expanded rows in memory, the first in slot 0
        for first in stride(from: band * plan.bandRows, to: end, by: plan.stripRows) {
            let count = min(plan.stripRows, end - first)
            let start = first * plan.structure.stride - plan.paddingY
            let need = start..<start + (count - 1) * plan.structure.stride + 3
            fill(strip, need, from: have, recorder: recorder)
            have = need
            filter(strip, rows: count)
            recorder.map { $0.record(plan.depthwise, strip.filtered, height: height, first: first, count: count) }
            projectRows(strip, first, count, recorder: recorder)
        }
    }

    /// Moves up the expanded rows of `have` that `need` shares, and computes the others; rows outside the map are
    /// padding.
    private func fill(_ strip: Strip, _ need: Range<Int>, from have: Range<Int>, recorder: LayerRecorder?) {
        let rowStride = plan.expandedShape.rowStride
        let border = plan.expandedShape.channels
        var next = need.lowerBound
        func slot(_ row: Int) -> UnsafeMutablePointer<UInt8> { unsafe strip.slot(row) }
        if !have.isEmpty, have.upperBound > need.lowerBound {
            let shared = need.lowerBound..<have.upperBound
            let from = unsafe slot(need.lowerBound - have.lowerBound) - border
            unsafe (slot(0) - border).update(from: from, count: shared.count * rowStride)
            next = have.upperBound
        }
        let padding = UInt8(truncatingIfNeeded: expandedZero) ^ UInt8(HF_ACTIVATION_XOR)
        while next < 0 {
            unsafe (slot(next - need.lowerBound) - border).update(repeating: padding, count: rowStride)
            next += 1
        }
        let end = min(need.upperBound, plan.expandedHeight)
        if next < end { expand(strip, next..<end, to: next - need.lowerBound, recorder: recorder) }
        for row in max(end, next)..<need.upperBound {
            unsafe (slot(row - need.lowerBound) - border).update(repeating: padding, count: rowStride)
        }
    }

    /// Feeds rows of the expanded map to the strip, the first to the slot `to`.
    private func expand(_ strip: Strip, _ rows: Range<Int>, to first: Int, recorder: LayerRecorder?) {
        let out = unsafe strip.slot(first)
        let grid = strip.expanded.grid
        switch feed {
        case .stem(var layer):
            // The image's sides are multiples of 8: SAME padding at stride 2 has nothing before the first pixel.
            unsafe kernels.stem(
                &layer, input.row(2 * rows.lowerBound), input.grid, out, grid, 0, Int32(rows.count))
        case .expansion(var layer):
            unsafe kernels.convolution(
                &layer, input.row(rows.lowerBound), input.grid, noOffset, nil, out, grid, 0,
                rows.count * input.shape.width)
        }
        if let recorder {
            let map = unsafe ActivationMap(pixels: out, shape: plan.expandedShape)
            recorder.record(
                plan.feed, map, height: plan.expandedHeight, first: rows.lowerBound, count: rows.count)
        }
    }

    private func filter(_ strip: Strip, rows: Int) {
        var layer = unsafe depthwise
        let firstTap = unsafe strip.slot(0) - plan.paddingX * plan.expandedShape.channels
        unsafe kernels.depthwise(
            &layer, firstTap, strip.expanded.grid, strip.filtered.pixels, strip.filtered.grid, 0, Int32(rows))
    }

    private func projectRows(_ strip: Strip, _ first: Int, _ count: Int, recorder: LayerRecorder?) {
        var layer = unsafe project
        let out = unsafe output.row(first)
        unsafe kernels.convolution(
            &layer, strip.filtered.pixels, strip.filtered.grid, noOffset, nil, out, output.grid, 0,
            count * output.shape.width)
        let rows = unsafe ActivationMap(pixels: out, shape: plan.outputShape)
        recorder.map {
            $0.record(plan.project, rows, height: plan.outputShape.height, first: first, count: count)
        }
        guard let addition, plan.structure.addition == .input else { return }
        unsafe kernels.add(
            addition.addend.row(first), addition.addend.grid, addition.addendZero, addition.addendMultiplier, out,
            output.grid, addition.projectZero, addition.projectMultiplier, out, output.grid, addition.zero,
            Int32(plan.outputShape.channels), 0, Int32(count))
        recorder.map {
            $0.record(addition.name, rows, height: plan.outputShape.height, first: first, count: count)
        }
    }

    /// Adds each cell of the output to four of the finer map, in place: one pass for each place among the four.
    private struct FineAddition: TeamTask {
        let block: BlockRunner
        let addition: Addition

        func run(item: Int, worker: Int) {
            let (fine, output) = (addition.addend, block.output)
            let channels = fine.shape.channels
            let (x, y) = (item & 1, item >> 1)
            let place = unsafe fine.row(y) + x * channels
            let every = hf_grid(
                width: Int32((fine.shape.width - x + 1) / 2), pixel_stride: 2 * channels,
                row_stride: 2 * fine.shape.rowStride)
            unsafe block.kernels.add(
                output.pixels, output.grid, addition.projectZero, addition.projectMultiplier, place, every,
                addition.addendZero, addition.addendMultiplier, place, every, addition.zero, Int32(channels), 0,
                Int32((fine.shape.height - y + 1) / 2))
        }
    }
}
