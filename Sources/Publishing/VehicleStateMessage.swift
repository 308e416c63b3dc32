package import Geometry

/// Where a vehicle is between the fixes of its camera, as it goes on the wire: `hfloc.v1.VehicleState`, whose .proto
/// file says what each field means. A plain value without storage of its own.
package struct VehicleStateMessage: Sendable {
    package var sequence: UInt64 = 0
    /// CLOCK_MONOTONIC, nanoseconds.
    package var monotonic: UInt64 = 0
    /// Since the Unix epoch, nanoseconds.
    package var wall: UInt64 = 0
    /// CLOCK_MONOTONIC, nanoseconds.
    package var publishMonotonic: UInt64 = 0
    package var condition = Wire.VehicleCondition.lost
    /// Encoded only if the condition is not lost.
    package var pose: LocalizationMessage.Pose?
    /// Encoded as `pose` is.
    package var mapFromOdom: Wire.Transform?
    /// Of base_link along its axes, metres and radians a second.
    package var velocity: Twist?
    package var velocityCovariance: SymmetricMatrix6?
    /// Nanoseconds.
    package var fixAge: UInt64 = 0
    package var resetCounter: UInt32 = 0
    package var withheldFixes: UInt64 = 0
    package var reason = VehicleReason.none

    /// Of nothing yet: lost.
    package init() {}
}

/// Why a vehicle's pose is coasting or lost, or what contradicts it.
package enum VehicleReason: UInt8, Sendable, CaseIterable {
    case none
    case noFix
    case oldFix
    case uncertain
    case contradicted
    case noOdometry

    /// For people.
    var text: String {
        switch self {
        case .none: ""
        case .noFix: "the camera has not fixed the vehicle yet, by three frames that agree"
        case .oldFix: "the camera has no fix; odometry alone carries the pose"
        case .uncertain: "without a fix for so long, the pose is less certain than vehicle.coasting_limit allows"
        case .contradicted: "the camera's fixes contradict the odometry, and are withheld"
        case .noOdometry: "no odometry comes; it is due at the odometry endpoint, 10 to 200 times a second"
        }
    }
}

/// Encodes `hfloc.v1.VehicleState`. Allocates nothing once made.
package struct VehicleStateEncoder: Sendable {
    private typealias Field = Wire.VehicleStateField

    private var wire = WireEncoder(capacity: 1536)
    private let sessionID: UInt64
    private let bootID: [UInt8]
    private let mapFrame: [UInt8]
    private let baseFrame: [UInt8]
    private let odomFrame: [UInt8]
    private let protocolVersion: UInt64
    /// By the raw values of `VehicleReason`.
    private let reasons = VehicleReason.allCases.map { Array($0.text.utf8) }
    /// Of the map that the poses are in: a hash, hexadecimal.
    package var mapID: [UInt8]

    /// - Parameter identity: of the daemon's run, and the names of its frames.
    package init(identity: SessionIdentity) {
        (sessionID, bootID) = (identity.sessionID, Array(identity.bootID.utf8))
        (mapFrame, mapID) = (Array(identity.mapFrame.utf8), Array(identity.mapID.utf8))
        (baseFrame, odomFrame) = (Array(identity.baseFrame.utf8), Array(identity.odomFrame.utf8))
        protocolVersion = UInt64(identity.protocolVersion)
    }

    /// The serialized message. Let go of it before the next call, which otherwise has to copy it.
    package mutating func encode(_ message: VehicleStateMessage) -> [UInt8] {
        wire.removeAll()
        wire.varint(Field.sequence, message.sequence)
        wire.fixed64(Field.sessionID, sessionID)
        wire.string(Field.bootID, bootID)
        wire.fixed64(Field.monotonicNs, message.monotonic)
        wire.fixed64(Field.wallNs, message.wall)
        wire.fixed64(Field.publishMonotonicNs, message.publishMonotonic)
        wire.varint(Field.condition, UInt64(message.condition.rawValue))
        let isKnown = message.condition != .lost
        if isKnown, let pose = message.pose {
            wire.message(Field.pose) { LocalizationEncoder.encode(pose, into: &$0) }
        }
        if let velocity = message.velocity {
            wire.message(Field.linearVelocity) { Wire.Vector3(velocity.translation).encode(into: &$0) }
            wire.message(Field.angularVelocity) { Wire.Vector3(velocity.rotation).encode(into: &$0) }
            if let covariance = message.velocityCovariance {
                wire.packedDoubles(Field.velocityCovariance, count: 36)
                for row in 0..<6 { for column in 0..<6 { wire.element(covariance[row, column]) } }
            }
        }
        if isKnown, let transform = message.mapFromOdom {
            wire.message(Field.mapFromOdom) { transform.encode(into: &$0) }
        }
        wire.varint(Field.fixAgeNs, message.fixAge)
        wire.varint(Field.resetCounter, UInt64(message.resetCounter))
        wire.varint(Field.withheldFixes, message.withheldFixes)
        wire.string(Field.reason, reasons[Int(message.reason.rawValue)])
        wire.string(Field.mapFrame, mapFrame)
        wire.string(Field.mapID, mapID)
        wire.string(Field.baseFrame, baseFrame)
        wire.string(Field.odomFrame, odomFrame)
        wire.varint(Field.protocolVersion, protocolVersion)
        return wire.bytes
    }
}
