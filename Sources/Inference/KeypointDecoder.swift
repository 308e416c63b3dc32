package import Features
internal import Glibc
internal import Kernels

/// Finds the best keypoints of a map of scores: local maxima, threshold, the best k, sub-pixel peaks (Model.md, "Float
/// parts").
///
/// One pass over the rows; the window maximum is separable, three pixels at a time, so its cost does not depend on the
/// scores. Ties are settled by row order. Allocates nothing.
@safe package struct KeypointDecoder {
    /// Of the square window, pixels; 2, 3 or 4, for maxima of three make up the window.
    static let radius = 2

    let scores: UnsafePointer<Float>
    let width: Int
    let height: Int
    /// Rows of working memory, and the keys of the best keypoints so far.
    private let padded: UnsafeMutablePointer<Float>
    private let triples: UnsafeMutablePointer<Float>
    private let across: UnsafeMutablePointer<Float>
    private let down: UnsafeMutablePointer<Float>
    private let taken: UnsafeMutablePointer<UInt8>
    private let keys: UnsafeMutablePointer<UInt64>

    private static func rowFloats(_ width: Int) -> Int { AlignedMemory.aligned(4 * (width + 2 * radius)) / 4 }

    /// Of floats: a padded row, its maxima of three, 4 rows of maxima across, 8 of maxima of three of those; 8 rows of
    /// flags; keys.
    package static func scratchBytes(width: Int, maximumKeypoints: Int) -> Int {
        rowFloats(width) * (4 * 14 + 8) + 8 * maximumKeypoints
    }

    /// A decoder of `width` x `height` scores, row by row; `scratch` holds ``scratchBytes(width:maximumKeypoints:)``.
    package init(
        scores: UnsafePointer<Float>, width: Int, height: Int, scratch: UnsafeMutableRawPointer, maximumKeypoints: Int
    ) {
        precondition(width % 8 == 0 && width * height < 1 << 32, "a map of cells")
        let row = Self.rowFloats(width)
        unsafe self.scores = scores
        self.width = width
        self.height = height
        let floats = unsafe scratch.bindMemory(to: Float.self, capacity: 14 * row)
        unsafe padded = floats
        unsafe triples = floats + row
        unsafe across = floats + 2 * row
        unsafe down = floats + 6 * row
        unsafe taken = (scratch + 56 * row).bindMemory(to: UInt8.self, capacity: 8 * row)
        unsafe keys = (scratch + 64 * row).bindMemory(to: UInt64.self, capacity: maximumKeypoints)
        unsafe scratch.initializeMemory(as: UInt8.self, repeating: 0, count: 64 * row)
    }

    private func acrossRow(_ y: Int) -> UnsafeMutablePointer<Float> { unsafe across + (y & 3) * Self.rowFloats(width) }
    private func downRow(_ y: Int) -> UnsafeMutablePointer<Float> { unsafe down + (y & 7) * Self.rowFloats(width) }
    private func takenRow(_ y: Int) -> UnsafeMutablePointer<UInt8> { unsafe taken + (y & 7) * Self.rowFloats(width) }

    /// Replaces `keypoints` by the best, at most `limit`, best first. `limit` is at most the scratch's
    /// `maximumKeypoints`.
    package func decode(limit: Int, threshold: Float, into keypoints: inout [Keypoint]) {
        keypoints.removeAll(keepingCapacity: true)
        var best = unsafe BestKeys(keys: keys, capacity: limit)
        for y in 0..<height + Self.radius {
            maximaAcross(y)
            // Maxima of three rows: y - 2 ... y.
            unsafe Self.maximum(
                acrossRow(y - 2), acrossRow(y - 1), acrossRow(y), into: downRow(y - 2), count: width)
            let centre = y - Self.radius
            if centre >= 0 { scan(centre, threshold: threshold, best: &best) }
        }
        best.sortDescending()
        for rank in 0..<best.count {
            let index = unsafe Int(~UInt32(truncatingIfNeeded: keys[rank]))
            keypoints.append(refined(x: index % width, y: index / width))
        }
    }

    /// Row `y` of maxima over the window's width across; zero below the map.
    private func maximaAcross(_ y: Int) {
        let out = unsafe acrossRow(y)
        guard y < height else {
            unsafe out.update(repeating: 0, count: width)
            return
        }
        unsafe (padded + Self.radius).update(from: scores + y * width, count: width)
        unsafe Self.maximum(padded, padded + 1, padded + 2, into: triples, count: width + 2 * Self.radius - 2)
        let step = Self.radius - 1
        unsafe Self.maximum(triples, triples + step, triples + 2 * step, into: out, count: width)
    }

    private static func maximum(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
        into out: UnsafeMutablePointer<Float>, count: Int
    ) {
        for index in 0..<count {
            let ab = unsafe a[index] > b[index] ? a[index] : b[index]
            unsafe out[index] = ab > c[index] ? ab : c[index]
        }
    }

    /// Offers the maxima of row `y` to `best`.
    private func scan(_ y: Int, threshold: Float, best: inout BestKeys) {
        let row = unsafe scores + y * width
        let (a, b, c) = unsafe (downRow(y - Self.radius), downRow(y - 1), downRow(y + Self.radius - 2))
        let flags = unsafe takenRow(y)
        unsafe flags.update(repeating: 0, count: width + 2 * Self.radius)
        let floor = SIMD8<Float>(repeating: threshold)
        for x in stride(from: 0, to: width, by: 8) {
            let score = unsafe FloatRow.load(row + x)
            let isHigh =
                unsafe (score .>= floor) .& (score .>= FloatRow.load(a + x)) .& (score .>= FloatRow.load(b + x))
                .& (score .>= FloatRow.load(c + x))
            guard any(isHigh) else { continue }
            for lane in 0..<8 where isHigh[lane] {
                let isFirst = !isTaken(x: x + lane, y: y)
                unsafe flags[x + lane + Self.radius] = 1
                if isFirst {
                    let index = UInt32(y * width + x + lane)
                    best.offer(UInt64(score[lane].bitPattern) << 32 | UInt64(~index))
                }
            }
        }
    }

    /// Whether an equal maximum lies earlier in row order within the window.
    private func isTaken(x: Int, y: Int) -> Bool {
        let reach = 2 * Self.radius + 1  // flags are padded by the radius: column x is the window's first
        for dx in 0..<Self.radius where unsafe takenRow(y)[x + dx] != 0 { return true }
        for dy in 1...min(Self.radius, max(y, 1)) where y >= dy {
            let flags = unsafe takenRow(y - dy) + x
            for dx in 0..<reach where unsafe flags[dx] != 0 { return true }
        }
        return false
    }

    /// The keypoint with its peak: that of a parabola through three log scores per axis.
    private func refined(x: Int, y: Int) -> Keypoint {
        let index = y * width + x
        let dx = x > 0 && x < width - 1 ? offset(index, 1) : 0
        let dy = y > 0 && y < height - 1 ? offset(index, width) : 0
        return Keypoint(x: Float(x) + dx, y: Float(y) + dy, score: unsafe scores[index])
    }

    private func offset(_ index: Int, _ step: Int) -> Float {
        let before = unsafe logf(max(scores[index - step], 1e-12))
        let centre = unsafe logf(max(scores[index], 1e-12))
        let after = unsafe logf(max(scores[index + step], 1e-12))
        let curvature = before - 2 * centre + after
        guard curvature < 0 else { return 0 }
        return min(max(0.5 * (before - after) / curvature, -0.5), 0.5)
    }
}
