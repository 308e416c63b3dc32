internal import Container
internal import Features
public import Geometry
internal import Glibc
public import ReferenceMap

/// A map that has a place twice: all keyframes and landmarks of another, and again some metres away.
public enum TwiceMap {
    /// How far the second is from the first, map frame.
    public static let offset = Vector3(50, 0, 0)

    public static func make(of map: ReferenceMap) throws -> ReferenceMap {
        var contents = MapContents(
            modelID: map.modelID, longSide: map.longSide, descriptorDimension: map.descriptorDimension,
            globalDimension: map.globalDimension, cameras: map.cameras, minimumShared: map.minimumShared)
        contents.clusters = map.clusters
        for copy in 0..<2 {
            let shift = Double(copy) * offset
            let first = UInt32(copy * map.landmarkCount)
            contents.landmarks += (0..<map.landmarkCount).map { map.position(ofLandmark: $0) + shift }
            for keyframe in 0..<map.keyframeCount {
                contents.keyframes.append(Self.keyframe(keyframe, of: map, shift, first, copy))
            }
        }
        let path = "/tmp/hfloc-twice-\(getpid()).hfmap"
        defer { unsafe unlink(path) }  // The mapping stays.
        _ = try contents.write(to: path)
        return try ReferenceMap(opening: path)
    }

    private static func keyframe(
        _ index: Int, of map: ReferenceMap, _ shift: Vector3, _ first: UInt32, _ copy: Int
    ) -> MapContents.Keyframe {
        let pose = map.cameraFromMap(ofKeyframe: index)
        let moved = RigidTransform(rotation: pose.rotation, translation: pose.translation - pose.rotation * shift)
        let global = map.globalDescriptor(ofKeyframe: index)
        let observations = map.observations(ofKeyframe: index)
        let size = map.descriptorDimension
        let camera = map.cameras.firstIndex { $0 == map.camera(ofKeyframe: index) } ?? 0
        return MapContents.Keyframe(
            name: "\(copy)/\(map.name(ofKeyframe: index))", camera: camera, cameraFromMap: moved,
            globalDescriptor: global,
            detectedKeypoints: map.detectedKeypoints(ofKeyframe: index),
            landmarks: observations.map { map.observationLandmarks[$0] + first },
            pixels: observations.map { SIMD2(map.pixels[2 * $0], map.pixels[2 * $0 + 1]) },
            descriptors: observations.flatMap { o in (0..<size).map { map.descriptors[o * size + $0] } })
    }
}
