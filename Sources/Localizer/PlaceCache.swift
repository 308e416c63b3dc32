internal import Container
package import Features
package import Matching
package import ReferenceMap

/// The place around the last pose, kept in contiguous memory from frame to frame.
///
/// It is built around a reference keyframe, the one that observes most of the frame's inliers, with its strongest covisible neighbours, and
/// rebuilt only when another keyframe becomes the reference: so it follows the vehicle through the covisibility graph.
package struct PlaceCache {
    package private(set) var place: LocalPlace
    package private(set) var reference: Int?
    private let size: Int
    /// Votes per keyframe of the map, and which are not zero.
    private var votes: [Int32]
    private var voted: [Int] = []
    private var members: [Int] = []

    package init(for map: ReferenceMap, keyframes: Int, rowCapacity: Int) {
        place = LocalPlace(for: map, rowCapacity: rowCapacity)
        size = keyframes
        votes = [Int32](repeating: 0, count: map.keyframeCount)
        voted.reserveCapacity(map.keyframeCount)
        members.reserveCapacity(keyframes)
    }

    package var isEmpty: Bool { place.isEmpty }

    package mutating func forget() {
        place.removeAll()
        reference = nil
    }

    /// Moves with the inliers of a frame.
    package mutating func follow(_ correspondences: [Correspondence], isInlier: [Bool], map: ReferenceMap) {
        for (index, correspondence) in correspondences.enumerated() where isInlier[index] {
            vote(for: Int(correspondence.landmark), map: map)
        }
        let winner = countVotes()
        guard let winner, winner != reference else { return }
        reference = winner
        members.removeAll(keepingCapacity: true)
        members.append(winner)
        // The graph's edges are sorted, strongest first.
        for edge in map.neighbours(of: winner).prefix(size - 1) {
            members.append(Int(map.covisibleKeyframes[edge]))
        }
        place.load(members, from: map)
    }

    private mutating func vote(for landmark: Int, map: ReferenceMap) {
        for entry in map.observations(ofLandmark: landmark) {
            let keyframe = map.keyframe(ofObservation: Int(map.landmarkObservations[entry]))
            if votes[keyframe] == 0 { voted.append(keyframe) }
            votes[keyframe] += 1
        }
    }

    /// The keyframe with most votes, the lowest of equals; clears the votes.
    private mutating func countVotes() -> Int? {
        var winner: Int?
        for keyframe in voted {
            guard let best = winner else {
                winner = keyframe
                continue
            }
            if votes[keyframe] > votes[best] || (votes[keyframe] == votes[best] && keyframe < best) {
                winner = keyframe
            }
        }
        for keyframe in voted { votes[keyframe] = 0 }
        voted.removeAll(keepingCapacity: true)
        return winner
    }
}
