public import Geometry

/// Where and how the daemon speaks, beyond the poses' own endpoint and the control endpoint.
public struct TransportSettings: Sendable, Equatable {
    /// Addresses of the recorder's endpoint, in protobuf; empty: nowhere.
    public var record: [String] = []
    /// Addresses of the same in JSON; empty: nowhere.
    public var json: [String] = []
    /// Addresses that are bound for the vehicle's odometry; empty: none comes.
    public var odometry: [String] = []
    /// Addresses where the vehicle's state is published; empty: nowhere.
    public var vehicleState: [String] = []
    /// Share of the way by which the odometry drifts.
    public var odometryDrift = 0.01
    /// Standard deviation of the vehicle's position beyond which it is lost: metres.
    public var coastingLimit = 5.0
    /// The same as ``odometry`` for positions by satellite, and for an inertial measurement unit.
    public var position: [String] = []
    public var imu: [String] = []
    var baseFrame = "base_link"
    var odomFrame = "odom"
    var baseFromCamera: RigidTransform?
    var secretKey: String?
    var allow: String?

    /// Poses alone are published, and in the clear.
    public init() {}

    /// nil: nothing is known of a vehicle.
    public var vehicle: VehicleSettings? {
        baseFromCamera.map { VehicleSettings(baseFrame: baseFrame, odomFrame: odomFrame, baseFromCamera: $0) }
    }

    /// nil: everything is in the clear.
    public var security: SecuritySettings? { allow.map { SecuritySettings(secretKey: secretKey, allow: $0) } }

    /// Why an address cannot be used, or nil. The wire's rules are not this module's: who knows them passes them in.
    public typealias EndpointCheck = (_ address: String, _ isControl: Bool, _ hasKey: Bool) -> String?
}

/// Where the camera sits on the vehicle.
public struct VehicleSettings: Sendable, Equatable {
    /// Name of the vehicle's frame of reference: x forward, y left, z up.
    public var baseFrame: String
    /// Name of its odometry's.
    public var odomFrame: String
    /// Of the camera on the vehicle: metres.
    public var baseFromCamera: RigidTransform
}

/// Who may connect from elsewhere.
public struct SecuritySettings: Sendable, Equatable {
    /// The file with the daemon's secret CURVE key; nil: systemd's credential `hfloc.curve`.
    public var secretKey: String?
    /// The file with the public keys of its clients.
    public var allow: String
}
