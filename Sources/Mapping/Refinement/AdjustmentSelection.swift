import BundleAdjustment
import Geometry

/// The landmarks that take part in an adjustment: the longest tracks first, until each image has enough of them.
///
/// Few are enough, for their errors are alike: neighbouring keypoints share what the camera model, rolling shutter and
/// the given geometry leave over, so that thousands of them claim a precision that they do not have.
struct AdjustmentSelection {
    /// Observations that an image should have.
    let perImage: Int

    /// Indices into `landmarks`, ascending.
    func choose(_ landmarks: [TriangulatedTrack], imageCount: Int) -> [Int] {
        let byLength = landmarks.indices.sorted {
            let (a, b) = (landmarks[$0], landmarks[$1])
            return (-a.elements.count, a.error, $0) < (-b.elements.count, b.error, $1)
        }
        var have = [Int](repeating: 0, count: imageCount)
        var chosen: [Int] = []
        for index in byLength {
            let images = landmarks[index].elements.map { Int($0.image) }
            guard images.contains(where: { have[$0] < perImage }) else { continue }
            for image in images { have[image] += 1 }
            chosen.append(index)
        }
        return chosen.sorted()
    }
}
