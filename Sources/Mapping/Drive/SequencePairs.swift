import Geometry

/// The pairs of a drive's keyframes that follow each other closely: what dead reckoning knows well.
struct SequencePairs {
    /// Keyframes behind one that it is matched with, at most.
    static let most = 6
    /// Metres of way between two that are matched, at most.
    static let reach = 15.0

    /// Ascending pairs; neighbours always are one.
    static func pairs(_ images: [ExtractedImage], _ rays: [ImageRays], largestAngle: Double) -> [ImagePair] {
        images.indices.flatMap { a in
            (a + 1..<min(images.count, a + 1 + most)).compactMap { b in
                let way = (images[b].deadReckoning?.travelled ?? 0) - (images[a].deadReckoning?.travelled ?? 0)
                let isNear = way <= reach && rays[a].axis.angle(to: rays[b].axis) < largestAngle
                return b == a + 1 || isNear ? ImagePair(a, b) : nil
            }
        }
    }
}
