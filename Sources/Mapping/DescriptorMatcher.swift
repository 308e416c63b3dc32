internal import CKernels
import Features
import Kernels

/// A match of keypoint `a` of one image with keypoint `b` of another.
struct DescriptorMatch: Equatable {
    var a: Int32
    var b: Int32
    /// Dot product of the descriptors: 65536 times their cosine.
    var dot: Int32
}

/// Mutual nearest neighbours of two images' descriptors, by the int8 kernels. Its buffers grow to the largest pair and
/// stay.
@safe struct DescriptorMatcher: ~Copyable {
    private let kernels: UnsafePointer<hf_kernels>
    private let dimension: Int
    private let largestRatio: Float
    private let leastDot: Int32
    private var scratch = AlignedMemory(count: 0)
    /// Every row is a landmark of its own.
    private var identity: [UInt32] = []
    private var forward: [hf_best] = []
    private var backward: [hf_best] = []

    init(dimension: Int, leastSimilarity: Float, largestRatio: Float) {
        precondition(dimension % 8 == 0 && dimension <= 512, "DescriptorMatcher: the kernels' dimensions")
        guard let best = unsafe hf_kernels_best() else { preconditionFailure("there is always a scalar table") }
        unsafe kernels = best
        self.dimension = dimension
        self.largestRatio = largestRatio
        leastDot = Int32(leastSimilarity * 65_536)
    }

    /// Replaces `matches` by the mutual nearest neighbours of `a` and `b`, ascending in `a`'s keypoints.
    mutating func match(_ a: LocalFeatures, _ b: LocalFeatures, into matches: inout [DescriptorMatch]) {
        matches.removeAll(keepingCapacity: true)
        if a.count == 0 || b.count == 0 { return }
        reserve(max(a.count, b.count))
        var (forward, backward) = (self.forward, self.backward)
        (self.forward, self.backward) = ([], [])
        search(a, in: b, &forward)
        search(b, in: a, &backward)
        for (index, best) in forward.prefix(a.count).enumerated() {
            guard best.index >= 0, backward[Int(best.index)].index == Int32(index), accepts(best) else { continue }
            matches.append(DescriptorMatch(a: Int32(index), b: best.index, dot: best.dot))
        }
        (self.forward, self.backward) = (forward, backward)
    }

    private func accepts(_ best: hf_best) -> Bool {
        guard best.dot >= leastDot else { return false }
        guard largestRatio < 1 && best.second_dot > Int32.min else { return true }
        // Squared distances of unit vectors are 2 - 2 cos.
        let (nearest, second) = (65_536 - Float(best.dot), 65_536 - Float(best.second_dot))
        return nearest <= largestRatio * largestRatio * second
    }

    private func search(_ queries: LocalFeatures, in rows: LocalFeatures, _ best: inout [hf_best]) {
        unsafe queries.descriptors.withUnsafeBufferPointer { query in
            unsafe rows.descriptors.withUnsafeBufferPointer { row in
                unsafe identity.withUnsafeBufferPointer { landmark in
                    unsafe best.withUnsafeMutableBufferPointer { out in
                        unsafe kernels.pointee.match(
                            query.baseAddress, queries.count, row.baseAddress, landmark.baseAddress, rows.count,
                            dimension, scratch.base, out.baseAddress)
                    }
                }
            }
        }
    }

    private mutating func reserve(_ count: Int) {
        if count > identity.count {
            identity = (0..<UInt32(count)).map { $0 }
            forward = [hf_best](repeating: hf_best(), count: count)
            backward = forward
        }
        let size = unsafe kernels.pointee.match_scratch(dimension, count)
        if size > scratch.count { scratch = AlignedMemory(count: size) }
    }
}
