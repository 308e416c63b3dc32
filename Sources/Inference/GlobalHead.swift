internal import Features

/// What follows the convolutions of the global branch: two VLAD sums (Model.md, "The global descriptor"), and their
/// projection where the clusters are the model's.
@safe struct GlobalHead {
    /// Of the cells of layer 14.
    let cells: VladSum
    /// Of the local descriptors.
    let keypoints: VladSum
    /// Nil where the clusters are a map's: their VLAD vector is the descriptor.
    let projection: GlobalProjection?

    /// - Parameters:
    ///   - model: that gives the rows, and clusters and projection where no others are given.
    ///   - clusters: of a map, whose halves have as many channels as the model's rows.
    ///   - kernels: of the processor.
    init(_ model: Model, clusters: VladClusters?, kernels: KernelTable) {
        if let clusters {
            cells = VladSum(model.cellRows, clusters: clusters.cells, kernels: kernels)
            keypoints = VladSum(model.keypointRows, clusters: clusters.keypoints, kernels: kernels)
            projection = nil
            return
        }
        cells = VladSum(model.cellRows, memberships: HFNet.cellMemberships, of: model, kernels: kernels)
        keypoints = VladSum(model.keypointRows, memberships: HFNet.keypointMemberships, of: model, kernels: kernels)
        projection = GlobalProjection(model, vladDimension: cells.dimension + keypoints.dimension, kernels: kernels)
    }

    /// Numbers of the VLAD vector: the cells' half, then the keypoints'.
    var vladDimension: Int { cells.dimension + keypoints.dimension }
    /// Numbers of the descriptor.
    var dimension: Int { projection?.dimension ?? vladDimension }

    /// The descriptor as int8 with its own scale, max|g| / 127.
    func quantize(_ unit: UnsafePointer<Float>, into descriptor: inout GlobalDescriptor) {
        let dimension = dimension
        if descriptor.values.count != dimension { descriptor = GlobalDescriptor(dimension: dimension) }
        var largest: Float = 0
        for index in 0..<dimension { unsafe largest = max(largest, abs(unit[index])) }
        descriptor.scale = max(largest, 1e-12) / 127
        let factor = 1 / descriptor.scale
        for index in 0..<dimension { descriptor.values[index] = unsafe FloatRow.int8(unit[index] * factor) }
    }
}
