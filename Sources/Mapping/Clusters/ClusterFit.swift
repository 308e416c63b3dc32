import Features
import Inference

/// Fits a map's clusters to a sample of its images' rows (Model.md, "Clusters of a map").
struct ClusterFit {
    /// Of each half.
    static let clusters = 64
    /// About so many rows of each kind, over all images: more do not change what retrieval finds.
    static let sample = 40_000
    /// A row at the usual distance of the nearest centre has the exponent -16, as in the model's head.
    static let exponent = 16.0

    private let rows: VladRows
    private let perImage: Int
    private var sample: [SIMD8<Float>] = []

    /// - Parameters:
    ///   - rows: what they are.
    ///   - images: how many will be added.
    init(_ rows: VladRows, images: Int) {
        self.rows = rows
        perImage = max(1, Self.sample / max(1, images))
    }

    private var width: Int { rows.channels / 8 }

    /// Adds rows of an image, evenly chosen.
    mutating func add(_ values: ArraySlice<Int8>) {
        let count = values.count / rows.channels
        let step = (count + perImage - 1) / perImage
        for row in stride(from: 0, to: count, by: max(1, step)) {
            for lane in 0..<width {
                var numbers = SIMD8<Float>.zero
                let first = values.startIndex + row * rows.channels + 8 * lane
                for index in 0..<8 { numbers[index] = Float(Int32(values[first + index]) - rows.zeroPoint) }
                sample.append(numbers)
            }
        }
    }

    /// The clusters of what was added; nil where that is too little, or all the same.
    func clusters(threads: Int) -> VladClusters.Half? {
        guard sample.count >= Self.clusters * width else { return nil }
        let found = KMeans(sample, width: width, clusters: Self.clusters, seed: 1, threads: threads)
        let scale = Double(rows.scale)
        let square = found.meanSquare * scale * scale
        guard square > 0 else { return nil }
        let centres = found.centres.flatMap { lane in (0..<8).map { Float(Double(lane[$0]) * scale) } }
        var half = VladClusters.Half(
            channels: rows.channels, centres: centres, sharpness: Float(Self.exponent / square), largestLogit: 1)
        half.largestLogit = largestLogit(of: found.centres, sharpness: Self.exponent / found.meanSquare)
        return half.isValid ? half : nil
    }

    /// The greatest of |2 s (c - m) x - s (|c|^2 - mean |c|^2)| over the sample, in its integers.
    private func largestLogit(of centres: [SIMD8<Float>], sharpness: Double) -> Float {
        let count = Self.clusters
        var mean = [SIMD8<Float>](repeating: .zero, count: width)
        for index in centres.indices { mean[index % width] += centres[index] / Float(count) }
        let squares = (0..<count).map { cluster in
            (0..<width).reduce(Float(0)) { $0 + (centres[cluster * width + $1] * centres[cluster * width + $1]).total }
        }
        let meanSquare = squares.reduce(0, +) / Float(count)
        var largest: Float = 0
        for first in stride(from: 0, to: sample.count, by: width) {
            for cluster in 0..<count {
                var lanes = SIMD8<Float>.zero
                for lane in 0..<width {
                    lanes += sample[first + lane] * (centres[cluster * width + lane] - mean[lane])
                }
                largest = max(largest, abs(2 * lanes.total - (squares[cluster] - meanSquare)))
            }
        }
        return largest * Float(sharpness)
    }
}
