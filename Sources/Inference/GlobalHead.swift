internal import CKernels
internal import Container
internal import Features

/// The float part of the global branch: VLAD sums, normalizations, projection (Model.md, "Float parts").
@safe struct GlobalHead {
    private let centres: TensorView<Float>
    private let projection: TensorView<Int8>
    private let projectionScale: TensorView<Float>
    private let projectionBias: TensorView<Float>
    private let dotRows: KernelTable.DotRowsKernel
    private let vladScale: Float
    private let featureScale: Float
    private let featureZero: Int32
    private let membershipScale: Float

    private static let clusters = HFNet.clusters
    private static let features = HFNet.vladFeatures
    /// Cells whose residuals are summed in one pass over the clusters.
    private static let group = 4

    init(_ model: Model, kernels: KernelTable) {
        centres = model.tensor("vlad.centres")
        projection = model.tensor("projection.weight")
        projectionScale = model.tensor("projection.scale")
        projectionBias = model.tensor("projection.bias")
        unsafe dotRows = kernels.dotRows
        vladScale = model.vladScale
        let layer = model.layer(HFNet.globalFeatures)
        featureScale = layer.scale
        featureZero = layer.zeroPoint
        membershipScale = model.layer("vlad.memberships").scale
    }

    /// The VLAD vector; then `group` cells of features and memberships, membership sums and norms per feature, or the
    /// descriptor.
    static func scratchFloats(globalDimension: Int) -> Int {
        HFNet.vladDimension + max(group * (features + clusters) + clusters + features, (globalDimension + 7) / 8 * 8)
    }

    /// The normalized VLAD vector of `cells` cells, into the first `HFNet.vladDimension` floats of `scratch`.
    ///
    /// `features` [cells, 240] in memory format, `memberships` [cells, 32] logits.
    func vlad(
        features: UnsafePointer<UInt8>, memberships: UnsafePointer<Int16>, cells: Int,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let (sums, x) = unsafe (scratch, scratch + HFNet.vladDimension)
        let a = unsafe x + Self.group * Self.features
        let totals = unsafe a + Self.group * Self.clusters
        let norms = unsafe totals + Self.clusters
        unsafe sums.update(repeating: 0, count: HFNet.vladDimension)
        unsafe totals.update(repeating: 0, count: Self.clusters)
        for first in stride(from: 0, to: cells, by: Self.group) {
            for member in 0..<Self.group {
                let cell = first + member
                unsafe load(
                    cell < cells ? features + cell * Self.features : nil, memberships + cell * Self.clusters,
                    x: x + member * Self.features, a: a + member * Self.clusters)
            }
            unsafe accumulate(x: x, a: a, sums: sums, totals: totals)
        }
        unsafe finish(sums: sums, totals: totals, norms: norms)
    }

    /// Dequantizes one cell's features and takes the softmax of its memberships; no cell counts as zeros.
    private func load(
        _ features: UnsafePointer<UInt8>?, _ memberships: UnsafePointer<Int16>, x: UnsafeMutablePointer<Float>,
        a: UnsafeMutablePointer<Float>
    ) {
        guard let features = unsafe features else {
            unsafe x.update(repeating: 0, count: Self.features)
            unsafe a.update(repeating: 0, count: Self.clusters)
            return
        }
        for index in 0..<Self.features {
            let q = unsafe Int32(Int8(bitPattern: features[index] ^ UInt8(HF_ACTIVATION_XOR)))
            unsafe x[index] = FloatRow.float(q &- featureZero) * featureScale
        }
        let sum = unsafe Softmax.exponentials(memberships, count: Self.clusters, scale: membershipScale, into: a)
        unsafe FloatRow.scale(a, count: Self.clusters, by: 1 / sum)
    }

    /// `sums[k] += a_k * x` and `totals[k] += a_k` over a group of cells.
    private func accumulate(
        x: UnsafePointer<Float>, a: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>,
        totals: UnsafeMutablePointer<Float>
    ) {
        let (n, k) = (Self.features, Self.clusters)
        for cluster in 0..<k {
            let (a0, a1) = unsafe (a[cluster], a[k + cluster])
            let (a2, a3) = unsafe (a[2 * k + cluster], a[3 * k + cluster])
            unsafe totals[cluster] += (a0 + a1) + (a2 + a3)
            let sum = unsafe sums + cluster * n
            for index in stride(from: 0, to: n, by: 8) {
                let first = unsafe FloatRow.load(x + index) * a0 + FloatRow.load(x + n + index) * a1
                let second = unsafe FloatRow.load(x + 2 * n + index) * a2 + FloatRow.load(x + 3 * n + index) * a3
                unsafe FloatRow.store(FloatRow.load(sum + index) + (first + second), to: sum + index)
            }
        }
    }

    /// Residuals from the sums: `a_k * (c_k - x)` summed is `totals[k] * c_k - sums[k]`. Then both normalizations.
    private func finish(
        sums: UnsafeMutablePointer<Float>, totals: UnsafePointer<Float>, norms: UnsafeMutablePointer<Float>
    ) {
        let n = Self.features
        unsafe norms.update(repeating: 0, count: n)
        unsafe centres.withUnsafeBufferPointer { centres in
            for cluster in 0..<Self.clusters {
                for index in 0..<n {
                    let residual = unsafe totals[cluster] * centres[cluster * n + index] - sums[cluster * n + index]
                    unsafe sums[cluster * n + index] = residual
                    unsafe norms[index] += residual * residual
                }
            }
        }
        for index in 0..<n { unsafe norms[index] = FloatRow.unitFactor(squaredNorm: norms[index]) }
        for cluster in 0..<Self.clusters {
            for index in 0..<n { unsafe sums[cluster * n + index] *= norms[index] }
        }
        let squared = unsafe FloatRow.sumOfSquares(sums, count: HFNet.vladDimension)
        unsafe FloatRow.scale(sums, count: HFNet.vladDimension, by: FloatRow.unitFactor(squaredNorm: squared))
    }

    /// The unit global descriptor of a VLAD vector, as floats.
    ///
    /// `integers` holds `HFNet.vladDimension` bytes, `products` and `out` as many values as the descriptor has
    /// dimensions (rounded up to a multiple of 8).
    func project(
        _ vlad: UnsafePointer<Float>, integers: UnsafeMutablePointer<Int8>, products: UnsafeMutablePointer<Int32>,
        into out: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<HFNet.vladDimension { unsafe integers[index] = FloatRow.int8(vlad[index] / vladScale) }
        let dimension = projectionScale.count
        unsafe projection.withUnsafeBufferPointer { rows in
            unsafe dotRows(rows.baseAddress, dimension, HFNet.vladDimension, integers, products)
        }
        let padded = (dimension + 7) / 8 * 8
        for index in dimension..<padded { unsafe out[index] = 0 }
        for index in 0..<dimension {
            unsafe out[index] = Float(products[index]) * (vladScale * projectionScale[index]) + projectionBias[index]
        }
        let squared = unsafe FloatRow.sumOfSquares(out, count: padded)
        unsafe FloatRow.scale(out, count: padded, by: FloatRow.unitFactor(squaredNorm: squared))
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
