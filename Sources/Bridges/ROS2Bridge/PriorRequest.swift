internal import Messages
internal import ROS2
internal import SwiftProtobuf

/// /initialpose as a request to hflocd, which tries the place there first; every gate still applies.
struct PriorRequest: Sendable {
    /// Where a pose says nothing of its deviation: metres and radians, as RViz's own.
    private static let usual = (position: 0.5, rotation: 0.26)
    /// What hflocd takes at most.
    private static let most = (position: 1e4, rotation: Double.pi)

    /// The serialized request; or why there is none.
    ///
    /// - Parameters:
    ///   - frames: the daemon's own names.
    ///   - map: the map's frame in ROS.
    static func make(
        _ pose: PoseWithCovarianceStamped, id: UInt64, frames: DaemonFrames, map: String
    ) -> Result<[UInt8], Refusal> {
        let frame = FrameNames.plain(pose.header.frame)
        guard !frames.map.isEmpty else { return .failure(Refusal("hflocd has said nothing yet")) }
        guard !frames.base.isEmpty else {
            return .failure(Refusal("hflocd does not know where the camera is: set vehicle.base_from_camera"))
        }
        guard frame == map else {
            return .failure(Refusal("it is in the frame '\(frame)', not '\(map)': RViz's fixed frame must be the map"))
        }
        var request = Hfloc_V1_ControlRequest()
        request.requestID = id
        request.setPrior.position = Hfloc_V1_Vector3(pose.pose.position)
        request.setPrior.orientation = Hfloc_V1_Quaternion(pose.pose.attitude)
        request.setPrior.positionSigmaM = deviation(
            pose.covariance, [0, 7, 14], Self.usual.position, Self.most.position)
        request.setPrior.rotationSigmaRad = deviation(
            pose.covariance, [21, 28, 35], Self.usual.rotation, Self.most.rotation)
        request.setPrior.frame = frames.base
        guard let bytes = try? request.serializedBytes() as [UInt8] else { return .failure(Refusal("it has no form")) }
        return .success(bytes)
    }

    /// The largest along the three axes.
    private static func deviation(
        _ covariance: [Double], _ places: [Int], _ usual: Double, _ most: Double
    ) -> Double {
        let variance = places.map { covariance.indices.contains($0) ? covariance[$0] : 0 }.max() ?? 0
        return variance > 0 && variance.isFinite ? min(variance.squareRoot(), most) : usual
    }

    /// Why the request was not made, for people.
    struct Refusal: Error, Equatable {
        var text: String
        init(_ text: String) { self.text = text }
    }
}
