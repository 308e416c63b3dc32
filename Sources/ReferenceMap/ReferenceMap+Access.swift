import Container
public import Features
public import Geometry

extension ReferenceMap {
    /// The name of the keyframe's image. Allocates.
    public func name(ofKeyframe keyframe: Int) -> String {
        let range = Int(nameOffsets[keyframe])..<Int(nameOffsets[keyframe + 1])
        return String(decoding: names[range], as: UTF8.self)
    }

    /// The camera of the keyframe's input image.
    public func camera(ofKeyframe keyframe: Int) -> Camera { cameras[Int(keyframeCameras[keyframe])] }

    /// The keyframe's pose: from the map frame into the camera's (x right, y down, z forward), metres.
    public func cameraFromMap(ofKeyframe keyframe: Int) -> RigidTransform {
        let at = keyframe * 7
        return RigidTransform(
            rotation: Rotation(w: poses[at], x: poses[at + 1], y: poses[at + 2], z: poses[at + 3]),
            translation: Vector3(poses[at + 4], poses[at + 5], poses[at + 6]))
    }

    /// The keyframe's global descriptor; of a map with clusters of its own what is left of it: signs of 1 and -1,
    /// scaled such that retrieval gives it the similarity 1 to itself. Written to a map again it gives the same bytes.
    /// Allocates.
    public func globalDescriptor(ofKeyframe keyframe: Int) -> GlobalDescriptor {
        var descriptor = GlobalDescriptor(dimension: globalDimension)
        descriptor.values = globalDescriptors.values(ofKeyframe: keyframe, dimension: globalDimension)
        let scale = globalScales[keyframe]
        descriptor.scale = clusters == nil ? scale : 1 / (Float(globalDimension) * scale)
        return descriptor
    }

    /// How many keypoints the keyframe's image had, with and without landmarks.
    public func detectedKeypoints(ofKeyframe keyframe: Int) -> Int { Int(detected[keyframe]) }

    /// The observations that keyframe `keyframe` made.
    public func observations(ofKeyframe keyframe: Int) -> Range<Int> {
        Int(observationOffsets[keyframe])..<Int(observationOffsets[keyframe + 1])
    }

    /// The most observations that a keyframe made: what memory for places is sized by. Cost: a pass over the keyframes.
    public var mostObservations: Int { (0..<keyframeCount).reduce(0) { max($0, observations(ofKeyframe: $1).count) } }

    /// The keyframe that made an observation, by bisection.
    public func keyframe(ofObservation observation: Int) -> Int {
        precondition(observation >= 0 && observation < observationCount, "ReferenceMap: observation out of range")
        var (low, high) = (0, keyframeCount - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if Int(observationOffsets[middle]) <= observation { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// In pixels of the network's input image.
    public func pixel(ofObservation observation: Int) -> Vector2 {
        Vector2(Double(pixels[2 * observation]), Double(pixels[2 * observation + 1]))
    }

    /// Where in ``landmarkObservations`` the observations of landmark `landmark` are.
    public func observations(ofLandmark landmark: Int) -> Range<Int> {
        Int(landmarkOffsets[landmark])..<Int(landmarkOffsets[landmark + 1])
    }

    /// Metres, map frame.
    public func position(ofLandmark landmark: Int) -> Vector3 {
        Vector3(positions[3 * landmark], positions[3 * landmark + 1], positions[3 * landmark + 2])
    }

    /// Where in ``covisibleKeyframes`` and ``covisibleShared`` the neighbours of keyframe `keyframe` are.
    public func neighbours(of keyframe: Int) -> Range<Int> {
        Int(covisibilityOffsets[keyframe])..<Int(covisibilityOffsets[keyframe + 1])
    }
}
