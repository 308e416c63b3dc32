import Container
public import Geometry

/// A map as it would be without one of its keyframes: where the landmarks are that it observes.
public struct KeyframeExclusion: Sendable {
    /// The keyframe that is left out.
    public let keyframe: Int
    /// By landmark: where its other observations put it; NaN where fewer than two are left, or they say no depth.
    private let positions: [UInt32: Vector3]

    /// Scale of the robust loss, pixels, and least angle between two rays, radians: as of a map's building.
    private static let loss = RobustLoss.cauchy(scale: 1)
    private static let leastAngle = Double.pi / 180

    /// Triangulates anew what the keyframe observes: about 10 us for each of its landmarks.
    ///
    /// - Parameters:
    ///   - keyframe: of the map.
    ///   - map: with all of its keyframes.
    public init(of keyframe: Int, in map: ReferenceMap) {
        self.keyframe = keyframe
        var positions: [UInt32: Vector3] = [:]
        for observation in map.observations(ofKeyframe: keyframe) {
            let landmark = map.observationLandmarks[observation]
            let others = map.pointObservations(ofLandmark: Int(landmark), without: keyframe)
            positions[landmark] = Self.position(of: others) ?? Vector3(.nan, .nan, .nan)
        }
        self.positions = positions
    }

    private static func position(of observations: [PointObservation]) -> Vector3? {
        guard observations.count >= 2, let point = Triangulation.triangulate(observations, loss: loss) else {
            return nil
        }
        return point.angle >= leastAngle ? point.position : nil
    }

    /// Where a landmark is without the keyframe; nil of one that does not depend on it.
    public func position(ofLandmark landmark: UInt32) -> Vector3? { positions[landmark] }
}

extension ReferenceMap {
    fileprivate func pointObservations(ofLandmark landmark: Int, without excluded: Int) -> [PointObservation] {
        observations(ofLandmark: landmark).compactMap { index in
            let observation = Int(landmarkObservations[index])
            let keyframe = keyframe(ofObservation: observation)
            guard keyframe != excluded else { return nil }
            return PointObservation(
                pixel: pixel(ofObservation: observation), camera: camera(ofKeyframe: keyframe),
                cameraFromMap: cameraFromMap(ofKeyframe: keyframe))
        }
    }
}
