public import Messages
internal import SwiftProtobuf

/// A pose of a message whose numbers are those of a pose.
public struct CheckedPose: Sendable, Equatable {
    /// Metres.
    public let position: SIMD3<Double>
    /// w, x, y, z; of unit length.
    public let attitude: SIMD4<Double>
    /// 36 values, row by row; nil if it is not known.
    public let covariance: [Double]?

    /// Nil if a number is none, or the rotation's norm is not within 1 % of 1.
    public init?(_ pose: Hfloc_V1_Pose) {
        self.init(pose.position, pose.orientation, Self.covariance(pose.covariance))
    }

    /// The same of a transform.
    public init?(_ transform: Hfloc_V1_Transform) { self.init(transform.translation, transform.rotation, nil) }

    private init?(_ position: Hfloc_V1_Vector3, _ q: Hfloc_V1_Quaternion, _ covariance: [Double]?) {
        let attitude = SIMD4(q.w, q.x, q.y, q.z)
        let length = (attitude * attitude).sum().squareRoot()
        guard [position.x, position.y, position.z].allSatisfy(\.isFinite), abs(length - 1) < 0.01 else { return nil }
        (self.position, self.attitude) = (SIMD3(position.x, position.y, position.z), attitude / length)
        self.covariance = covariance
    }

    /// A covariance; nil if it has not 36 values, or one that is no number.
    public static func covariance(_ values: [Double]) -> [Double]? {
        values.count == 36 && values.allSatisfy(\.isFinite) ? values : nil
    }
}
