internal import CKernels
package import Features
import Kernels

/// A match of keypoint `a` of one image with keypoint `b` of another.
package struct DescriptorMatch: Equatable, Sendable {
    package var a: Int32
    package var b: Int32
    /// Dot product of the descriptors: 65536 times their cosine.
    package var dot: Int32

    package init(a: Int32, b: Int32, dot: Int32) { (self.a, self.b, self.dot) = (a, b, dot) }
}

/// Mutual nearest neighbours of two images' descriptors, by the int8 kernels. Its buffers grow to the largest pair and
/// stay.
@safe package struct DescriptorMatcher: ~Copyable {
    private let kernels: UnsafePointer<hf_kernels>
    private let dimension: Int
    private let largestRatio: Float
    private let leastDot: Int32
    private var scratch = AlignedMemory(count: 0)
    /// Every row is a landmark of its own.
    private var identity: [UInt32] = []
    private var forward: [hf_best] = []
    private var backward: [hf_best] = []
    /// Rows of `b` that are the nearest of some of `a`, and their descriptors: only these can be mutual.
    private var wanted: [Int32] = []
    private var wantedDescriptors: [Int8] = []
    /// Per row of `b`, its place among them; -1 of the others.
    private var place: [Int32] = []

    package init(dimension: Int, leastSimilarity: Float, largestRatio: Float) {
        precondition(dimension % 8 == 0 && dimension <= 512, "DescriptorMatcher: the kernels' dimensions")
        guard let best = unsafe hf_kernels_best() else { preconditionFailure("there is always a scalar table") }
        unsafe kernels = best
        self.dimension = dimension
        self.largestRatio = largestRatio
        leastDot = Int32(leastSimilarity * 65_536)
    }

    /// Replaces `matches` by the mutual nearest neighbours of `a` and `b`, ascending in `a`'s keypoints.
    package mutating func match(_ a: LocalFeatures, _ b: LocalFeatures, into matches: inout [DescriptorMatch]) {
        matches.removeAll(keepingCapacity: true)
        if a.count == 0 || b.count == 0 { return }
        reserve(max(a.count, b.count))
        var (forward, backward) = (self.forward, self.backward)
        (self.forward, self.backward) = ([], [])
        search(a.descriptors, in: b.descriptors, &forward)
        choose(forward.prefix(a.count), of: b)
        search(wantedDescriptors, in: a.descriptors, &backward)
        for (index, best) in forward.prefix(a.count).enumerated() where accepts(best) {
            guard backward[Int(place[Int(best.index)])].index == Int32(index) else { continue }
            matches.append(DescriptorMatch(a: Int32(index), b: best.index, dot: best.dot))
        }
        (self.forward, self.backward) = (forward, backward)
    }

    /// Sets `wanted` and what goes with it.
    private mutating func choose(_ forward: ArraySlice<hf_best>, of b: LocalFeatures) {
        wanted.removeAll(keepingCapacity: true)
        wantedDescriptors.removeAll(keepingCapacity: true)
        for row in 0..<b.count { place[row] = -1 }
        for best in forward where accepts(best) && place[Int(best.index)] < 0 {
            place[Int(best.index)] = Int32(wanted.count)
            wanted.append(best.index)
            let start = Int(best.index) * dimension
            wantedDescriptors.append(contentsOf: b.descriptors[start..<start + dimension])
        }
    }

    private func accepts(_ best: hf_best) -> Bool {
        guard best.index >= 0, best.dot >= leastDot else { return false }
        guard largestRatio < 1 && best.second_dot > Int32.min else { return true }
        // Squared distances of unit vectors are 2 - 2 cos.
        let (nearest, second) = (65_536 - Float(best.dot), 65_536 - Float(best.second_dot))
        return nearest <= largestRatio * largestRatio * second
    }

    /// Of each query, the nearest row.
    private func search(_ queries: [Int8], in rows: [Int8], _ best: inout [hf_best]) {
        unsafe queries.withUnsafeBufferPointer { query in
            unsafe rows.withUnsafeBufferPointer { row in
                unsafe identity.withUnsafeBufferPointer { landmark in
                    unsafe best.withUnsafeMutableBufferPointer { out in
                        unsafe kernels.pointee.match(
                            query.baseAddress, query.count / dimension, row.baseAddress, landmark.baseAddress,
                            row.count / dimension, dimension, scratch.base, out.baseAddress)
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
            place = [Int32](repeating: -1, count: count)
        }
        let size = unsafe kernels.pointee.match_scratch(dimension, count)
        if size > scratch.count { scratch = AlignedMemory(count: size) }
    }
}
