import Geometry

/// The pairs of a drive's keyframes that follow each other closely: what dead reckoning knows well.
struct SequencePairs {
    /// Keyframes behind one that it is matched with, at most.
    static let most = 6
    /// Metres of way between two that are matched, at most.
    static let reach = 15.0

    /// Of each image, those that it is matched with, ascending; the next one always is.
    static func partners(_ images: [ExtractedImage], largestAngle: Double) -> [[Int]] {
        let axes = images.map { $0.cameraFromMap.rotation.inverse * Vector3(0, 0, 1) }
        return images.indices.map { a in
            (a + 1..<max(a + 1, min(images.count, a + 1 + most))).filter { b in
                let way = (images[b].deadReckoning?.travelled ?? 0) - (images[a].deadReckoning?.travelled ?? 0)
                return b == a + 1 || way <= reach && axes[a].angle(to: axes[b]) < largestAngle
            }
        }
    }
}
