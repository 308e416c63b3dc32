internal import Container
package import Features
package import Geometry
package import ReferenceMap

/// Which keyframe of the map a pose is at: of those that observe about as many of its inliers as any does, the nearest.
/// Votes alone would prefer keyframes far behind, which see everything ahead.
package struct KeyframeVotes {
    /// Votes per keyframe of the map, and which are not zero.
    private var votes: [Int32]
    private var voted: [Int] = []

    /// Share of the most votes that a keyframe needs, tenths.
    private static let shareOfBest: Int32 = 7

    /// Allocates everything.
    package init(for map: ReferenceMap) {
        votes = [Int32](repeating: 0, count: map.keyframeCount)
        voted.reserveCapacity(map.keyframeCount)
    }

    /// The nearest of the keyframes with enough votes of the inliers; nil if there are none.
    package mutating func keyframe(
        of correspondences: [Correspondence], isInlier: [Bool], cameraFromMap: RigidTransform, map: ReferenceMap
    ) -> Int? {
        for index in correspondences.indices where isInlier[index] {
            vote(for: Int(correspondences[index].landmark), map: map)
        }
        return nearestOfBest(to: cameraFromMap.originInSource, map: map)
    }

    private mutating func vote(for landmark: Int, map: ReferenceMap) {
        for entry in map.observations(ofLandmark: landmark) {
            let keyframe = map.keyframe(ofObservation: Int(map.landmarkObservations[entry]))
            if votes[keyframe] == 0 { voted.append(keyframe) }
            votes[keyframe] += 1
        }
    }

    /// Clears the votes.
    private mutating func nearestOfBest(to position: Vector3, map: ReferenceMap) -> Int? {
        var most: Int32 = 0
        for keyframe in voted { most = max(most, votes[keyframe]) }
        var winner: (keyframe: Int, distance: Double)?
        for keyframe in voted where votes[keyframe] * 10 >= most * Self.shareOfBest {
            let distance = (map.cameraFromMap(ofKeyframe: keyframe).originInSource - position).lengthSquared
            if winner.map({ distance < $0.distance }) ?? true { winner = (keyframe, distance) }
        }
        for keyframe in voted { votes[keyframe] = 0 }
        voted.removeAll(keepingCapacity: true)
        return winner?.keyframe
    }
}
