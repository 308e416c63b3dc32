/// Which keyframes see the same landmarks: for each keyframe its neighbours, the one with most shared landmarks first.
///
/// Compressed rows: the neighbours of keyframe `k` are at `offsets[k] ..< offsets[k + 1]`.
struct CovisibilityGraph: Equatable {
    /// One more than there are keyframes.
    private(set) var offsets: [UInt32] = [0]
    private(set) var neighbours: [UInt32] = []
    /// Landmarks shared with that neighbour.
    private(set) var shared: [UInt32] = []

    /// - Parameters:
    ///   - landmarks: per keyframe, the landmarks that it observes, none twice.
    ///   - observers: per landmark, the keyframes that observe it.
    ///   - minimumShared: neighbours share at least this many.
    ///
    /// Cost: the sum over landmarks of the square of their observers.
    init(landmarks: [[UInt32]], observers: [[UInt32]], minimumShared: Int) {
        var counts = [UInt32](repeating: 0, count: landmarks.count)
        var touched: [UInt32] = []
        for (keyframe, own) in landmarks.enumerated() {
            for landmark in own {
                for other in observers[Int(landmark)] where Int(other) != keyframe {
                    if counts[Int(other)] == 0 { touched.append(other) }
                    counts[Int(other)] += 1
                }
            }
            touched.sort { (counts[Int($1)], $0) < (counts[Int($0)], $1) }
            for other in touched where Int(counts[Int(other)]) >= minimumShared {
                neighbours.append(other)
                shared.append(counts[Int(other)])
            }
            for other in touched { counts[Int(other)] = 0 }
            touched.removeAll(keepingCapacity: true)
            offsets.append(UInt32(neighbours.count))
        }
    }
}
