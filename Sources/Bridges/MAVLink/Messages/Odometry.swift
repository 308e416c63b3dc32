/// ODOMETRY: pose and velocity of a vehicle with their covariances.
///
/// Source: https://mavlink.io/en/messages/common.html#ODOMETRY.
public struct Odometry: Message, Equatable {
    public static let id: UInt32 = 331
    public static let crcExtra: UInt8 = 91
    public static let length = 233

    /// MAV_FRAME of a pose.
    public enum LocalFrame: UInt8, Sendable {
        /// North, east, down.
        case ned = 1
        /// Level, z down, the heading of x unknown.
        case frd = 20
    }

    /// Microseconds of the sender's clock.
    public var time: UInt64
    /// Metres, in `frame`.
    public var position: SIMD3<Float>
    /// Turns the vehicle's axes (forward, right, down) into those of `frame`; w, x, y, z.
    public var attitude: SIMD4<Float>
    /// Metres a second, along the vehicle's axes; NaN if it is not known.
    public var velocity: SIMD3<Float>
    /// Radians a second, about the vehicle's axes; NaN if it is not known.
    public var rates: SIMD3<Float>
    /// Of position and rotation, along and about the axes of `frame`.
    public var poseCovariance: UpperTriangle
    /// Of velocity and rates.
    public var velocityCovariance: UpperTriangle
    /// Of the pose.
    public var frame: LocalFrame
    /// Moves when the pose has jumped; wraps.
    public var resetCounter: UInt8
    /// 1 to 100 percent; 0 is unknown, -1 failed.
    public var quality: Int8

    /// MAV_FRAME_BODY_FRD, of velocity and rates.
    private static let bodyFRD: UInt8 = 12
    /// MAV_ESTIMATOR_TYPE_VISION.
    private static let vision: UInt8 = 2

    /// Of a pose; velocity and covariances are not known until they are set.
    public init(time: UInt64, position: SIMD3<Float>, attitude: SIMD4<Float>, frame: LocalFrame) {
        (self.time, self.position, self.attitude, self.frame) = (time, position, attitude, frame)
        (velocity, rates) = (SIMD3(repeating: .nan), SIMD3(repeating: .nan))
        (poseCovariance, velocityCovariance) = (.unknown, .unknown)
        (resetCounter, quality) = (0, 0)
    }

    public init(from payload: inout PayloadReader) {
        time = payload.integer()
        position = SIMD3(payload.floats(3))
        attitude = SIMD4(payload.floats(4))
        velocity = SIMD3(payload.floats(3))
        rates = SIMD3(payload.floats(3))
        poseCovariance = UpperTriangle(from: &payload)
        velocityCovariance = UpperTriangle(from: &payload)
        // Another frame than these two is taken for the one whose heading is not known.
        frame = LocalFrame(rawValue: payload.integer()) ?? .frd
        _ = payload.integer(UInt8.self)  // child_frame_id
        resetCounter = payload.integer()
        _ = payload.integer(UInt8.self)  // estimator_type
        quality = payload.integer()
    }

    public func write(to payload: inout PayloadWriter) {
        payload.integer(time)
        for index in 0..<3 { payload.float(position[index]) }
        for index in 0..<4 { payload.float(attitude[index]) }
        for index in 0..<3 { payload.float(velocity[index]) }
        for index in 0..<3 { payload.float(rates[index]) }
        poseCovariance.write(to: &payload)
        velocityCovariance.write(to: &payload)
        payload.integer(frame.rawValue)
        payload.integer(Self.bodyFRD)
        payload.integer(resetCounter)
        payload.integer(Self.vision)
        payload.integer(quality)
    }
}
