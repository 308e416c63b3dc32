import Container
import Geometry
import Integrity
import ReferenceMap
import Reporting

/// What a report tells of one keyframe.
struct ReportedKeyframe {
    let number: Int
    let name: String
    /// Where its camera stood, metres, map frame.
    let centre: Vector3
    let landmarks: Int
    /// Mean distance of its observations from their landmarks' projections, pixels.
    let residual: Double
    /// What came of leaving it out; nil where it was not tried.
    var leftOut: LeftOutKeyframe?

    init(_ number: Int, of map: ReferenceMap) {
        self.number = number
        name = map.name(ofKeyframe: number)
        let pose = map.cameraFromMap(ofKeyframe: number)
        centre = pose.originInSource
        let observations = map.observations(ofKeyframe: number)
        landmarks = observations.count
        residual = observations.compactMap { map.residual(ofObservation: $0, pose, number)?.length }.mean ?? 0
    }

    /// How it is drawn.
    enum Standing: String {
        case sound, doubtful, missing, untried
    }

    /// Whether it was found, and nowhere else.
    var standing: Standing {
        guard let leftOut else { return .untried }
        guard leftOut.isFound else { return .missing }
        return leftOut.isAmbiguous ? .doubtful : .sound
    }

    /// Distance between where it was found and where it is, metres; nil where it was not.
    var positionError: Double? { leftOut?.error?.positionError.length }
}

extension ReferenceMap {
    /// Of an observation of keyframe `keyframe`, from the landmark's projection to where it was seen, pixels of the
    /// network's input; nil where the landmark lies behind the camera.
    func residual(ofObservation observation: Int, _ cameraFromMap: RigidTransform, _ keyframe: Int) -> Vector2? {
        let point = cameraFromMap * position(ofLandmark: Int(observationLandmarks[observation]))
        return camera(ofKeyframe: keyframe).project(point).map { pixel(ofObservation: observation) - $0 }
    }
}
