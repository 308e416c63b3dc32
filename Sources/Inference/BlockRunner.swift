internal import CKernels
internal import Container

/// One inverted residual with its weights and its memory: runs strip by strip (see `Plan`).
@safe struct BlockRunner {
    private let plan: Plan.Block
    private let kernels: KernelTable
    private let feed: Feed
    private let depthwise: hf_depthwise
    private let project: hf_convolution
    private let addition: Addition?
    private let input: Picture
    private let expanded: Picture
    private let filtered: Picture
    let output: Picture
    private let expandedZero: Int32
    private let outputZero: Int32
    /// One zero offset: the tap of a pointwise convolution.
    private let noOffset: UnsafePointer<Int>

    /// What fills the expanded strip.
    @safe private enum Feed {
        case stem(hf_stem)
        case expansion(hf_convolution)
    }

    private struct Addition {
        let zeroA: Int32
        let multiplierA: Int16
        let zeroB: Int32
        let multiplierB: Int16
        let zero: Int32
    }

    init(
        _ plan: Plan.Block, model: Model, weights: PackedWeights, kernels: KernelTable, noOffset: UnsafePointer<Int>,
        picture: (_ buffer: Int, _ shape: PictureShape) -> Picture
    ) {
        self.plan = plan
        self.kernels = kernels
        unsafe feed =
            plan.feed == "layer1" ? .stem(weights.stem) : .expansion(weights.convolution(plan.feed))
        unsafe depthwise = weights.depthwise(plan.depthwise)
        unsafe project = weights.convolution(plan.project)
        expandedZero = model.layer(plan.feed).zeroPoint
        outputZero = model.layer(plan.add ?? plan.project).zeroPoint
        addition = plan.add.map { name in
            let multipliers = model.tensor("\(name).multiplier", of: Int16.self)
            return Addition(
                zeroA: model.layer(plan.inputName).zeroPoint, multiplierA: multipliers[0],
                zeroB: model.layer(plan.project).zeroPoint, multiplierB: multipliers[1],
                zero: model.layer(name).zeroPoint)
        }
        input = picture(plan.input, plan.inputShape)
        expanded = picture(plan.expanded, plan.expandedShape)
        filtered = picture(plan.filtered, plan.filteredShape)
        output = picture(plan.output, plan.outputShape)
        unsafe self.noOffset = noOffset
    }

    /// Rows of a strip's memory, from the border row above its first pixel row.
    private func slot(_ row: Int) -> UnsafeMutablePointer<UInt8> { unsafe expanded.row(row - 1) }

    func run(recorder: LayerRecorder?) {
        expanded.fillBorder(zeroPoint: expandedZero)
        if plan.outputShape.bordered { output.fillBorder(zeroPoint: outputZero) }
        let height = plan.outputShape.height
        var have = 0..<0  // expanded rows in memory, the first in slot 0
        for first in stride(from: 0, to: height, by: plan.stripRows) {
            let count = min(plan.stripRows, height - first)
            let start = first * plan.structure.stride - plan.paddingY
            let need = start..<start + (count - 1) * plan.structure.stride + 3
            fill(need, from: have, recorder: recorder)
            have = need
            filter(rows: count)
            recorder.map { $0.record(plan.depthwise, filtered, height: height, first: first, count: count) }
            projectRows(first, count, recorder: recorder)
        }
    }

    /// Moves up the expanded rows of `have` that `need` shares, and computes the others; rows outside the picture are padding.
    private func fill(_ need: Range<Int>, from have: Range<Int>, recorder: LayerRecorder?) {
        let rowStride = plan.expandedShape.rowStride
        let border = plan.expandedShape.channels
        var next = need.lowerBound
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
        if next < end { expand(next..<end, to: next - need.lowerBound, recorder: recorder) }
        for row in max(end, next)..<need.upperBound {
            unsafe (slot(row - need.lowerBound) - border).update(repeating: padding, count: rowStride)
        }
    }

    /// Feeds rows of the expanded picture to the strip, the first to the slot `to`.
    private func expand(_ rows: Range<Int>, to first: Int, recorder: LayerRecorder?) {
        let out = unsafe slot(first)
        switch feed {
        case .stem(var layer):
            // The image's sides are multiples of 8: SAME padding at stride 2 has nothing before the first pixel.
            unsafe kernels.stem(
                &layer, input.row(2 * rows.lowerBound), input.grid, out, expanded.grid, 0, Int32(rows.count))
        case .expansion(var layer):
            unsafe kernels.convolution(
                &layer, input.row(rows.lowerBound), input.grid, noOffset, nil, out, expanded.grid, 0,
                rows.count * input.shape.width)
        }
        if let recorder {
            let strip = unsafe Picture(pixels: out, shape: plan.expandedShape)
            recorder.record(
                plan.feed, strip, height: plan.expandedHeight, first: rows.lowerBound, count: rows.count)
        }
    }

    private func filter(rows: Int) {
        var layer = unsafe depthwise
        let firstTap = unsafe slot(0) - plan.paddingX * plan.expandedShape.channels
        unsafe kernels.depthwise(
            &layer, firstTap, expanded.grid, filtered.pixels, filtered.grid, 0, Int32(rows))
    }

    private func projectRows(_ first: Int, _ count: Int, recorder: LayerRecorder?) {
        var layer = unsafe project
        let out = unsafe output.row(first)
        unsafe kernels.convolution(
            &layer, filtered.pixels, filtered.grid, noOffset, nil, out, output.grid, 0, count * output.shape.width)
        let strip = unsafe Picture(pixels: out, shape: plan.outputShape)
        recorder.map {
            $0.record(plan.project, strip, height: plan.outputShape.height, first: first, count: count)
        }
        guard let addition, let name = plan.add else { return }
        unsafe kernels.add(
            input.row(first), input.grid, addition.zeroA, addition.multiplierA, out, output.grid, addition.zeroB,
            addition.multiplierB, out, output.grid, addition.zero, Int32(plan.outputShape.channels), 0, Int32(count))
        recorder.map {
            $0.record(name, strip, height: plan.outputShape.height, first: first, count: count)
        }
    }
}
