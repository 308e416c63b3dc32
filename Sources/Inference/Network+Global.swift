internal import CKernels
internal import Features

/// The global head: on layer 14 and on the local descriptors.
extension Network {
    private var deepFeatures: ActivationMap {
        guard let last = blocks.last else { preconditionFailure("a network without blocks") }
        return last.output
    }

    /// Memberships, VLAD sums, projection and quantization.
    func gatherGlobal(_ local: LocalFeatures, into descriptor: inout GlobalDescriptor, recorder: LayerRecorder?) {
        let plan = memory.plan.global
        let deep = deepFeatures
        let vlad = unsafe memory.values(plan.vlad, of: Float.self)
        unsafe gather(
            globalHead.cells, HFNet.cellMemberships, rows: deep.pixels, width: deep.shape.width,
            height: deep.shape.height, into: vlad, recorder: recorder)
        let rows = unsafe memory.values(plan.keypointRows, of: UInt8.self)
        let count = unsafe load(local, into: rows)
        unsafe gather(
            globalHead.keypoints, HFNet.keypointMemberships, rows: rows, width: count, height: 1,
            into: vlad + globalHead.cells.dimension, recorder: recorder)
        unsafe globalHead.projection?.project(
            vlad, integers: memory.values(plan.vladIntegers, of: Int8.self),
            products: memory.values(plan.products, of: Int32.self), into: unitDescriptor, on: team)
        unsafe globalHead.quantize(unitDescriptor, into: &descriptor)
    }

    /// The best keypoints' descriptors in the kernels' memory format; returns their number.
    private func load(_ local: LocalFeatures, into rows: UnsafeMutablePointer<UInt8>) -> Int {
        let count = min(local.count, memory.plan.global.keypointLimit)
        for index in 0..<count * local.dimension {
            unsafe rows[index] = UInt8(bitPattern: local.descriptors[index]) ^ UInt8(HF_ACTIVATION_XOR)
        }
        return count
    }

    /// Memberships of `width * height` rows, which lie without gaps, and their VLAD sum: zero of none.
    private func gather(
        _ sum: VladSum, _ name: String, rows: UnsafePointer<UInt8>, width: Int, height: Int,
        into out: UnsafeMutablePointer<Float>, recorder: LayerRecorder?
    ) {
        let plan = memory.plan.global
        let count = width * height
        guard count > 0 else { return unsafe sum.clear(out) }
        let memberships = unsafe memory.values(plan.memberships, of: Int16.self)
        let scratch = unsafe VladSum.Scratch(
            columns: memory.values(plan.columns, of: Int8.self), weights: memory.values(plan.weights, of: Int8.self),
            sums: memory.values(plan.sums, of: Int32.self), floats: memory.values(plan.floats, of: Float.self))
        if let logits = sum.logits {
            unsafe logits.write(rows, count: count, scratch: scratch, into: memberships)
        } else {
            unsafe runMemberships(name, rows, channels: sum.channels, count: count, into: memberships)
        }
        if let recorder {
            unsafe recorder.record(
                name, memberships, width: width, height: height, channels: sum.clusters, first: 0, count: height)
        }
        unsafe sum.gather(rows: rows, logits: memberships, count: count, scratch: scratch, into: out)
    }

    /// The model's layer of memberships over rows.
    private func runMemberships(
        _ name: String, _ rows: UnsafePointer<UInt8>, channels: Int, count: Int,
        into memberships: UnsafeMutablePointer<Int16>
    ) {
        var layer = unsafe weights.convolution(name)
        let logitBytes = 2 * HFNet.clusters
        unsafe table.convolution(
            &layer, rows, hf_grid(width: Int32(count), pixel_stride: channels, row_stride: channels * count),
            memory.noOffset, nil, memberships,
            hf_grid(width: Int32(count), pixel_stride: logitBytes, row_stride: logitBytes * count), 0, count)
    }

    /// The cells of layer 14, [height / 16 * width / 16, channels], of the image of the last
    /// ``extractGlobal(of:into:)``: what ``VladDescriber`` and a fit of clusters take.
    package func copyCells(into cells: inout [Int8]) {
        let deep = deepFeatures
        let count = deep.shape.width * deep.shape.height * deep.shape.channels
        cells.removeAll(keepingCapacity: true)
        cells.reserveCapacity(count)
        for index in 0..<count { cells.append(unsafe Int8(bitPattern: deep.pixels[index] ^ UInt8(HF_ACTIVATION_XOR))) }
    }

    /// The descriptor before it is quantized: the projection's, or the VLAD vector itself.
    private var unitDescriptor: UnsafeMutablePointer<Float> {
        let plan = memory.plan.global
        return unsafe memory.values(globalHead.projection == nil ? plan.vlad : plan.descriptor, of: Float.self)
    }

    /// The VLAD vector and the unit descriptor of the last `gatherGlobal`.
    var globalFloats: (vlad: [Float], descriptor: [Float]) {
        let vlad = unsafe memory.values(memory.plan.global.vlad, of: Float.self)
        return unsafe (
            Array(UnsafeBufferPointer(start: vlad, count: globalHead.vladDimension)),
            Array(UnsafeBufferPointer(start: unitDescriptor, count: globalHead.dimension))
        )
    }
}
