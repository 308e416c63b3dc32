package import Geometry

/// How far an estimated pose is from the true one.
package struct PoseError: Equatable, Sendable {
    /// Distance of the camera centres, metres (the unit of the map).
    package var position: Double
    /// Angle of the rotation between the two, degrees, 0...180.
    package var rotation: Double

    package init(position: Double, rotation: Double) {
        self.position = position
        self.rotation = rotation
    }

    /// - Parameters:
    ///   - estimated: `cameraFromMap` as it was found.
    ///   - truth: `cameraFromMap` as it is.
    package init(estimated: RigidTransform, truth: RigidTransform) {
        position = (estimated.originInSource - truth.originInSource).length
        rotation = (estimated.rotation * truth.rotation.inverse).angle * 180 / Double.pi
    }
}

/// A pair of thresholds at which recall is counted, as in the long-term visual localization benchmark and hloc.
package struct RecallThreshold: Sendable {
    package let metres: Double
    package let degrees: Double

    /// From the finest to the coarsest.
    package static let all = [
        RecallThreshold(metres: 0.05, degrees: 0.5), RecallThreshold(metres: 0.25, degrees: 2),
        RecallThreshold(metres: 0.5, degrees: 5), RecallThreshold(metres: 5, degrees: 10),
    ]

    /// In JSON: "0.05m_0.5deg".
    package var name: String { "\(metres)m_\(degrees)deg" }

    /// Whether both parts of the error are within the thresholds; an error that is not a number is not.
    package func holds(_ error: PoseError) -> Bool { error.position <= metres && error.rotation <= degrees }
}
