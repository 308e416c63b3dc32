internal import CKernels
internal import Container
public import Features
public import Geometry
public import ReferenceMap

/// From a global descriptor to prior frames: an exact scan of the map's descriptors.
@safe
public struct Retriever {
    private let map: ReferenceMap
    private let kernels: UnsafePointer<hf_kernels>
    private let count: Int
    private let top: TopPriors
    private var signs: SignRows
    private var dots: [Int32]
    /// More of them than are proposed: what evidence chooses among.
    private var ranked: [Prior] = []
    /// The keyframes where the last query may be, best first: the most similar, or the likeliest by evidence.
    public private(set) var priors: [Prior] = []
    /// The same, grouped by the map's covisibility graph.
    public private(set) var places: PlaceClusters
    /// The most similar keyframes in the same way, whatever evidence says: where a frame could be from itself.
    public private(set) var alike: PlaceClusters

    /// - Parameters:
    ///   - map: whose keyframes are compared.
    ///   - count: how many prior frames to propose (HF-Net: 10).
    public init(map: ReferenceMap, priors count: Int) {
        self.map = map
        unsafe kernels = hf_kernels_best()
        signs = unsafe SignRows(dimension: map.globalDimension, kernels: kernels)
        self.count = count
        top = TopPriors(limit: max(count, PlaceEvidence.capacity))
        dots = [Int32](repeating: 0, count: map.keyframeCount)
        places = PlaceClusters(capacity: count)
        alike = PlaceClusters(capacity: count)
        ranked.reserveCapacity(top.limit + 1)
        priors.reserveCapacity(count)
    }

    /// Finds the priors of `query`, and their places.
    ///
    /// Cost: one pass over the keyframes' descriptors, of 10,000 about 0.1 ms for 512 bytes each, and about 4 ms
    /// for the 8704 signs of a map with clusters of its own. Allocates nothing.
    ///
    /// - Parameters:
    ///   - query: what the keyframes are compared with.
    ///   - excluded: a keyframe that is not proposed: the query itself, where a map is checked.
    public mutating func retrieve(_ query: GlobalDescriptor, without excluded: Int? = nil) {
        precondition(query.values.count == map.globalDimension, "a descriptor of another network than the map's")
        scan(query)
        ranked.removeAll(keepingCapacity: true)
        for keyframe in 0..<map.keyframeCount where keyframe != excluded {
            let similarity = Float(dots[keyframe]) * query.scale * map.globalScales[keyframe]
            top.insert(Prior(keyframe: keyframe, similarity: similarity), into: &ranked)
        }
        propose()
        alike.take(places)
    }

    /// Chooses the priors of the last query anew: the likeliest by what the frames before say, too. `alike` stays.
    ///
    /// - Parameters:
    ///   - evidence: of the frames before; of this one, too, from here on.
    ///   - moved: the camera at the evidence's time in the camera now; nil where nothing measures it.
    ///   - time: of the query's capture, CLOCK_MONOTONIC, nanoseconds.
    public mutating func order(by evidence: inout PlaceEvidence, moved: RigidTransform?, at time: UInt64) {
        evidence.order(&ranked, moved: moved, at: time)
        propose()
    }

    private mutating func propose() {
        priors.removeAll(keepingCapacity: true)
        priors.append(contentsOf: ranked.prefix(count))
        places.cluster(priors) { [map] first, second in
            map.neighbours(of: first).contains { map.covisibleKeyframes[$0] == UInt32(second) }
        }
    }

    /// The products of all keyframes' integers with the query's.
    private mutating func scan(_ query: GlobalDescriptor) {
        switch map.globalDescriptors {
        case .numbers(let rows):
            unsafe rows.withUnsafeBufferPointer { rows in
                unsafe kernels.pointee.dot_rows(
                    rows.baseAddress, map.keyframeCount, map.globalDimension, query.values, &dots)
            }
        case .signs(let rows):
            unsafe rows.withUnsafeBufferPointer { rows in
                guard let base = rows.baseAddress else { return }
                unsafe signs.dot(base, count: map.keyframeCount, with: query.values, into: &dots)
            }
        }
    }
}

/// A keyframe that looks like the query.
public struct Prior: Sendable, Equatable {
    /// Its number in the map.
    public var keyframe: Int
    /// Cosine of the angle between the two global descriptors, -1...1; an estimate of it where the map keeps only the
    /// signs of its own.
    public var similarity: Float

    /// A keyframe's number with its similarity to the query.
    public init(keyframe: Int, similarity: Float) {
        self.keyframe = keyframe
        self.similarity = similarity
    }
}

/// Keeps the best `limit` of a stream of priors, best first; ties go to the lower keyframe.
struct TopPriors {
    let limit: Int

    /// Inserts into `priors`, which holds at most `limit` and has the capacity for one more.
    func insert(_ prior: Prior, into priors: inout [Prior]) {
        if priors.count == limit, let worst = priors.last, worst.similarity >= prior.similarity { return }
        var index = priors.count
        priors.append(prior)
        while index > 0, priors[index - 1].similarity < prior.similarity {
            priors.swapAt(index - 1, index)
            index -= 1
        }
        if priors.count > limit { priors.removeLast() }
    }
}
