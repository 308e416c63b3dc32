internal import Container
package import Matching
package import ReferenceMap

/// The place around the last pose, kept in contiguous memory from frame to frame.
///
/// It is built around a reference keyframe, with its strongest covisible neighbours, and rebuilt only when another
/// keyframe becomes the reference (``KeyframeVotes``): so it follows the vehicle through the covisibility graph.
package struct PlaceCache {
    /// The landmarks that the reference and its strongest neighbours observe: what a tracked frame is matched with.
    package private(set) var place: PlaceLandmarks
    /// The keyframe that the place is built around; nil if there is none.
    package private(set) var reference: Int?
    private let size: Int
    private var members: [Int] = []

    /// Allocates everything.
    /// - Parameters:
    ///   - map: the map that the keyframes are of.
    ///   - keyframes: of a place, the reference among them.
    ///   - rowCapacity: observations of a place before memory must grow.
    package init(for map: ReferenceMap, keyframes: Int, rowCapacity: Int) {
        place = PlaceLandmarks(for: map, rowCapacity: rowCapacity)
        size = keyframes
        members.reserveCapacity(keyframes)
    }

    /// Whether there is no place to match against.
    package var isEmpty: Bool { place.isEmpty }

    /// Forgets the place; the next pose must come from retrieval.
    package mutating func forget() {
        place.removeAll()
        reference = nil
    }

    /// Moves to another reference keyframe; stays if there is none, or the same.
    package mutating func follow(_ keyframe: Int?, map: ReferenceMap) {
        guard let keyframe, keyframe != reference else { return }
        load(around: keyframe, map: map)
    }

    /// Makes `keyframe` the reference and loads it with its strongest covisible neighbours: one copy of their
    /// descriptors (`PlaceLandmarks/load(_:from:)`).
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
}
