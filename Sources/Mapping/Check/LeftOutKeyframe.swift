package import Integrity

/// What came of localizing a keyframe without its own observations.
package struct LeftOutKeyframe: Sendable {
    /// Of the map.
    package var keyframe: Int
    /// Against the map's pose, by the covariance over cells without a factor; nil where no pose was found.
    package var error: NormalizedError?
    /// Largest standard deviations of position and rotation, metres and radians, without a factor.
    package var deviation = (position: 0.0, rotation: 0.0)
    /// Whether another pose explains as much.
    package var isAmbiguous = false
    /// Correspondences that the pose explains.
    package var inliers = 0
    /// Of the wide search around the pose, the share that agrees.
    package var purity = 0.0
    /// What the keyframe says of its camera; nil where it leaves that open.
    package var camera: FreeCameraEstimate?
    /// Squared Mahalanobis distance of the free camera from the map's, with the floor.
    package var cameraDistance = 0.0

    init(keyframe: Int) { self.keyframe = keyframe }

    package var isFound: Bool { error != nil }
}
