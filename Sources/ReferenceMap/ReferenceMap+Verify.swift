import Container
public import Files
import Geometry

/// What the check of a whole map found: its reprojection errors, worked out anew from the file.
public struct MapVerification: Sendable {
    /// How many were compared: all of the map.
    public var observations = 0
    /// Mean distance between an observed pixel and its landmark's projection, pixels of the input image.
    public var meanError = 0.0
    /// The greatest of these distances, pixels of the input image.
    public var largestError = 0.0
    /// Landmarks observed by one keyframe only, or by none.
    public var weakLandmarks = 0
}

extension ReferenceMap {
    /// Reads every byte: the hashes of all tensors and the map's identity, the geometry (each landmark lies before its
    /// keyframes' cameras and within `tolerance` pixels of its observations), and the covisibility graph.
    public func verify(tolerance: Double = 8) throws(MapError) -> MapVerification {
        try verifyBytes()
        var result = MapVerification()
        for keyframe in 0..<keyframeCount { try verify(keyframe: keyframe, tolerance, &result) }
        if result.observations > 0 { result.meanError /= Double(result.observations) }
        for landmark in 0..<landmarkCount where observations(ofLandmark: landmark).count < 2 {
            result.weakLandmarks += 1
        }
        try verifyCovisibility()
        return result
    }

    /// Reads every byte and compares it with the file's hashes, metadata and identity too: about a millisecond per
    /// megabyte.
    public func verifyBytes() throws(MapError) {
        do {
            try file.verify(
                identity: MapFormat.Key.mapID, covering: file.version == 1 ? .tensors : .wholeFile)
        } catch {
            throw MapError(reading: error)
        }
    }

    /// Writes the file's bytes to another path, whole or not at all: what was opened, and verified, is what is written.
    public func write(copyTo path: String) throws(FileError) { try file.write(copyTo: path) }

    private func verify(keyframe: Int, _ tolerance: Double, _ result: inout MapVerification) throws(MapError) {
        let camera = camera(ofKeyframe: keyframe)
        let cameraFromMap = cameraFromMap(ofKeyframe: keyframe)
        var seen: Set<UInt32> = []
        for observation in observations(ofKeyframe: keyframe) {
            let landmark = observationLandmarks[observation]
            guard seen.insert(landmark).inserted else {
                throw wrong(keyframe, landmark, "is observed twice")
            }
            guard let pixel = camera.project(cameraFromMap * position(ofLandmark: Int(landmark))) else {
                throw wrong(keyframe, landmark, "lies behind the camera")
            }
            let error = (pixel - self.pixel(ofObservation: observation)).length
            guard error <= tolerance else {
                throw wrong(keyframe, landmark, "is \(error) px from its observation, more than \(tolerance)")
            }
            result.observations += 1
            result.meanError += error
            result.largestError = max(result.largestError, error)
        }
    }

    private func wrong(_ keyframe: Int, _ landmark: UInt32, _ problem: String) -> MapError {
        MapError(
            .damaged, file: path, field: "keyframe '\(name(ofKeyframe: keyframe))'",
            problem: "landmark \(landmark) \(problem)", cure: "build the map again")
    }

    private func verifyCovisibility() throws(MapError) {
        let landmarks = (0..<keyframeCount).map { Array(observationLandmarks[observations(ofKeyframe: $0)]) }
        let observers = (0..<landmarkCount).map { landmark in
            landmarkObservations[observations(ofLandmark: landmark)].map {
                UInt32(keyframe(ofObservation: Int($0)))
            }
        }
        let graph = CovisibilityGraph(landmarks: landmarks, observers: observers, minimumShared: minimumShared)
        let isSame =
            graph.offsets.elementsEqual(covisibilityOffsets)
            && graph.neighbours.elementsEqual(covisibleKeyframes) && graph.shared.elementsEqual(covisibleShared)
        guard isSame else {
            throw MapError(
                .damaged, file: path, field: "tensor '\(MapFormat.Tensor.neighbour)'",
                problem: "disagrees with the landmarks that the keyframes share", cure: "build the map again")
        }
    }
}
