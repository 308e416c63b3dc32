internal import CKernels
internal import Features

/// How much rows belong to clusters of a map, as the model's layers of memberships say it of the model's: softmax of
/// `-s |x - c|^2`, without what all clusters have in common: `2 s (c - m) x - s (|c|^2 - mean |c|^2)` (Model.md,
/// "Clusters of a map").
@safe struct ClusterLogits {
    /// Of a logit's integers.
    let scale: Float
    /// [clusters, channels], within -127...127.
    private let weights: [Int8]
    /// A logit's integer is `product * factors[k] + offsets[k]`, rounded.
    private let factors: [Float]
    private let offsets: [Float]
    private let channels: Int
    private let clusters: Int
    private let dotRows: KernelTable.DotRowsKernel

    /// Rows at once: their products lie where the sums will.
    private static let chunk = 256
    /// As of the model's own: what was seen lies within, with room for what was not.
    private static let largestInteger: Float = 16383 / 1.3

    init(_ rows: VladRows, clusters: VladClusters.Half, kernels: KernelTable) {
        let channels = rows.channels
        let count = clusters.centres.count / channels
        var mean = [Float](repeating: 0, count: channels)
        var squares: [Float] = []
        for cluster in 0..<count {
            var square: Float = 0
            for channel in 0..<channels {
                let value = clusters.centres[cluster * channels + channel]
                mean[channel] += value / Float(count)
                square += value * value
            }
            squares.append(square)
        }
        let meanSquare = squares.reduce(0, +) / Float(count)
        let scale = clusters.largestLogit / Self.largestInteger
        var (weights, factors, offsets): ([Int8], [Float], [Float]) = ([], [], [])
        for cluster in 0..<count {
            let row = (0..<channels).map { channel in
                2 * clusters.sharpness * (clusters.centres[cluster * channels + channel] - mean[channel])
            }
            let step = max(row.reduce(0) { max($0, abs($1)) }, 1e-12) / 127
            let integers = row.map { FloatRow.int8($0 / step) }
            let total = integers.reduce(Int32(0)) { $0 + Int32($1) }
            let factor = step * rows.scale
            let bias = -clusters.sharpness * (squares[cluster] - meanSquare) - factor * Float(total * rows.zeroPoint)
            weights += integers
            factors.append(factor / scale)
            offsets.append(bias / scale)
        }
        (self.scale, self.weights, self.factors, self.offsets) = (scale, weights, factors, offsets)
        (self.channels, self.clusters) = (channels, count)
        unsafe dotRows = kernels.dotRows
    }

    /// Logits [count, clusters] of rows in memory format, without gaps.
    func write(
        _ rows: UnsafePointer<UInt8>, count: Int, scratch: VladSum.Scratch, into logits: UnsafeMutablePointer<Int16>
    ) {
        let flip = UInt8(HF_ACTIVATION_XOR)
        for index in 0..<count * channels {
            unsafe scratch.columns[index] = Int8(bitPattern: rows[index] ^ flip)
        }
        unsafe weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            for first in stride(from: 0, to: count, by: Self.chunk) {
                let size = min(Self.chunk, count - first)
                for cluster in 0..<clusters {
                    unsafe dotRows(
                        scratch.columns + first * channels, size, channels, weights + cluster * channels, scratch.sums)
                    let (factor, offset) = (factors[cluster], offsets[cluster])
                    for row in 0..<size {
                        let value = unsafe Float(scratch.sums[row]) * factor + offset
                        unsafe logits[(first + row) * clusters + cluster] = Self.rounded(value)
                    }
                }
            }
        }
    }

    /// Half to even, saturated.
    private static func rounded(_ value: Float) -> Int16 {
        let magic: Float = 12_582_912  // 1.5 * 2^23
        return Int16(truncatingIfNeeded: Int32(bitPattern: (min(max(value, -32768), 32767) + magic).bitPattern))
    }
}
