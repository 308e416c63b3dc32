public import Geometry

/// Where the camera is by what odometry has made of the poses before: good enough to tell places apart that look alike,
/// not to look for matches by.
public struct PoseBelief: Sendable, Equatable {
    /// Takes points of the map frame to the camera frame, metres.
    public var cameraFromMap: RigidTransform
    /// Standard deviation of its position, all three axes together, metres.
    public var deviation: Double

    /// A belief; see the fields.
    public init(cameraFromMap: RigidTransform, deviation: Double) {
        (self.cameraFromMap, self.deviation) = (cameraFromMap, deviation)
    }

    /// No pose further from it is borne out by it: four deviations and a metre. 0 where the deviation is no number.
    var reach: Double { deviation >= 0 ? 1 + 4 * deviation : 0 }
}
