internal import Container
internal import Features
public import Geometry
public import ReferenceMap

/// The landmarks of a few keyframes with all their observations there, copied from the map into contiguous memory and
/// grouped by landmark: what a query is matched against, whether for one frame (a retrieved place) or for many (the
/// cached place).
///
/// Sized at start: `load` allocates only if a place is larger than every earlier one and than the capacity.
public struct PlaceLandmarks: Sendable {
    /// Indices in the map of the keyframes that were loaded, in the order given.
    public private(set) var keyframes: [Int] = []
    /// The landmarks' indices in the map, in order of first appearance.
    public private(set) var landmarks: [UInt32] = []
    /// Of the landmarks in the same order, map frame, metres.
    public private(set) var positions: [Vector3] = []
    /// From where the map saw each landmark.
    private(set) var views: [LandmarkView] = []
    /// Rows of landmark i: `rowOffsets[i] ..< rowOffsets[i + 1]`.
    public private(set) var rowOffsets: [Int] = [0]
    /// For each row, the place's own index of its landmark (an index into `landmarks`).
    public private(set) var rowLandmarks: [UInt32] = []
    /// The observations' local descriptors, ``rowCount`` rows of ``dimension`` values: unit vectors times 256.
    public private(set) var descriptors: [Int8] = []
    /// Components of one descriptor, the map's.
    public let dimension: Int

    /// For each landmark of the map its index here, valid if `stamps` holds the present generation.
    private var slots: [UInt32]
    private var stamps: [UInt32]
    private var generation: UInt32 = 0
    private var cursors: [Int] = []

    /// Memory: 8 bytes per landmark of the map, and `rowCapacity` rows.
    public init(for map: ReferenceMap, rowCapacity: Int) {
        dimension = map.descriptorDimension
        slots = [UInt32](repeating: 0, count: map.landmarkCount)
        stamps = [UInt32](repeating: 0, count: map.landmarkCount)
        keyframes.reserveCapacity(min(map.keyframeCount, rowCapacity))
        landmarks.reserveCapacity(rowCapacity)
        positions.reserveCapacity(rowCapacity)
        views.reserveCapacity(rowCapacity)
        rowOffsets.reserveCapacity(rowCapacity + 1)
        cursors.reserveCapacity(rowCapacity)
        rowLandmarks.reserveCapacity(rowCapacity)
        descriptors.reserveCapacity(rowCapacity * dimension)
    }

    /// Whether no keyframe is loaded, or none that observes a landmark.
    public var isEmpty: Bool { landmarks.isEmpty }
    /// Number of observations: rows of ``descriptors``.
    public var rowCount: Int { rowLandmarks.count }

    /// Forgets the place and keeps the memory.
    public mutating func removeAll() {
        keyframes.removeAll(keepingCapacity: true)
        landmarks.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        views.removeAll(keepingCapacity: true)
        rowOffsets.removeAll(keepingCapacity: true)
        rowOffsets.append(0)
        rowLandmarks.removeAll(keepingCapacity: true)
        descriptors.removeAll(keepingCapacity: true)
    }

    /// Replaces the place by the landmarks that `keyframes` observe.
    ///
    /// Cost: two passes over the observations and one copy of their descriptors, about 0.3 ms for 7000 observations of
    /// 64 bytes.
    ///
    /// - Parameters:
    ///   - selection: keyframes of the map.
    ///   - map: that has them.
    ///   - excluded: landmarks that are left out, as if the map did not have them; nil: none.
    public mutating func load(
        _ selection: some Sequence<Int>, from map: ReferenceMap, except excluded: LandmarkSet? = nil
    ) {
        removeAll()
        keyframes.append(contentsOf: selection)
        generation &+= 1
        countObservations(in: map, except: excluded)
        for index in landmarks.indices { rowOffsets[index + 1] += rowOffsets[index] }
        copyObservations(from: map)
    }

    /// Moves landmarks of the place: those for which `position` knows another one than the map. A landmark that is
    /// moved to nowhere (NaN) is in no view, and no pose takes a match with it.
    package mutating func move(_ position: (_ landmark: UInt32) -> Vector3?) {
        for index in landmarks.indices {
            if let moved = position(landmarks[index]) { positions[index] = moved }
        }
    }

    /// First pass: names the landmarks, and leaves the number of rows of landmark i in `rowOffsets[i + 1]`.
    private mutating func countObservations(in map: ReferenceMap, except excluded: LandmarkSet?) {
        let observed = map.observationLandmarks
        for keyframe in keyframes {
            for observation in map.observations(ofKeyframe: keyframe) {
                let landmark = observed[observation]
                if let excluded, excluded.contains(landmark) { continue }
                if stamps[Int(landmark)] != generation {
                    stamps[Int(landmark)] = generation
                    slots[Int(landmark)] = UInt32(landmarks.count)
                    landmarks.append(landmark)
                    positions.append(map.position(ofLandmark: Int(landmark)))
                    views.append(LandmarkView(of: Int(landmark), in: map))
                    rowOffsets.append(0)
                }
                rowOffsets[Int(slots[Int(landmark)]) + 1] += 1
            }
        }
    }

    /// Second pass: puts each observation into its landmark's rows.
    private mutating func copyObservations(from map: ReferenceMap) {
        let observed = map.observationLandmarks
        let rows = rowOffsets.last ?? 0
        cursors.removeAll(keepingCapacity: true)
        cursors.append(contentsOf: rowOffsets)
        rowLandmarks.append(contentsOf: repeatElement(0, count: rows))
        descriptors.append(contentsOf: repeatElement(0, count: rows * dimension))
        for keyframe in keyframes {
            for observation in map.observations(ofKeyframe: keyframe) {
                guard stamps[Int(observed[observation])] == generation else { continue }
                let slot = slots[Int(observed[observation])]
                let row = cursors[Int(slot)]
                cursors[Int(slot)] += 1
                rowLandmarks[row] = slot
                copyDescriptor(of: observation, from: map, to: row)
            }
        }
    }

    private mutating func copyDescriptor(of observation: Int, from map: ReferenceMap, to row: Int) {
        let length = dimension
        unsafe map.descriptors.withUnsafeBufferPointer { source in
            unsafe descriptors.withUnsafeMutableBufferPointer { target in
                // Both ranges are slices of checked buffers: a row beyond either end traps.
                let from = unsafe UnsafeBufferPointer(
                    rebasing: source[observation * length..<(observation + 1) * length])
                let to = unsafe UnsafeMutableBufferPointer(rebasing: target[row * length..<(row + 1) * length])
                _ = unsafe to.update(fromContentsOf: from)
            }
        }
    }
}
