internal import CKernels
internal import Features

/// One half of the VLAD vector: what is left of rows, cells of layer 14 or local descriptors, when their clusters'
/// centres are taken away (Model.md, "The global descriptor").
///
/// Memberships are rounded to 1/127, so that all sums are those of integers: exact, and the business of `dot_rows`.
@safe struct VladSum {
    /// Numbers in a row, a multiple of 8.
    let channels: Int
    /// How many there are, a multiple of 8.
    let clusters: Int
    /// The memberships of a map's clusters; nil where a layer of the model gives them.
    let logits: ClusterLogits?
    private let centres: [Float]
    private let scale: Float
    private let zeroPoint: Int32
    private let membershipScale: Float
    private let dotRows: KernelTable.DotRowsKernel

    /// Memory of one sum; see `GlobalHeadPlan`.
    @safe struct Scratch {
        /// Rows and memberships with rows innermost: `channels` and `clusters` times `padded(rows)` bytes, the first
        /// at least as many as the rows have.
        let columns: UnsafeMutablePointer<Int8>
        let weights: UnsafeMutablePointer<Int8>
        /// `clusters * channels`.
        let sums: UnsafeMutablePointer<Int32>
        /// `clusters`, and `channels`.
        let floats: UnsafeMutablePointer<Float>
    }

    /// A membership of 1.
    private static let whole: Float = 127

    /// - Parameters:
    ///   - rows: that are gathered.
    ///   - layer: of the model, whose output are the memberships' logits, and which has centres.
    ///   - model: that has the layer.
    ///   - kernels: of the processor.
    init(_ rows: VladRows, memberships layer: String, of model: Model, kernels: KernelTable) {
        self.init(
            rows, centres: Array(model.tensor("\(layer).centres", of: Float.self)), logits: nil,
            membershipScale: model.layer(layer).scale, kernels: kernels)
    }

    /// - Parameters:
    ///   - rows: that are gathered.
    ///   - clusters: of a map.
    ///   - kernels: of the processor.
    init(_ rows: VladRows, clusters: VladClusters.Half, kernels: KernelTable) {
        let logits = ClusterLogits(rows, clusters: clusters, kernels: kernels)
        self.init(
            rows, centres: clusters.centres, logits: logits, membershipScale: logits.scale, kernels: kernels)
    }

    private init(
        _ rows: VladRows, centres: [Float], logits: ClusterLogits?, membershipScale: Float, kernels: KernelTable
    ) {
        (channels, scale, zeroPoint) = (rows.channels, rows.scale, rows.zeroPoint)
        clusters = centres.count / rows.channels
        (self.centres, self.logits, self.membershipScale) = (centres, logits, membershipScale)
        unsafe dotRows = kernels.dotRows
    }

    /// Numbers that ``gather(rows:logits:count:scratch:into:)`` writes.
    var dimension: Int { clusters * channels }

    /// Rows in memory: rounded up to what `dot_rows` takes.
    static func padded(_ rows: Int) -> Int { (rows + 7) / 8 * 8 }

    /// What no rows give: all zero.
    func clear(_ out: UnsafeMutablePointer<Float>) {
        unsafe out.update(repeating: 0, count: clusters * channels)
    }

    /// The normalized residuals [clusters, channels] of `count` rows, at least one, into `out`.
    ///
    /// `rows` in memory format, without gaps; `logits` [count, clusters].
    func gather(
        rows: UnsafePointer<UInt8>, logits: UnsafePointer<Int16>, count: Int, scratch: Scratch,
        into out: UnsafeMutablePointer<Float>
    ) {
        let padded = Self.padded(count)
        unsafe turn(rows, count: count, padded: padded, into: scratch.columns)
        unsafe weigh(logits, count: count, padded: padded, floats: scratch.floats, into: scratch.weights)
        for cluster in 0..<clusters {
            unsafe dotRows(
                scratch.columns, channels, padded, scratch.weights + cluster * padded,
                scratch.sums + cluster * channels)
        }
        unsafe subtract(scratch, padded: padded, into: out)
        unsafe normalize(out, norms: scratch.floats + clusters)
    }

    /// Turns rows [count, channels] into columns [channels, padded] of signed integers.
    private func turn(
        _ rows: UnsafePointer<UInt8>, count: Int, padded: Int, into columns: UnsafeMutablePointer<Int8>
    ) {
        let flip = UInt8(HF_ACTIVATION_XOR)
        for channel in 0..<channels {
            let column = unsafe columns + channel * padded
            for row in 0..<count {
                unsafe column[row] = unsafe Int8(bitPattern: rows[row * channels + channel] ^ flip)
            }
            for row in count..<padded { unsafe column[row] = 0 }
        }
    }

    /// Memberships [clusters, padded] of logits [count, clusters]: their softmax, of which 1 is 127.
    private func weigh(
        _ logits: UnsafePointer<Int16>, count: Int, padded: Int, floats: UnsafeMutablePointer<Float>,
        into weights: UnsafeMutablePointer<Int8>
    ) {
        for row in 0..<count {
            let sum = unsafe Softmax.exponentials(
                logits + row * clusters, count: clusters, scale: membershipScale, into: floats)
            let factor = Self.whole / sum
            for cluster in 0..<clusters {
                unsafe weights[cluster * padded + row] = FloatRow.int8(floats[cluster] * factor)
            }
        }
        for cluster in 0..<clusters {
            for row in count..<padded { unsafe weights[cluster * padded + row] = 0 }
        }
    }

    /// `out[k] = sum over rows of a_k * (x - c_k)`, times 127: a normalization follows.
    private func subtract(_ scratch: Scratch, padded: Int, into out: UnsafeMutablePointer<Float>) {
        unsafe centres.withUnsafeBufferPointer { centres in
            for cluster in 0..<clusters {
                var total: Int32 = 0
                for row in 0..<padded { unsafe total &+= Int32(scratch.weights[cluster * padded + row]) }
                for index in cluster * channels..<(cluster + 1) * channels {
                    let sum = unsafe Float(scratch.sums[index] &- total &* zeroPoint)
                    unsafe out[index] = sum * scale - Float(total) * centres[index]
                }
            }
        }
    }

    /// Each channel over the clusters (the released HF-Net's way), then the whole to half of the squared length of a
    /// unit vector.
    private func normalize(_ values: UnsafeMutablePointer<Float>, norms: UnsafeMutablePointer<Float>) {
        let count = clusters * channels
        unsafe norms.update(repeating: 0, count: channels)
        for start in stride(from: 0, to: count, by: channels) {
            for channel in 0..<channels {
                let value = unsafe values[start + channel]
                unsafe norms[channel] += value * value
            }
        }
        for channel in 0..<channels { unsafe norms[channel] = FloatRow.unitFactor(squaredNorm: norms[channel]) }
        for start in stride(from: 0, to: count, by: channels) {
            for channel in 0..<channels { unsafe values[start + channel] *= norms[channel] }
        }
        let squared = unsafe FloatRow.sumOfSquares(values, count: count)
        unsafe FloatRow.scale(
            values, count: count, by: Float(0.5).squareRoot() * FloatRow.unitFactor(squaredNorm: squared))
    }
}
