internal import Container
package import Features
package import Geometry
package import Matching
package import ReferenceMap

/// The place around the last pose, kept in contiguous memory from frame to frame.
///
/// It is built around a reference keyframe, with its strongest covisible neighbours, and rebuilt only when another
/// keyframe becomes the reference: so it follows the vehicle through the covisibility graph. The reference is, of the
/// keyframes that observe about as many of the frame's inliers as any does, the nearest: votes alone would prefer
/// keyframes far behind, which see everything ahead.
package struct PlaceCache {
    /// The landmarks that the reference and its strongest neighbours observe: what a tracked frame is matched with.
    package private(set) var place: PlaceLandmarks
    /// The keyframe that the place is built around; nil if there is none.
    package private(set) var reference: Int?
    private let size: Int
    /// Votes per keyframe of the map, and which are not zero.
    private var votes: [Int32]
    private var voted: [Int] = []
    private var members: [Int] = []

    /// Allocates everything.
    /// - Parameters:
    ///   - keyframes: of a place, the reference among them.
    ///   - rowCapacity: observations of a place before memory must grow.
    package init(for map: ReferenceMap, keyframes: Int, rowCapacity: Int) {
        place = PlaceLandmarks(for: map, rowCapacity: rowCapacity)
        size = keyframes
        votes = [Int32](repeating: 0, count: map.keyframeCount)
        voted.reserveCapacity(map.keyframeCount)
        members.reserveCapacity(keyframes)
    }

    /// Whether there is no place to match against.
    package var isEmpty: Bool { place.isEmpty }

    /// Forgets the place; the next pose must come from retrieval.
    package mutating func forget() {
        place.removeAll()
        reference = nil
    }

    /// Moves with the inliers of a frame, and the pose they gave.
    package mutating func follow(
        _ correspondences: [Correspondence], isInlier: [Bool], cameraFromMap: RigidTransform, map: ReferenceMap
    ) {
        for index in correspondences.indices where isInlier[index] {
            vote(for: Int(correspondences[index].landmark), map: map)
        }
        let winner = nearestOfBest(to: cameraFromMap.originInSource, map: map)
        guard let winner, winner != reference else { return }
        load(around: winner, map: map)
    }

    /// Makes `keyframe` the reference and loads it with its strongest covisible neighbours: one copy of their
    /// descriptors (``PlaceLandmarks/load(_:from:)``).
    package mutating func load(around keyframe: Int, map: ReferenceMap) {
        reference = keyframe
        members.removeAll(keepingCapacity: true)
        members.append(keyframe)
        // The graph's edges are sorted, strongest first.
        for edge in map.neighbours(of: keyframe).prefix(size - 1) {
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

    /// Share of the most votes that a keyframe needs to become the reference.
    private static let shareOfBest: Int32 = 7  // tenths

    /// The nearest keyframe among those with enough votes; clears the votes.
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
