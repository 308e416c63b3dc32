/// Priors grouped into places: the connected components of the priors in the map's covisibility graph
/// (Sarlin et al. 2019, section 3: "covisibility clustering"), the largest first, ties by their best prior.
public struct PlaceClusters: Sendable {
    /// Keyframes of all places, one place after another; within a place in the order of the priors.
    public private(set) var keyframes: [Int] = []
    /// Where each place lies in `keyframes`.
    public private(set) var ranges: [Range<Int>] = []

    /// Scratch: `component[i]` is the place of prior i, the queue holds indices of priors.
    private var component: [Int] = []
    private var queue: [Int] = []

    /// Empty, with memory for `capacity` priors, so that grouping so many allocates nothing.
    public init(capacity: Int) {
        keyframes.reserveCapacity(capacity)
        ranges.reserveCapacity(capacity)
        component.reserveCapacity(capacity)
        queue.reserveCapacity(capacity)
    }

    /// Number of places: at most one for each prior.
    public var count: Int { ranges.count }

    /// Becomes the same as another one; allocates nothing while it is within the capacity.
    mutating func take(_ other: PlaceClusters) {
        keyframes.removeAll(keepingCapacity: true)
        keyframes.append(contentsOf: other.keyframes)
        ranges.removeAll(keepingCapacity: true)
        ranges.append(contentsOf: other.ranges)
    }

    /// Groups `priors`, best first. `areCovisible` tells whether two keyframes share an edge of the graph.
    ///
    /// Cost: k^2 look-ups for k priors; allocates nothing while k is within the capacity.
    public mutating func cluster(_ priors: [Prior], areCovisible: (Int, Int) -> Bool) {
        keyframes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        component.removeAll(keepingCapacity: true)
        for _ in priors { component.append(-1) }
        for seed in priors.indices where component[seed] < 0 {
            spread(from: seed, over: priors, areCovisible: areCovisible)
        }
        sortBySize()
    }

    private mutating func spread(from seed: Int, over priors: [Prior], areCovisible: (Int, Int) -> Bool) {
        let place = ranges.count
        let start = keyframes.count
        queue.removeAll(keepingCapacity: true)
        queue.append(seed)
        component[seed] = place
        var next = 0
        while next < queue.count {
            let member = queue[next]
            next += 1
            for other in priors.indices
            where component[other] < 0 && areCovisible(priors[member].keyframe, priors[other].keyframe) {
                component[other] = place
                queue.append(other)
            }
        }
        for index in priors.indices where component[index] == place { keyframes.append(priors[index].keyframe) }
        ranges.append(start..<keyframes.count)
    }

    /// Insertion sort: stable, in place, and there are at most as many places as priors.
    private mutating func sortBySize() {
        for i in ranges.indices.dropFirst() {
            var j = i
            while j > 0, ranges[j - 1].count < ranges[j].count {
                ranges.swapAt(j - 1, j)
                j -= 1
            }
        }
    }
}
