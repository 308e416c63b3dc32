import Parallelism
import PoseEstimation

/// Lloyd's k-means with a fixed seed. Rows are whole numbers, so that sums are exact and the centres are the same for
/// any number of threads.
package struct KMeans {
    /// [rows, width] in lanes of eight channels.
    private let rows: [SIMD8<Float>]
    private let width: Int
    private let threads: Int
    /// [clusters, width].
    package private(set) var centres: [SIMD8<Float>] = []
    /// Mean over the rows of the squared distance to the nearest centre.
    package private(set) var meanSquare = 0.0

    /// More do not move the centres of images by much.
    private static let rounds = 20
    /// Rows of a task: how they are parted must not depend on the threads.
    private static let chunk = 1024

    /// - Parameters:
    ///   - rows: at least `clusters` of them, one behind the other.
    ///   - width: of a row, in lanes of eight channels.
    ///   - clusters: how many.
    ///   - seed: chooses the rows that the centres begin at.
    ///   - threads: that work.
    package init(_ rows: [SIMD8<Float>], width: Int, clusters: Int, seed: UInt64, threads: Int) {
        (self.rows, self.width, self.threads) = (rows, width, threads)
        precondition(count >= clusters, "KMeans: a row for each cluster")
        centres = Self.chosen(clusters, of: count, seed: seed).flatMap { rows[$0 * width..<($0 + 1) * width] }
        for _ in 0..<Self.rounds { move() }
        meanSquare = parts().reduce(0) { $0 + $1.squares } / Double(count)
    }

    /// How many rows there are.
    private var count: Int { rows.count / width }

    /// Different numbers below `bound`: the first of a shuffle.
    private static func chosen(_ count: Int, of bound: Int, seed: UInt64) -> [Int] {
        var generator = SplitMix64(seed: seed)
        var numbers = Array(0..<bound)
        for index in 0..<count {
            numbers.swapAt(index, index + generator.index(below: bound - index))
        }
        return Array(numbers.prefix(count))
    }

    /// What the rows of a task give.
    private struct Part: Sendable {
        var sums: [SIMD8<Float>]
        var counts: [Int]
        var squares = 0.0
    }

    /// Each centre to the mean of its rows; one without any stays.
    private mutating func move() {
        var sums = [SIMD8<Double>](repeating: .zero, count: centres.count)
        var counts = [Int](repeating: 0, count: centres.count / width)
        for part in parts() {
            for index in sums.indices { sums[index] += SIMD8<Double>(part.sums[index]) }
            for index in counts.indices { counts[index] += part.counts[index] }
        }
        for index in centres.indices where counts[index / width] > 0 {
            centres[index] = SIMD8<Float>(sums[index] / Double(counts[index / width]))
        }
    }

    private func parts() -> [Part] {
        let (rows, centres, width, count) = (rows, centres, width, count)
        return Parallel.map((count + Self.chunk - 1) / Self.chunk, threads: threads) { task in
            var part = Part(
                sums: [SIMD8<Float>](repeating: .zero, count: centres.count),
                counts: [Int](repeating: 0, count: centres.count / width))
            for row in task * Self.chunk..<min(count, (task + 1) * Self.chunk) {
                let (cluster, square) = Self.nearest(rows, row, centres, width)
                for lane in 0..<width { part.sums[cluster * width + lane] += rows[row * width + lane] }
                part.counts[cluster] += 1
                part.squares += Double(square)
            }
            return part
        }
    }

    /// The centre nearest to a row, of equal ones the first, and the squared distance.
    private static func nearest(
        _ rows: [SIMD8<Float>], _ row: Int, _ centres: [SIMD8<Float>], _ width: Int
    ) -> (cluster: Int, square: Float) {
        var best = (cluster: 0, square: Float.infinity)
        for cluster in 0..<centres.count / width {
            var lanes = SIMD8<Float>.zero
            for lane in 0..<width {
                let difference = rows[row * width + lane] - centres[cluster * width + lane]
                lanes += difference * difference
            }
            let square = lanes.total
            if square < best.square { best = (cluster, square) }
        }
        return best
    }
}

extension SIMD8<Float> {
    /// Of all lanes, in a fixed order.
    var total: Float {
        let four = lowHalf + highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }
}
