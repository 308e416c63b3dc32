internal import CKernels
internal import Container
public import Features
public import Geometry
internal import Kernels
public import Parallelism
internal import ReferenceMap

/// Finds which landmarks of a place the keypoints of a query are. Owns all scratch memory.
@safe
public struct Matcher {
    /// What a match must pass; may change between frames.
    public var options = MatchingOptions()

    /// Landmarks of the place that the last guided match expected in the image.
    public var landmarksInView: Int { grid.count }

    /// How many of them project to such pixels.
    public func countLandmarksInView(where holds: (Vector2) -> Bool) -> Int { grid.count(where: holds) }

    /// Calls `body` with the pixel of each of them.
    public func forEachLandmarkInView(_ body: (Vector2) -> Void) { grid.forEachLandmark(body) }

    private let kernels: UnsafePointer<hf_kernels>
    private let team: WorkerTeam
    /// Packed rows, and rows to compare with; a part for each worker.
    private var scratch: AlignedMemory
    private var candidates: [UInt32] = []
    private var best: [hf_best]
    /// Per landmark of the place, the correspondence that holds it, or -1.
    private var holder: [Int32] = []
    private var grid = LandmarkGrid()

    /// - Parameters:
    ///   - maximumKeypoints: most keypoints of a query.
    ///   - rowCapacity: most rows of a place before memory must grow.
    ///   - dimension: length of a descriptor.
    ///   - team: threads that share the work; nil: the caller's alone. The result does not depend on it.
    public init(maximumKeypoints: Int, rowCapacity: Int, dimension: Int, team: WorkerTeam? = nil) {
        unsafe kernels = hf_kernels_best()
        self.team = team ?? WorkerTeam(threads: 1)
        best = [hf_best](repeating: hf_best(index: -1, dot: 0, second_dot: 0), count: maximumKeypoints)
        scratch = AlignedMemory(count: 0)
        holder.reserveCapacity(rowCapacity)
        grid.reserve(rowCapacity)
        reserve(rows: rowCapacity, dimension: dimension)
    }

    /// Bytes of a worker for the packed rows of a place.
    private func scratchSize(rows: Int, dimension: Int) -> Int {
        unsafe AlignedMemory.aligned(kernels.pointee.match_scratch(dimension, rows))
    }

    /// Memory of each worker for a place of so many rows. Allocates where it was less.
    private mutating func reserve(rows: Int, dimension: Int) {
        let bytes = scratchSize(rows: rows, dimension: dimension)
        if bytes * team.threads > scratch.count { scratch = AlignedMemory(count: bytes * team.threads) }
        let missing = rows * team.threads - candidates.count
        if missing > 0 { candidates.append(contentsOf: repeatElement(0, count: missing)) }
    }

    /// Matches keypoints against all rows of the place: nearest neighbour with a ratio test in which two observations
    /// of one landmark do not compete, and one keypoint per landmark. Appends to `correspondences`, in order of
    /// keypoints (best score first).
    ///
    /// - Parameters:
    ///   - query: the frame's keypoints and descriptors.
    ///   - strongest: only so many keypoints, those of the best scores: cost is proportional. nil: all.
    ///   - place: what they are compared with.
    ///   - correspondences: gets the matches; it is not emptied.
    public mutating func match(
        _ query: LocalFeatures, strongest: Int? = nil, against place: PlaceLandmarks,
        into correspondences: inout [Correspondence]
    ) {
        precondition(query.count <= best.count, "more keypoints than the matcher was made for")
        let count = min(query.count, strongest ?? query.count)
        guard count > 0, place.rowCount > 0 else { return }
        reserve(rows: place.rowCount, dimension: place.dimension)
        let stride = scratchSize(rows: place.rowCount, dimension: place.dimension)
        // A run for each worker, for each packs the rows; whole tiles of every kernel.
        let run = (count + team.threads - 1) / team.threads
        let tiled = (run + 11) / 12 * 12
        unsafe best.withUnsafeMutableBufferPointer { [kernels, scratch, team] best in
            guard let start = best.baseAddress else { return }
            let task = unsafe PlaceMatching(
                kernels: kernels, query: query, keypoints: count, run: tiled, place: place, scratch: scratch,
                stride: stride,
                best: start)
            team.run((count + tiled - 1) / tiled, task)
        }
        claimNothing(of: place)
        for index in 0..<count {
            consider(best[index], keypoint: index, ratio: options.ratio, query, place, &correspondences)
        }
    }

    /// Matches each keypoint against the landmarks that project within `radius` pixels of it, seen from
    /// `cameraFromMap`. With a step only one of so many keypoints is: a sample of the matches, for its share of the
    /// cost.
    public mutating func match(
        _ query: LocalFeatures, against place: PlaceLandmarks, seenFrom cameraFromMap: RigidTransform, camera: Camera,
        radius: Double, step: Int = 1, into correspondences: inout [Correspondence]
    ) {
        precondition(query.count <= best.count, "more keypoints than the matcher was made for")
        guard query.count > 0, place.rowCount > 0 else { return }
        grid.project(place, from: cameraFromMap, camera: camera)
        reserve(rows: place.rowCount, dimension: place.dimension)
        matchNearKeypoints(query, place, radius: radius, step: step)
        claimNothing(of: place)
        for index in 0..<query.count {
            consider(best[index], keypoint: index, ratio: options.guidedRatio, query, place, &correspondences)
        }
    }

    private mutating func matchNearKeypoints(
        _ query: LocalFeatures, _ place: PlaceLandmarks, radius: Double, step: Int
    ) {
        unsafe best.withUnsafeMutableBufferPointer { [kernels, grid, team] best in
            unsafe candidates.withUnsafeMutableBufferPointer { candidates in
                guard let best = best.baseAddress, let candidates = candidates.baseAddress else { return }
                let task = unsafe GuidedMatching(
                    kernels: kernels, query: query, place: place, grid: grid, radius: radius, step: step,
                    candidates: candidates, stride: place.rowCount, best: best)
                team.run((query.count + GuidedMatching.run - 1) / GuidedMatching.run, task)
            }
        }
    }

    private mutating func claimNothing(of place: PlaceLandmarks) {
        holder.removeAll(keepingCapacity: true)
        holder.append(contentsOf: repeatElement(-1, count: place.landmarks.count))
    }

    /// Accepts a nearest neighbour that passes the tests, unless another keypoint holds its landmark with a better one.
    private mutating func consider(
        _ found: hf_best, keypoint index: Int, ratio: Float, _ query: LocalFeatures, _ place: PlaceLandmarks,
        _ correspondences: inout [Correspondence]
    ) {
        guard found.index >= 0, let quality = quality(of: found, ratio: ratio) else { return }
        let landmark = Int(place.rowLandmarks[Int(found.index)])
        let keypoint = query.keypoints[index]
        let correspondence = Correspondence(
            pixel: Vector2(Double(keypoint.x), Double(keypoint.y)), point: place.positions[landmark],
            landmark: place.landmarks[landmark], keypoint: Int32(index), quality: quality)
        let rival = Int(holder[landmark])
        if rival < 0 {
            holder[landmark] = Int32(correspondences.count)
            correspondences.append(correspondence)
        } else if correspondences[rival].quality < quality {
            correspondences[rival] = correspondence
        }
    }

    /// Similarity weighted by distinctness, or nil if the match fails a test. Descriptors are unit vectors times 256,
    /// so that the squared distance of two is `2 - 2 * dot / 65536`.
    private func quality(of found: hf_best, ratio: Float) -> Float? {
        let similarity = Float(found.dot) / 65536
        guard similarity >= options.minimumSimilarity else { return nil }
        guard found.second_dot != Int32.min else { return similarity }
        let nearest = max(2 - 2 * similarity, 0)
        let second = max(2 - 2 * Float(found.second_dot) / 65536, 1e-6)
        guard nearest <= ratio * ratio * second else { return nil }
        return similarity * (1 - nearest / second)
    }
}

/// What makes a nearest neighbour a match.
public struct MatchingOptions: Sendable {
    /// Largest ratio of the distances to the best and to the second landmark, when searching a whole place (HF-Net:
    /// 0.9).
    public var ratio: Float = 0.9
    /// The same among the landmarks that project near a keypoint: the prediction has excluded most rivals already.
    public var guidedRatio: Float = 0.95
    /// Smallest cosine similarity of a match, -1...1.
    public var minimumSimilarity: Float = 0.5

    /// The defaults.
    public init() {}
}

/// From where the keyframes of a map saw a landmark.
struct LandmarkView: Sendable {
    /// Mean unit vector from the landmark to the cameras, map frame.
    private let direction: SIMD3<Float>
    /// Distances at which it can be recognized, metres: half the least to twice the greatest at which the map saw it.
    private let nearest: Float
    private let farthest: Float

    /// Cosine of the largest angle to the mean direction: 60 degrees.
    private static let leastCosine: Float = 0.5

    init(of landmark: Int, in map: ReferenceMap) {
        let directions = map.viewingDirections
        direction = SIMD3(directions[3 * landmark], directions[3 * landmark + 1], directions[3 * landmark + 2])
        nearest = map.viewingDistances[2 * landmark] / 2
        farthest = map.viewingDistances[2 * landmark + 1] * 2
    }

    /// Whether a camera would recognize the landmark from `ray` away, a vector from the camera to it in the map frame,
    /// metres.
    func includes(_ ray: Vector3) -> Bool {
        let ray = SIMD3<Float>(ray)
        let distance = (ray * ray).sum().squareRoot()
        guard distance >= nearest, distance <= farthest else { return false }
        return -(ray * direction).sum() >= Self.leastCosine * distance
    }
}
