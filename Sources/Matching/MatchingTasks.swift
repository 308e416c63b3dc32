internal import CKernels
internal import Features
internal import Geometry
internal import Kernels
internal import Parallelism

/// Keypoints against all rows of a place, a run of them an item. Each worker packs the rows for itself: a fiftieth of
/// the work.
@safe
struct PlaceMatching: TeamTask {
    let kernels: UnsafePointer<hf_kernels>
    let query: LocalFeatures
    /// How many keypoints, the first ones.
    let keypoints: Int
    /// Keypoints of an item.
    let run: Int
    let place: PlaceLandmarks
    let scratch: AlignedMemory
    /// Bytes of a worker.
    let stride: Int
    let best: UnsafeMutablePointer<hf_best>

    func run(item: Int, worker: Int) {
        let first = item * run
        let count = min(run, keypoints - first)
        unsafe query.descriptors.withUnsafeBufferPointer { descriptors in
            guard let start = descriptors.baseAddress else { return }
            unsafe kernels.pointee.match(
                start + first * place.dimension, count, place.descriptors, place.rowLandmarks, place.rowCount,
                place.dimension, scratch.base + worker * stride, best + first)
        }
    }
}

/// Keypoints against the landmarks that project near them, a run of them an item.
@safe
struct GuidedMatching: TeamTask {
    /// Keypoints of an item.
    static let run = 32

    let kernels: UnsafePointer<hf_kernels>
    let query: LocalFeatures
    let place: PlaceLandmarks
    let grid: LandmarkGrid
    /// How far from a keypoint its landmarks are, pixels.
    let radius: Double
    /// Of so many keypoints one is matched.
    let step: Int
    /// Rows to compare with, ``stride`` for each worker.
    let candidates: UnsafeMutablePointer<UInt32>
    let stride: Int
    let best: UnsafeMutablePointer<hf_best>

    func run(item: Int, worker: Int) {
        let rows = unsafe candidates + worker * stride
        for index in item * Self.run..<min((item + 1) * Self.run, query.count) {
            guard index % step == 0 else {
                unsafe best[index].index = -1
                continue
            }
            let keypoint = query.keypoints[index]
            var count = 0
            grid.forEachLandmark(near: Vector2(Double(keypoint.x), Double(keypoint.y)), radius: radius) { landmark in
                for row in place.rowOffsets[landmark]..<place.rowOffsets[landmark + 1] {
                    unsafe rows[count] = UInt32(row)
                    count += 1
                }
            }
            unsafe query.descriptors.withUnsafeBufferPointer { descriptors in
                guard let start = descriptors.baseAddress else { return }
                unsafe kernels.pointee.match_listed(
                    start + index * place.dimension, place.descriptors, place.rowLandmarks, rows, count,
                    place.dimension, best + index)
            }
        }
    }
}
