internal import CKernels
internal import Features
internal import Parallelism

/// The local heads: detector on every cell, descriptors where keypoints are.
extension Network {
    /// 3x3 convolution, logits and softmax, by strips of rows: fills the arena's map of scores.
    func runDetector(recorder: LayerRecorder?) {
        let strips = DetectorStrips(network: self)
        if let recorder {
            for strip in 0..<strips.count { strips.run(strip, worker: 0, recorder: recorder) }
        } else {
            team.run(strips.count, strips)
        }
    }

    private struct DetectorStrips: TeamTask {
        let network: Network

        private var plan: LocalHeadsPlan { network.memory.plan.local }
        var count: Int { (network.input.rows + plan.detectorStripRows - 1) / plan.detectorStripRows }

        func run(item: Int, worker: Int) { run(item, worker: worker, recorder: nil) }

        func run(_ strip: Int, worker: Int, recorder: LayerRecorder?) {
            let (memory, table) = (network.memory, network.table)
            let features = memory.localFeatures
            let (columns, rows) = (network.input.columns, network.input.rows)
            let hidden = memory.activationMap(
                plan.detectorHidden[worker],
                ActivationMapShape(
                    width: columns, height: plan.detectorStripRows, channels: HFNet.detectorHidden, bordered: false))
            let logits = unsafe memory.values(plan.detectorLogits[worker], of: Int16.self)
            let logitsGrid = hf_grid(
                width: Int32(columns), pixel_stride: 2 * HFNet.logits, row_stride: 2 * HFNet.logits * columns)
            let first = strip * plan.detectorStripRows
            let count = min(plan.detectorStripRows, rows - first)
            var hiddenLayer = unsafe network.weights.convolution("detector.hidden")
            unsafe table.convolution(
                &hiddenLayer, features.row(first), features.grid, memory.windowOffsets, nil, hidden.pixels,
                hidden.grid, 0, count * columns)
            var logitsLayer = unsafe network.weights.convolution("detector.logits")
            unsafe table.convolution(
                &logitsLayer, hidden.pixels, hidden.grid, memory.noOffset, nil, logits, logitsGrid, 0, count * columns)
            let scores = unsafe memory.values(plan.scores, of: Float.self)
            let scale = network.model.layer("detector.logits").scale
            for row in 0..<count {
                unsafe Softmax.detectorRow(
                    logits + row * columns * HFNet.logits, cells: columns, scale: scale,
                    into: scores + (first + row) * HFNet.cell * network.input.width)
            }
            guard let recorder else { return }
            recorder.record("detector.hidden", hidden, height: rows, first: first, count: count)
            unsafe recorder.record(
                "detector.logits", logits, width: columns, height: rows, channels: HFNet.logits, first: first,
                count: count)
        }
    }

    func decodeKeypoints(limit: Int, into keypoints: inout [Keypoint]) {
        let plan = memory.plan.local
        let decoder = unsafe KeypointDecoder(
            scores: memory.values(plan.scores, of: Float.self), width: input.width, height: input.height,
            scratch: memory.values(plan.decoding, of: UInt8.self), maximumKeypoints: maximumKeypoints)
        decoder.decode(limit: limit, threshold: detectionThreshold, into: &keypoints)
    }

    /// The map of scores in the arena, until the next step overwrites it.
    var scores: [Float] {
        let values = unsafe memory.values(memory.plan.local.scores, of: Float.self)
        return unsafe Array(UnsafeBufferPointer(start: values, count: input.width * input.height))
    }

    /// Descriptors of the keypoints: the head runs at the cells around them only.
    func describe(_ keypoints: [Keypoint], into descriptors: inout [Int8]) {
        let sampler = self.sampler
        let chunks = DescriptorChunks(network: self, sampler: sampler, cells: sampler.listCells(keypoints))
        team.run(chunks.count, chunks)
        sampler.sample(keypoints, into: &descriptors, on: team)
    }

    private struct DescriptorChunks: TeamTask {
        private static let size = LocalHeadsPlan.descriptorChunk

        let network: Network
        let sampler: DescriptorSampler
        let cells: Int

        var count: Int { (cells + Self.size - 1) / Self.size }

        func run(item: Int, worker: Int) {
            let first = item * Self.size
            let chunk = min(Self.size, cells - first)
            unsafe network.runDescriptorHead(
                sampler.cells + first, count: chunk, into: sampler.map + first * sampler.dimension, worker: worker)
            sampler.normalize(first..<first + chunk)
        }
    }

    private var sampler: DescriptorSampler {
        let plan = memory.plan.local
        return unsafe DescriptorSampler(
            columns: input.columns, rows: input.rows, dimension: model.descriptorDimension,
            scale: model.layer("descriptor.map").scale, slots: memory.values(plan.cellSlots, of: Int32.self),
            cells: memory.values(plan.cellList, of: Int32.self), map: memory.values(plan.descriptorMap, of: Int16.self),
            factors: memory.values(plan.descriptorFactors, of: Float.self))
    }

    private func descriptorHidden(_ worker: Int) -> ActivationMap {
        memory.activationMap(
            memory.plan.local.descriptorHidden[worker],
            ActivationMapShape(
                width: LocalHeadsPlan.descriptorChunk, height: 1, channels: HFNet.descriptorHidden, bordered: false))
    }

    /// `count` (at most `LocalHeadsPlan.descriptorChunk`) cells of layer 7 through the descriptor head: rows of `map`.
    private func runDescriptorHead(
        _ cells: UnsafePointer<Int32>, count: Int, into map: UnsafeMutablePointer<Int16>, worker: Int
    ) {
        let features = memory.localFeatures
        let hidden = descriptorHidden(worker)
        var hiddenLayer = unsafe weights.convolution("descriptor.hidden")
        var mapLayer = unsafe weights.convolution("descriptor.map")
        let rowBytes = 2 * model.descriptorDimension
        let mapGrid = hf_grid(
            width: Int32(LocalHeadsPlan.descriptorChunk), pixel_stride: rowBytes,
            row_stride: rowBytes * LocalHeadsPlan.descriptorChunk)
        unsafe table.convolution(
            &hiddenLayer, features.pixels, features.grid, memory.windowOffsets, cells, hidden.pixels, hidden.grid, 0,
            count)
        unsafe table.convolution(
            &mapLayer, hidden.pixels, hidden.grid, memory.noOffset, nil, map, mapGrid, 0, count)
    }

    /// The descriptor head at every cell, for a trace.
    func describeAllCells(recorder: LayerRecorder) {
        let (columns, rows, dimension) = (input.columns, input.rows, model.descriptorDimension)
        let cells = (0..<Int32(columns * rows)).map { $0 }
        var map = [Int16](repeating: 0, count: cells.count * dimension)
        for first in stride(from: 0, to: cells.count, by: columns) {
            for column in stride(from: 0, to: columns, by: LocalHeadsPlan.descriptorChunk) {
                let count = min(LocalHeadsPlan.descriptorChunk, columns - column)
                unsafe cells.withUnsafeBufferPointer { cells in
                    unsafe map.withUnsafeMutableBufferPointer { map in
                        guard let cells = cells.baseAddress, let map = map.baseAddress else { return }
                        unsafe runDescriptorHead(
                            cells + first + column, count: count, into: map + (first + column) * dimension, worker: 0)
                    }
                }
                recorder.recordRow(
                    "descriptor.hidden", descriptorHidden(0), width: columns, height: rows, row: first / columns,
                    column: column, count: count)
            }
        }
        unsafe map.withUnsafeBufferPointer { map in
            guard let map = map.baseAddress else { return }
            unsafe recorder.record(
                "descriptor.map", map, width: columns, height: rows, channels: dimension, first: 0, count: rows)
        }
    }
}
