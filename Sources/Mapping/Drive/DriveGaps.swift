/// Where a drive falls apart: pieces that images of both sides have too little in common to hold together.
package enum DriveGaps {
    /// A cut between two keyframes that follow each other.
    package struct Gap: Equatable, Sendable {
        /// The last keyframe before it.
        package var before: Int
        /// Landmarks that are seen on both sides.
        package var landmarks: Int

        /// A cut behind the keyframe of that number, which so many landmarks cross.
        package init(before: Int, landmarks: Int) { (self.before, self.landmarks) = (before, landmarks) }
    }

    /// Landmarks that must be seen on both sides of every cut.
    package static let least = 20

    /// The gaps that no closed loop bridges.
    ///
    /// - Parameters:
    ///   - imageCount: of the drive, at least one.
    ///   - spans: of each landmark, the first and the last image that observes it.
    ///   - closures: of loops.
    package static func gaps(
        _ imageCount: Int, _ spans: [ClosedRange<Int>], _ closures: [ClosedLoop]
    ) -> [Gap] {
        // Landmarks across the cut behind each image, by where they begin and end.
        var crossing = [Int](repeating: 0, count: imageCount + 1)
        for span in spans {
            crossing[span.lowerBound] += 1
            crossing[span.upperBound] -= 1
        }
        for image in 1..<max(imageCount, 1) { crossing[image] += crossing[image - 1] }
        let cuts = (0..<max(imageCount - 1, 0)).filter { crossing[$0] < least }
        // Pieces are numbered by the cuts before them; closures join pieces.
        func piece(_ image: Int) -> Int { cuts.count { $0 < image } }
        var joined = Array(0...cuts.count)
        func root(_ piece: Int) -> Int {
            var piece = piece
            while joined[piece] != piece { piece = joined[piece] }
            return piece
        }
        for closure in closures { joined[root(piece(closure.earlier))] = root(piece(closure.later)) }
        return cuts.enumerated().compactMap { piece, cut in
            root(piece) == root(piece + 1) ? nil : Gap(before: cut, landmarks: crossing[cut])
        }
    }
}
