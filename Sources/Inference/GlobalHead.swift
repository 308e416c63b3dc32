internal import CKernels
internal import Container
internal import Features
internal import Parallelism

/// What follows the convolutions of the global branch: two VLAD sums, and their projection (Model.md, "The global
/// descriptor").
@safe struct GlobalHead {
    /// Of the cells of layer 14.
    let cells: VladSum
    /// Of the local descriptors.
    let keypoints: VladSum
    private let projection: TensorView<Int8>
    private let projectionScale: TensorView<Float>
    private let projectionBias: TensorView<Float>
    private let dotRows: KernelTable.DotRowsKernel
    private let vladScale: Float

    init(_ model: Model, kernels: KernelTable) {
        let layer = model.layer(HFNet.globalFeatures)
        cells = VladSum(
            model, layer: HFNet.cellMemberships, scale: layer.scale, zeroPoint: layer.zeroPoint, kernels: kernels)
        keypoints = VladSum(
            model, layer: HFNet.keypointMemberships, scale: 1 / Float(HFNet.descriptorScale), zeroPoint: 0,
            kernels: kernels)
        projection = model.tensor("projection.weight")
        projectionScale = model.tensor("projection.scale")
        projectionBias = model.tensor("projection.bias")
        unsafe dotRows = kernels.dotRows
        vladScale = model.vladScale
    }

    /// Numbers of the VLAD vector: the cells' half, then the keypoints'.
    var vladDimension: Int { HFNet.clusters * (cells.channels + keypoints.channels) }

    /// The unit global descriptor of a VLAD vector, as floats.
    ///
    /// `integers` holds `vladDimension` bytes, `products` and `out` as many values as the descriptor has
    /// dimensions (rounded up to a multiple of 8).
    func project(
        _ vlad: UnsafePointer<Float>, integers: UnsafeMutablePointer<Int8>, products: UnsafeMutablePointer<Int32>,
        into out: UnsafeMutablePointer<Float>, on team: WorkerTeam
    ) {
        for index in 0..<vladDimension { unsafe integers[index] = FloatRow.int8(vlad[index] / vladScale) }
        let dimension = projectionScale.count
        unsafe projection.withUnsafeBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            let groups = unsafe Rows(
                kernel: dotRows, rows: rows, count: dimension, length: vladDimension, vector: integers, out: products)
            team.run((dimension + Rows.size - 1) / Rows.size, groups)
        }
        let padded = (dimension + 7) / 8 * 8
        for index in dimension..<padded { unsafe out[index] = 0 }
        for index in 0..<dimension {
            unsafe out[index] = Float(products[index]) * (vladScale * projectionScale[index]) + projectionBias[index]
        }
        let squared = unsafe FloatRow.sumOfSquares(out, count: padded)
        unsafe FloatRow.scale(out, count: padded, by: FloatRow.unitFactor(squaredNorm: squared))
    }

    /// Rows of the projection that one worker multiplies.
    @safe private struct Rows: TeamTask {
        static let size = 32

        let kernel: KernelTable.DotRowsKernel
        let rows: UnsafePointer<Int8>
        let count: Int
        let length: Int
        let vector: UnsafePointer<Int8>
        let out: UnsafeMutablePointer<Int32>

        func run(item: Int, worker: Int) {
            let first = item * Self.size
            unsafe kernel(rows + first * length, min(Self.size, count - first), length, vector, out + first)
        }
    }

    /// The descriptor as int8 with its own scale, max|g| / 127.
    func quantize(_ unit: UnsafePointer<Float>, into descriptor: inout GlobalDescriptor) {
        let dimension = projectionScale.count
        if descriptor.values.count != dimension { descriptor = GlobalDescriptor(dimension: dimension) }
        var largest: Float = 0
        for index in 0..<dimension { unsafe largest = max(largest, abs(unit[index])) }
        descriptor.scale = max(largest, 1e-12) / 127
        let factor = 1 / descriptor.scale
        for index in 0..<dimension { descriptor.values[index] = unsafe FloatRow.int8(unit[index] * factor) }
    }
}
