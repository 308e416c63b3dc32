public import Geometry

/// What a camera and the vehicle that carries it recorded on the way.
public struct Drive: Sendable {
    /// When each frame was captured: CLOCK_MONOTONIC, nanoseconds, ascending.
    public var frameTimes: [UInt64]
    /// The bytes of a frame's image file with the suffix of its kind ("jpg"); nil where they cannot be had.
    public var readFrame: @Sendable (_ index: Int) -> (suffix: String, bytes: [UInt8])?
    /// Of all frames.
    public var camera: Camera
    /// How the camera sits on the vehicle.
    public var baseFromCamera: RigidTransform
    /// The vehicle's way.
    public var odometry: OdometryPath
    /// Where satellites saw the vehicle, ascending in time; may be empty.
    public var fixes: [AntennaFix]
    /// The recording, for messages.
    public var name: String

    /// - Parameters:
    ///   - name: of the recording, for messages.
    ///   - frameTimes: of each frame, ascending, nanoseconds.
    ///   - camera: of all frames.
    ///   - baseFromCamera: how the camera sits on the vehicle.
    ///   - odometry: the vehicle's way.
    ///   - fixes: where satellites saw it.
    ///   - readFrame: gives a frame's image file.
    public init(
        name: String, frameTimes: [UInt64], camera: Camera, baseFromCamera: RigidTransform, odometry: OdometryPath,
        fixes: [AntennaFix] = [], readFrame: @escaping @Sendable (Int) -> (suffix: String, bytes: [UInt8])?
    ) {
        (self.name, self.frameTimes, self.camera) = (name, frameTimes, camera)
        (self.baseFromCamera, self.odometry, self.fixes) = (baseFromCamera, odometry, fixes)
        self.readFrame = readFrame
    }
}

/// Where a satellite receiver saw its antenna.
public struct AntennaFix: Sendable, Equatable {
    /// CLOCK_MONOTONIC, nanoseconds.
    public var time: UInt64
    /// Where the antenna was on the Earth.
    public var position: GeodeticPosition
    /// Standard deviation to the east and to the north, and of the height, metres.
    public var sigma: (horizontal: Double, vertical: Double)
    /// The antenna on the vehicle, metres.
    public var baseFromAntenna: Vector3

    /// A fix; sigmas above 0.
    public init(
        time: UInt64, position: GeodeticPosition, sigma: (horizontal: Double, vertical: Double),
        baseFromAntenna: Vector3 = .zero
    ) {
        (self.time, self.position, self.sigma, self.baseFromAntenna) = (time, position, sigma, baseFromAntenna)
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.time == b.time && a.position == b.position && a.sigma == b.sigma && a.baseFromAntenna == b.baseFromAntenna
    }
}
