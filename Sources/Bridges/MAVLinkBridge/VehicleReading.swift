public import DaemonPoses
internal import Messages
internal import SwiftProtobuf

/// What a message of hflocd says of the vehicle, in hfloc's own axes and units.
public struct VehicleReading: Sendable {
    /// Of the daemon's run.
    public var session: UInt64
    /// Of the machine on which the stamp was taken.
    public var bootID: String
    /// CLOCK_MONOTONIC, nanoseconds.
    public var time: UInt64
    /// Moves when the pose may have jumped.
    public var resetCounter: UInt32
    /// Where the vehicle is; or why nothing is to be said of it.
    public var pose: Result<VehiclePose, Withheld>

    package init(
        session: UInt64, bootID: String, time: UInt64, resetCounter: UInt32, pose: Result<VehiclePose, Withheld>
    ) {
        (self.session, self.bootID, self.time) = (session, bootID, time)
        (self.resetCounter, self.pose) = (resetCounter, pose)
    }
}

extension VehicleReading {
    /// Of a message of the poses' endpoint; nil if it is none.
    public init?(localization bytes: [UInt8]) {
        guard let message = try? Hfloc_V1_Localization(serializedBytes: bytes) else { return nil }
        (session, bootID, time) = (message.sessionID, message.bootID, message.captureMonotonicNs)
        resetCounter = message.resetCounter
        if let fault = Withheld.fault(ofVersion: message.protocolVersion) {
            pose = .failure(fault)
        } else if message.state != .localized {
            pose = .failure(.notLocalized("\(message.state)", message.reason))
        } else if !message.hasBasePose {
            pose = .failure(.noVehicle)
        } else {
            pose = VehiclePose.checked(message.basePose, quality: 100)
        }
        if case .success(var found) = pose {
            found.isOnEarth = message.hasBaseEarth
            pose = .success(found)
        }
    }

    /// Of a message of the vehicle's endpoint; nil if it is none.
    ///
    /// - Parameter onEarth: the map lies on the Earth, which these messages do not say.
    public init?(vehicleState bytes: [UInt8], onEarth: Bool) {
        guard let message = try? Hfloc_V1_VehicleState(serializedBytes: bytes) else { return nil }
        (session, bootID, time) = (message.sessionID, message.bootID, message.monotonicNs)
        resetCounter = message.resetCounter
        if let fault = Withheld.fault(ofVersion: message.protocolVersion) {
            pose = .failure(fault)
            return
        }
        let quality: Int8? = [.fixed: 100, .coasting: 50][message.condition]
        guard let quality, message.hasPose else {
            pose = .failure(.notLocalized("\(message.condition)", message.reason))
            return
        }
        pose = VehiclePose.checked(message.pose, quality: quality).map {
            var pose = $0
            pose.isOnEarth = onEarth
            if message.hasLinearVelocity, message.hasAngularVelocity {
                pose.velocity = SIMD3(message.linearVelocity)
                pose.rates = SIMD3(message.angularVelocity)
                pose.velocityCovariance = CheckedPose.covariance(message.velocityCovariance)
            }
            return pose
        }
    }
}

/// Where a vehicle is in the map.
public struct VehiclePose: Sendable, Equatable {
    /// Metres, in the map.
    public var position: SIMD3<Double>
    /// Turns the vehicle's axes into the map's: w, x, y, z; of unit length.
    public var attitude: SIMD4<Double>
    /// 36 values, row by row, along and about the map's axes; nil if it is not known.
    public var covariance: [Double]?
    /// Metres a second, along the vehicle's axes.
    public var velocity: SIMD3<Double>?
    /// Radians a second, about the vehicle's axes.
    public var rates: SIMD3<Double>?
    /// 36 values, of velocity and rates.
    public var velocityCovariance: [Double]?
    /// The map's axes point east, north and up.
    public var isOnEarth = false
    /// Percent.
    public var quality: Int8

    /// Without velocities, of a map of which it is not known where it lies.
    package init(position: SIMD3<Double>, attitude: SIMD4<Double>, covariance: [Double]?, quality: Int8) {
        (self.position, self.attitude) = (position, attitude)
        (self.covariance, self.quality) = (covariance, quality)
    }

    static func checked(_ pose: Hfloc_V1_Pose, quality: Int8) -> Result<VehiclePose, Withheld> {
        guard let checked = CheckedPose(pose) else { return .failure(.noPose) }
        return .success(
            VehiclePose(
                position: checked.position, attitude: checked.attitude, covariance: checked.covariance,
                quality: quality))
    }
}

extension SIMD3<Double> {
    init(_ vector: Hfloc_V1_Vector3) { self.init(vector.x, vector.y, vector.z) }
}
