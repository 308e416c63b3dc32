public import Geometry
public import ReferenceMap

/// Where a camera was: a keyframe of the map, and the pose. A localizer can begin there: ``Localizer/begin(at:hint:)``.
public struct LastPose: Sendable, Equatable {
    /// The cached place's reference keyframe.
    public var reference: Int
    /// Takes points of the map frame to the camera frame, metres.
    public var cameraFromMap: RigidTransform

    /// A place that is known already, as from a file.
    public init(reference: Int, cameraFromMap: RigidTransform) {
        self.reference = reference
        self.cameraFromMap = cameraFromMap
    }

    /// The place around a pose that somebody states: of the keyframes that look the same way, within 60 degrees, the
    /// nearest; or the nearest.
    ///
    /// Cost: one pass over the keyframes.
    public init(near cameraFromMap: RigidTransform, in map: ReferenceMap) {
        var best: (keyframe: Int, looksAway: Bool, distance: Double)?
        for keyframe in 0..<map.keyframeCount {
            let pose = map.cameraFromMap(ofKeyframe: keyframe)
            let looksAway = (pose.rotation * cameraFromMap.rotation.inverse).angle > .pi / 3
            let distance = (pose.originInSource - cameraFromMap.originInSource).lengthSquared
            if let best, (best.looksAway ? 1 : 0, best.distance) <= (looksAway ? 1 : 0, distance) { continue }
            best = (keyframe, looksAway, distance)
        }
        self.init(reference: best?.keyframe ?? 0, cameraFromMap: cameraFromMap)
    }
}

/// Who says that the camera is at a place, and so what the place must show before a pose in it is believed. Either way
/// the pose must pass the gates of a pose found through retrieval.
public enum PoseHint: Sendable {
    /// This program remembers it, from before a restart. The vehicle may have been moved since: the place must be part
    /// of the one that retrieval would try first, so that a stale memory can never give a pose that retrieval alone
    /// would not have looked for.
    case remembered
    /// A person or another program says so, and may know better than retrieval: where two places look alike, say.
    case stated
}
