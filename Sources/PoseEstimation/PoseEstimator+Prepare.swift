internal import Features
internal import Geometry

extension PoseEstimator {
    /// Copies what can be used. For sampling, in an order that says nothing about which are right, and ranked by
    /// quality.
    func prepare(_ given: [Correspondence], _ camera: Camera, forSampling: Bool) {
        statistics = PoseEstimationStatistics()
        isInlier.removeAll(keepingCapacity: true)
        isInlier.append(contentsOf: repeatElement(false, count: given.count))
        originalIndices.removeAll(keepingCapacity: true)
        for i in given.indices { originalIndices.append(Int32(i)) }
        if forSampling { shuffle() }
        correspondences.removeAll(keepingCapacity: true)
        bearings.removeAll(keepingCapacity: true)
        blocks.removeAll(keepingCapacity: true)
        for i in originalIndices.indices {
            let c = given[Int(originalIndices[i])]
            guard c.point.isFinite, let rows = camera.reprojectionRows(c.pixel) else { continue }
            let lane = correspondences.count % 4
            if lane == 0 { blocks.append(ReprojectionBlock()) }
            blocks[blocks.count - 1].set(lane, point: c.point, u: rows.u, v: rows.v, n: rows.n)
            originalIndices[correspondences.count] = originalIndices[i]
            correspondences.append(c)
            bearings.append(rows.bearing)
        }
        if forSampling { rank() }
    }

    private func shuffle() {
        var generator = SplitMix64(seed: options.seed)
        for i in stride(from: originalIndices.count - 1, to: 0, by: -1) {
            originalIndices.swapAt(i, generator.index(below: i + 1))
        }
    }

    /// Sorts by quality, best first; equal ones keep their shuffled order. Heap sort: `sort` would allocate.
    private func rank() {
        var heap = RankingHeap(qualities: correspondences)
        swap(&heap.positions, &ranking)
        heap.positions.removeAll(keepingCapacity: true)
        for i in correspondences.indices { heap.positions.append(Int32(i)) }
        if options.isProgressive { heap.sort() }
        swap(&heap.positions, &ranking)
    }
}

/// Heap sort of positions by the quality of their correspondence.
private struct RankingHeap {
    let qualities: [Correspondence]
    var positions: [Int32] = []

    init(qualities: [Correspondence]) { self.qualities = qualities }

    mutating func sort() {
        for root in stride(from: positions.count / 2 - 1, through: 0, by: -1) { sink(root, below: positions.count) }
        for end in stride(from: positions.count - 1, to: 0, by: -1) {
            positions.swapAt(0, end)
            sink(0, below: end)
        }
    }

    /// Whether position `a` ranks before `b`.
    private func isBetter(_ a: Int32, _ b: Int32) -> Bool {
        let (qa, qb) = (qualities[Int(a)].quality, qualities[Int(b)].quality)
        return qa > qb || (!(qb > qa) && a < b)
    }

    /// Restores the heap whose root is the worst.
    private mutating func sink(_ start: Int, below end: Int) {
        var root = start
        while true {
            var child = 2 * root + 1
            guard child < end else { return }
            if child + 1 < end, isBetter(positions[child], positions[child + 1]) { child += 1 }
            guard isBetter(positions[root], positions[child]) else { return }
            positions.swapAt(root, child)
            root = child
        }
    }
}
