import Container
import Geometry

extension ReferenceMap {
    /// The map as a COLMAP model: one image per keyframe with its observations as keypoints, one point per landmark.
    /// Ids count from 1. Points are grey: a map has no colours.
    public func colmapModel() -> ColmapModel {
        var model = ColmapModel()
        for (index, camera) in cameras.enumerated() {
            model.cameras.append(
                .init(
                    id: UInt32(index + 1), model: camera.model.rawValue, width: camera.width, height: camera.height,
                    parameters: camera.colmapParameters))
        }
        for keyframe in 0..<keyframeCount {
            let keypoints = observations(ofKeyframe: keyframe).map { observation in
                let pixel = PixelConvention.colmap(fromPixel: pixel(ofObservation: observation))
                let landmark = UInt64(observationLandmarks[observation])
                return ColmapModel.Keypoint(x: pixel.x, y: pixel.y, point: landmark + 1)
            }
            model.images.append(
                .init(
                    id: UInt32(keyframe + 1), name: name(ofKeyframe: keyframe),
                    camera: keyframeCameras[keyframe] + 1, cameraFromWorld: cameraFromMap(ofKeyframe: keyframe),
                    keypoints: keypoints))
        }
        for landmark in 0..<landmarkCount { model.points.append(colmapPoint(landmark)) }
        return model
    }

    private func colmapPoint(_ landmark: Int) -> ColmapModel.Point {
        let position = position(ofLandmark: landmark)
        var track: [ColmapModel.TrackElement] = []
        var error = 0.0
        for observation in landmarkObservations[observations(ofLandmark: landmark)].map(Int.init) {
            let keyframe = keyframe(ofObservation: observation)
            let number = observation - observations(ofKeyframe: keyframe).lowerBound
            track.append(.init(image: UInt32(keyframe + 1), keypoint: UInt32(number)))
            let projected = camera(ofKeyframe: keyframe).project(cameraFromMap(ofKeyframe: keyframe) * position)
            error += projected.map { ($0 - pixel(ofObservation: observation)).length } ?? 0
        }
        return ColmapModel.Point(
            id: UInt64(landmark + 1), position: position, colour: [128, 128, 128],
            error: track.isEmpty ? 0 : error / Double(track.count), track: track)
    }
}
