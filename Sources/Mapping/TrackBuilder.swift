/// A keypoint of an image.
struct TrackElement: Hashable, Comparable {
    var image: Int32
    var keypoint: Int32

    static func < (x: Self, y: Self) -> Bool { (x.image, x.keypoint) < (y.image, y.keypoint) }
}

/// Joins matches into tracks: keypoints of different images that are one point.
///
/// Matches are joined from the most similar down; one that would bring two keypoints of one image into a track is left
/// out. So a track never contradicts itself, and a wrong match can spoil it only where it is more similar than the
/// right ones.
struct TrackBuilder {
    /// Per image, the number of its first keypoint in the count over all images.
    private let first: [Int]
    private var parent: [Int32]
    /// Per root of more than one element: the images in its track, ascending.
    private var images: [Int32: [Int32]] = [:]
    private var matches: [(dot: Int32, a: Int32, b: Int32)] = []

    init(keypointCounts: [Int]) {
        var total = 0
        var first: [Int] = []
        for count in keypointCounts {
            first.append(total)
            total += count
        }
        self.first = first
        precondition(total < Int(Int32.max), "TrackBuilder: keypoints are numbered with 32 bits")
        parent = (0..<Int32(total)).map { $0 }
    }

    mutating func add(_ pair: ImagePair, _ found: [DescriptorMatch]) {
        let (a, b) = (Int32(first[pair.a]), Int32(first[pair.b]))
        for match in found { matches.append((match.dot, a + match.a, b + match.b)) }
    }

    /// The tracks of at least two keypoints, each in ascending order of images, in the order of their first elements.
    mutating func tracks() -> [[TrackElement]] {
        matches.sort { ($1.dot, $0.a, $0.b) < ($0.dot, $1.a, $1.b) }
        let owners = owners()
        for match in matches { join(match.a, match.b, owners) }
        var byRoot: [Int32: [TrackElement]] = [:]
        for node in parent.indices {
            let root = root(of: Int32(node))
            guard images[root] != nil else { continue }
            let image = Int(owners[node])
            byRoot[root, default: []].append(
                TrackElement(image: owners[node], keypoint: Int32(node - first[image])))
        }
        return byRoot.values.sorted { $0[0] < $1[0] }
    }

    /// Per keypoint, its image.
    private func owners() -> [Int32] {
        var owners = [Int32](repeating: 0, count: parent.count)
        for (image, start) in first.enumerated() {
            let end = image + 1 < first.count ? first[image + 1] : parent.count
            for node in start..<end { owners[node] = Int32(image) }
        }
        return owners
    }

    private mutating func root(of node: Int32) -> Int32 {
        var node = node
        while parent[Int(node)] != node {
            parent[Int(node)] = parent[Int(parent[Int(node)])]
            node = parent[Int(node)]
        }
        return node
    }

    private mutating func join(_ x: Int32, _ y: Int32, _ owners: [Int32]) {
        let (a, b) = (root(of: x), root(of: y))
        if a == b { return }
        let (imagesA, imagesB) = (images[a] ?? [owners[Int(a)]], images[b] ?? [owners[Int(b)]])
        guard let union = Self.disjointUnion(imagesA, imagesB) else { return }
        let (kept, gone) = imagesA.count >= imagesB.count ? (a, b) : (b, a)
        parent[Int(gone)] = kept
        images[gone] = nil
        images[kept] = union
    }

    /// The union of two ascending lists, or nil when they share an element.
    private static func disjointUnion(_ x: [Int32], _ y: [Int32]) -> [Int32]? {
        var union: [Int32] = []
        union.reserveCapacity(x.count + y.count)
        var (i, j) = (0, 0)
        while i < x.count && j < y.count {
            if x[i] == y[j] { return nil }
            if x[i] < y[j] {
                union.append(x[i])
                i += 1
            } else {
                union.append(y[j])
                j += 1
            }
        }
        return union + x[i...] + y[j...]
    }
}
