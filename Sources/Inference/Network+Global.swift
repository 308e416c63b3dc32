internal import CKernels
internal import Features

/// The global head on layer 18.
extension Network {
    private var deepFeatures: ActivationMap {
        guard let last = blocks.last else { preconditionFailure("a network without blocks") }
        return last.output
    }

    /// Memberships, VLAD sums, projection and quantization.
    func gatherGlobal(into descriptor: inout GlobalDescriptor, recorder: LayerRecorder?) {
        let plan = memory.plan.global
        let features = deepFeatures
        let (width, height) = (features.shape.width, features.shape.height)
        let memberships = unsafe memory.values(plan.memberships, of: Int16.self)
        var layer = unsafe weights.convolution("vlad.memberships")
        let rowBytes = 2 * HFNet.clusters
        let grid = hf_grid(width: Int32(width), pixel_stride: rowBytes, row_stride: rowBytes * width)
        unsafe table.convolution(
            &layer, features.pixels, features.grid, memory.noOffset, nil, memberships, grid, 0, width * height)
        if let recorder {
            unsafe recorder.record(
                "vlad.memberships", memberships, width: width, height: height, channels: HFNet.clusters, first: 0,
                count: height)
        }
        let scratch = unsafe memory.values(plan.floats, of: Float.self)
        unsafe globalHead.vlad(
            features: features.pixels, memberships: memberships, cells: width * height, scratch: scratch)
        unsafe globalHead.project(
            scratch, integers: memory.values(plan.vladIntegers, of: Int8.self),
            products: memory.values(plan.products, of: Int32.self), into: unitDescriptor)
        unsafe globalHead.quantize(unitDescriptor, into: &descriptor)
    }

    /// The unit descriptor lies behind the VLAD vector; the sums' scratch is no longer needed there.
    private var unitDescriptor: UnsafeMutablePointer<Float> {
        unsafe memory.values(memory.plan.global.floats, of: Float.self) + HFNet.vladDimension
    }

    /// The normalized VLAD vector and the unit descriptor of the last `gatherGlobal`.
    var globalFloats: (vlad: [Float], descriptor: [Float]) {
        let vlad = unsafe memory.values(memory.plan.global.floats, of: Float.self)
        return unsafe (
            Array(UnsafeBufferPointer(start: vlad, count: HFNet.vladDimension)),
            Array(UnsafeBufferPointer(start: unitDescriptor, count: model.globalDimension))
        )
    }
}
