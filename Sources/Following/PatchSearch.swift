internal import CKernels
internal import Geometry
internal import Kernels

/// Finds where a patch of the learned picture is in another, near where it is expected: to a few hundredths of a pixel.
/// Inverse compositional with the mean and the gain of each patch removed, coarse to fine (Baker and Matthews, IJCV
/// 2004).
@safe struct PatchSearch {
    private static let side = Int32(HF_PATCH_SIDE)
    private static let coarsest = 2
    private static let iterations = 10
    /// Least eigenvalue of the structure tensor over the patch's pixels, squares of grey levels a pixel.
    private static let leastTexture = 4.0
    /// Longest step, pixels of the level.
    private static let longestStep = 2.0
    /// A step is none below this, pixels of the level.
    private static let (still, stillCoarsely) = (0.01, 0.06)
    /// Least correlation with what is found.
    private static let leastCorrelation = 0.6
    /// What is found further from where it was expected is something else, pixels.
    private static let furthest = 16.0
    private static let gains = 0.25...4.0

    private let memory = AlignedMemory(count: MemoryLayout<hf_patch>.stride)
    private let patch: UnsafeMutablePointer<hf_patch>

    /// Allocates one patch.
    init() { unsafe patch = memory.pointer(0, count: 1, of: hf_patch.self) }

    /// Where the patch is; nil where it is not found.
    ///
    /// - Parameters:
    ///   - pixel: the patch's middle in the learned picture.
    ///   - reference: that picture.
    ///   - warp: steps in it for one pixel of the other.
    ///   - expected: where it is looked for in the other.
    ///   - picture: the other.
    ///   - kernels: of patches.
    func find(
        _ pixel: Vector2, of reference: ImagePyramid, warp: PatchWarp, near expected: Vector2, in picture: ImagePyramid,
        by kernels: PatchKernels
    ) -> Vector2? {
        var found = expected
        var correlation = 0.0
        for level in (0...Self.coarsest).reversed() {
            guard
                unsafe kernels.take(
                    patch, side: Self.side, from: reference.images[level], at: pixel.inLevel(level), warp: warp),
                let texture = Texture(unsafe PatchMoments(patch.pointee.moments, side: Self.side)),
                let place = settle(
                    texture, at: found.inLevel(level), in: picture, level, kernels)
            else {
                if level == 0 { return nil }
                continue
            }
            found = place.middle.fromLevel(level)
            correlation = place.correlation
        }
        let isFound =
            correlation >= Self.leastCorrelation
            && (found - expected).lengthSquared <= Self.furthest * Self.furthest
        return isFound ? found : nil
    }

    /// Steps until there is none. Nil where the patch leaves the picture.
    private func settle(
        _ texture: Texture, at start: Vector2, in picture: ImagePyramid, _ level: Int, _ kernels: PatchKernels
    ) -> (middle: Vector2, correlation: Double)? {
        var middle = start
        var correlation = 0.0
        for _ in 0..<Self.iterations {
            guard let held = unsafe kernels.hold(patch, against: picture.images[level], at: middle) else { return nil }
            let answer = texture.step(held.sums)
            let length = answer.step.length
            middle = held.middle - (length > Self.longestStep ? answer.step * (Self.longestStep / length) : answer.step)
            correlation = answer.correlation
            if length < (level == 0 ? Self.still : Self.stillCoarsely) { break }
        }
        return middle.isFinite ? (middle, correlation) : nil
    }

    /// What a patch says of where it is, its mean removed.
    private struct Texture {
        private let moments: PatchMoments
        private let (xx, xy, yy): (Double, Double, Double)
        private let variance: Double
        private let determinant: Double
        /// Of the values with the gradients.
        private let vx: Double
        private let vy: Double

        /// Nil where it has too little of it.
        init?(_ m: PatchMoments) {
            moments = m
            (xx, xy, yy) = (m.xx - m.x * m.x / m.count, m.xy - m.x * m.y / m.count, m.yy - m.y * m.y / m.count)
            (vx, vy) = (m.vx - m.v * m.x / m.count, m.vy - m.v * m.y / m.count)
            variance = m.vv - m.v * m.v / m.count
            determinant = xx * yy - xy * xy
            let trace = xx + yy
            let least = 0.5 * (trace - max(trace * trace - 4 * determinant, 0).squareRoot())
            guard least >= PatchSearch.leastTexture * m.count else { return nil }
        }

        /// How far the patch lies from where it was held, pixels of the level, and how well it correlates there.
        func step(_ s: hf_patch_sums) -> (step: Vector2, correlation: Double) {
            let (a, b) = (PatchMoments.value, PatchMoments.slope)
            let mean = Double(s.c) * a / moments.count
            let other = Double(s.cc) * a * a - mean * mean * moments.count
            let product = Double(s.cv) * a * a - mean * moments.v
            let gain = min(
                max(product / max(variance, 1e-3), PatchSearch.gains.lowerBound), PatchSearch.gains.upperBound)
            let x = (Double(s.cx) * a * b - mean * moments.x) / gain - vx
            let y = (Double(s.cy) * a * b - mean * moments.y) / gain - vy
            return (
                Vector2(yy * x - xy * y, xx * y - xy * x) / determinant,
                product / max(variance * other, 1e-6).squareRoot()
            )
        }
    }
}
