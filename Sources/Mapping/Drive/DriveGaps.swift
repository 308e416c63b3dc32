import Geometry

/// Where a drive falls apart: pieces that images of both sides have too little in common to hold together.
struct DriveGaps {
    /// A cut between two keyframes that follow each other.
    struct Gap: Equatable {
        /// The last keyframe before it.
        var before: Int
        /// Landmarks that are seen on both sides.
        var landmarks: Int
    }

    /// Landmarks that must be seen on both sides of every cut.
    static let least = 20

    /// The gaps that no closed loop bridges.
    static func gaps(_ imageCount: Int, _ landmarks: [TriangulatedTrack], _ closures: [LoopClosure]) -> [Gap] {
        guard imageCount > 1 else { return [] }
        var crossing = [Int](repeating: 0, count: imageCount)
        for landmark in landmarks {
            guard let first = landmark.elements.first, let last = landmark.elements.last else { continue }
            for cut in first.image..<last.image { crossing[Int(cut)] += 1 }
        }
        let gaps = (0..<imageCount - 1).filter { crossing[$0] < least }.map { Gap(before: $0, landmarks: crossing[$0]) }
        guard !gaps.isEmpty else { return [] }
        // Pieces are numbered by the gaps before them; closures join pieces.
        var piece = [Int](repeating: 0, count: imageCount)
        for index in 1..<imageCount { piece[index] = piece[index - 1] + (crossing[index - 1] < least ? 1 : 0) }
        var joined = Array(0...gaps.count)
        func root(_ number: Int) -> Int {
            var number = number
            while joined[number] != number { number = joined[number] }
            return number
        }
        for closure in closures { joined[root(piece[closure.pair.a])] = root(piece[closure.pair.b]) }
        return gaps.filter { root(piece[$0.before]) != root(piece[$0.before + 1]) }
    }
}
