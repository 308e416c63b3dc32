import Container
import Geometry

/// The checks of ``ReferenceMap/init(opening:copyingUpTo:)``: what makes every later access safe, and every number
/// usable.
enum MapChecks {
    static func check(_ map: ReferenceMap) throws(MapError) {
        typealias Name = MapFormat.Tensor
        try checkOffsets(map, map.nameOffsets, Name.nameOffsets, end: map.names.count)
        try checkOffsets(map, map.observationOffsets, Name.observationOffsets, end: map.observationCount)
        try checkOffsets(map, map.landmarkOffsets, Name.landmarkOffsets, end: map.observationCount)
        try checkOffsets(map, map.covisibilityOffsets, Name.covisibilityOffsets, end: map.covisibleKeyframes.count)
        try checkIndices(map, map.keyframeCameras, Name.keyframeCamera, below: map.cameras.count)
        try checkIndices(map, map.observationLandmarks, Name.observationLandmark, below: map.landmarkCount)
        try checkIndices(map, map.landmarkObservations, Name.landmarkObservations, below: map.observationCount)
        try checkIndices(map, map.covisibleKeyframes, Name.neighbour, below: map.keyframeCount)
        try checkLandmarkGroups(map)
        try checkPoses(map)
        try checkFinite(map, map.positions, Name.position)
        try checkFinite(map, map.viewingDirections, Name.direction)
        try checkFinite(map, map.viewingDistances, Name.distance)
        try checkFinite(map, map.pixels, Name.pixel)
        for scale in map.globalScales where !(scale > 0 && scale.isFinite) {
            throw damaged(map, Name.globalScale, "\(scale) is no scale")
        }
    }

    static func boundingBox(of positions: TensorView<Double>) -> (minimum: Vector3, maximum: Vector3) {
        guard positions.count >= 3 else { return (.zero, .zero) }
        var low = Vector3(positions[0], positions[1], positions[2])
        var high = low
        positions.withSpan { values in
            for at in stride(from: 0, to: values.count - 2, by: 3) {
                let point = Vector3(values[at], values[at + 1], values[at + 2])
                low = pointwiseMin(low, point)
                high = pointwiseMax(high, point)
            }
        }
        return (low, high)
    }

    /// Where the map is on the Earth; nil where the file says nothing of it.
    static func origin(_ file: TensorFile) throws(ContainerError) -> GeodeticPosition? {
        typealias Key = MapFormat.Key
        let keys = [Key.originLatitude, Key.originLongitude, Key.originHeight]
        guard keys.contains(where: { file.metadata[$0] != nil }) else { return nil }
        return GeodeticPosition(
            latitude: try file.double(Key.originLatitude, in: -90...90),
            longitude: try file.double(Key.originLongitude, in: -180...180),
            height: try file.double(Key.originHeight, in: GeodeticPosition.heights))
    }

    private static func damaged(_ map: ReferenceMap, _ tensor: String, _ problem: String) -> MapError {
        MapError(
            .damaged, file: map.path, field: "tensor '\(tensor)'", problem: problem,
            cure: "the file is damaged: fetch or build it again")
    }

    /// Offsets begin at 0, never fall, and end at `end`.
    private static func checkOffsets(
        _ map: ReferenceMap, _ offsets: TensorView<UInt32>, _ name: String, end: Int
    ) throws(MapError) {
        let isGood = offsets.withSpan { values in
            var last: UInt32 = 0
            var ascends = values[0] == 0
            for index in values.indices {
                ascends = ascends && values[index] >= last
                last = values[index]
            }
            return ascends && Int(last) == end
        }
        guard isGood else { throw damaged(map, name, "offsets do not ascend from 0 to \(end)") }
    }

    private static func checkIndices(
        _ map: ReferenceMap, _ indices: TensorView<UInt32>, _ name: String, below bound: Int
    ) throws(MapError) {
        let largest = indices.withSpan { values in
            var largest: UInt32 = 0
            for index in values.indices { largest = max(largest, values[index]) }
            return largest
        }
        guard indices.isEmpty || Int(largest) < bound else {
            throw damaged(map, name, "index \(largest) is not below \(bound)")
        }
    }

    /// Each landmark's group holds its own observations, ascending: then the groups are all observations, each once.
    private static func checkLandmarkGroups(_ map: ReferenceMap) throws(MapError) {
        let isGood = map.landmarkOffsets.withSpan { offsets in
            map.landmarkObservations.withSpan { observations in
                map.observationLandmarks.withSpan { landmarks in
                    for landmark in 0..<map.landmarkCount {
                        var last = -1
                        for at in Int(offsets[landmark])..<Int(offsets[landmark + 1]) {
                            let observation = Int(observations[at])
                            if observation <= last || Int(landmarks[observation]) != landmark { return false }
                            last = observation
                        }
                    }
                    return true
                }
            }
        }
        guard isGood else {
            throw damaged(map, MapFormat.Tensor.landmarkObservations, "disagrees with the observations' landmarks")
        }
    }

    private static func checkPoses(_ map: ReferenceMap) throws(MapError) {
        for keyframe in 0..<map.keyframeCount {
            let at = keyframe * 7
            let (w, x, y, z) = (map.poses[at], map.poses[at + 1], map.poses[at + 2], map.poses[at + 3])
            let translation = Vector3(map.poses[at + 4], map.poses[at + 5], map.poses[at + 6])
            guard Rotation(checkingW: w, x: x, y: y, z: z) != nil, translation.isFinite else {
                throw damaged(map, MapFormat.Tensor.pose, "keyframe \(keyframe) has no possible pose")
            }
        }
    }

    private static func checkFinite<Value: TensorElement & BinaryFloatingPoint>(
        _ map: ReferenceMap, _ values: TensorView<Value>, _ name: String
    ) throws(MapError) {
        let isGood = values.withSpan { values in
            // x - x is 0 for finite numbers and NaN for others: one sum tells of them all.
            var sum: Value = 0
            for index in values.indices { sum += values[index] - values[index] }
            return sum == 0
        }
        guard isGood else { throw damaged(map, name, "holds values that are not finite") }
    }
}
