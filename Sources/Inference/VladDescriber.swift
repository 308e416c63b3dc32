internal import CKernels
package import Features
internal import Kernels

/// Global descriptors by a map's clusters, of what a network has seen before: the same bytes as a ``Network`` with
/// these clusters gives, without running it.
package final class VladDescriber {
    private let head: GlobalHead
    private var memory = AlignedMemory(count: 0)
    private var capacity = -1

    /// - Throws: ``ModelError`` where the clusters are not of the model's rows.
    package init(model: Model, clusters: VladClusters) throws(ModelError) {
        try Network.require(clusters, fit: model)
        guard let kernels = KernelTable(named: nil) else { preconditionFailure("a machine without kernels") }
        head = GlobalHead(model, clusters: clusters, kernels: kernels)
    }

    /// The descriptor of an image.
    ///
    /// - Parameters:
    ///   - cells: of layer 14, as ``Network/copyCells(into:)`` gives them.
    ///   - features: local descriptors, best first.
    package func describe(cells: [Int8], features: LocalFeatures) -> GlobalDescriptor {
        let count = cells.count / head.cells.channels
        let keypoints = min(features.count, HFNet.placeKeypoints)
        reserve(max(count, keypoints))
        let vlad = unsafe memory.pointer(0, count: head.vladDimension, of: Float.self)
        unsafe gather(head.cells, cells, count: count, into: vlad)
        unsafe gather(
            head.keypoints, features.descriptors, count: keypoints,
            into: vlad + head.cells.dimension)
        var descriptor = GlobalDescriptor(dimension: head.dimension)
        unsafe head.quantize(vlad, into: &descriptor)
        return descriptor
    }

    private func gather(_ sum: VladSum, _ values: [Int8], count: Int, into out: UnsafeMutablePointer<Float>) {
        guard count > 0, let logits = sum.logits else { return unsafe sum.clear(out) }
        let parts = parts
        let rows = unsafe memory.pointer(parts.rows, count: count * sum.channels, of: UInt8.self)
        for index in 0..<count * sum.channels {
            unsafe rows[index] = UInt8(bitPattern: values[index]) ^ UInt8(HF_ACTIVATION_XOR)
        }
        let memberships = unsafe memory.pointer(parts.logits, count: capacity * head.cells.clusters, of: Int16.self)
        let scratch = unsafe VladSum.Scratch(
            columns: memory.pointer(parts.columns, count: capacity * channels, of: Int8.self),
            weights: memory.pointer(parts.weights, count: capacity * head.cells.clusters, of: Int8.self),
            sums: memory.pointer(parts.sums, count: head.cells.clusters * channels, of: Int32.self),
            floats: memory.pointer(parts.floats, count: head.cells.clusters + channels, of: Float.self))
        unsafe logits.write(rows, count: count, scratch: scratch, into: memberships)
        unsafe sum.gather(rows: rows, logits: memberships, count: count, scratch: scratch, into: out)
    }

    private var channels: Int { max(head.cells.channels, head.keypoints.channels) }

    /// Where the parts of the memory begin, behind the VLAD vector.
    private var parts: (rows: Int, columns: Int, weights: Int, logits: Int, sums: Int, floats: Int, end: Int) {
        var end = 0
        func next(_ bytes: Int) -> Int {
            defer { end += AlignedMemory.aligned(bytes) }
            return end
        }
        _ = next(head.vladDimension * 4)
        return (
            next(capacity * channels), next(capacity * channels), next(capacity * head.cells.clusters),
            next(capacity * head.cells.clusters * 2), next(head.cells.clusters * channels * 4),
            next((head.cells.clusters + channels) * 4), end
        )
    }

    private func reserve(_ rows: Int) {
        let rows = VladSum.padded(rows)
        guard rows > capacity else { return }
        capacity = rows
        memory = AlignedMemory(count: parts.end)
    }
}
