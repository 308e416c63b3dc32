internal import CKernels
internal import Container
internal import Parallelism

/// The model's projection of a VLAD vector to the global descriptor (Model.md, "The global descriptor").
@safe struct GlobalProjection {
    private let weight: TensorView<Int8>
    private let scale: TensorView<Float>
    private let bias: TensorView<Float>
    private let dotRows: KernelTable.DotRowsKernel
    private let vladScale: Float
    private let vladDimension: Int

    init(_ model: Model, vladDimension: Int, kernels: KernelTable) {
        weight = model.tensor("projection.weight")
        scale = model.tensor("projection.scale")
        bias = model.tensor("projection.bias")
        unsafe dotRows = kernels.dotRows
        vladScale = model.vladScale
        self.vladDimension = vladDimension
    }

    /// Numbers of the descriptor.
    var dimension: Int { scale.count }

    /// The unit global descriptor of a VLAD vector, as floats.
    ///
    /// `integers` holds as many bytes as the vector has numbers, `products` and `out` as many values as the descriptor
    /// has dimensions (rounded up to a multiple of 8).
    func project(
        _ vlad: UnsafePointer<Float>, integers: UnsafeMutablePointer<Int8>, products: UnsafeMutablePointer<Int32>,
        into out: UnsafeMutablePointer<Float>, on team: WorkerTeam
    ) {
        for index in 0..<vladDimension { unsafe integers[index] = FloatRow.int8(vlad[index] / vladScale) }
        unsafe weight.withUnsafeBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            let groups = unsafe Rows(
                kernel: dotRows, rows: rows, count: dimension, length: vladDimension, vector: integers, out: products)
            team.run((dimension + Rows.size - 1) / Rows.size, groups)
        }
        let padded = (dimension + 7) / 8 * 8
        for index in dimension..<padded { unsafe out[index] = 0 }
        for index in 0..<dimension {
            unsafe out[index] = Float(products[index]) * (vladScale * scale[index]) + bias[index]
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
}
