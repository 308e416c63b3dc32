/// GLOBAL_VISION_POSITION_ESTIMATE: a pose in a map whose origin is known, metres north, east and down of it.
///
/// Source: https://mavlink.io/en/messages/common.html#GLOBAL_VISION_POSITION_ESTIMATE.
public struct GlobalVisionPositionEstimate: Message, Equatable {
    public static let id: UInt32 = 101
    public static let crcExtra: UInt8 = 102
    public static let length = 117

    /// Microseconds of the sender's clock.
    public var time: UInt64
    /// Metres.
    public var position: SIMD3<Float>
    /// Roll, pitch, yaw; radians.
    public var angles: SIMD3<Float>
    /// Of position and rotation.
    public var covariance: UpperTriangle
    /// Moves when the pose has jumped; wraps.
    public var resetCounter: UInt8

    public init(
        time: UInt64, position: SIMD3<Float>, angles: SIMD3<Float>, covariance: UpperTriangle, resetCounter: UInt8
    ) {
        (self.time, self.position, self.angles) = (time, position, angles)
        (self.covariance, self.resetCounter) = (covariance, resetCounter)
    }

    public init(from payload: inout PayloadReader) {
        time = payload.integer()
        position = SIMD3(payload.floats(3))
        angles = SIMD3(payload.floats(3))
        covariance = UpperTriangle(from: &payload)
        resetCounter = payload.integer()
    }

    public func write(to payload: inout PayloadWriter) {
        payload.integer(time)
        for index in 0..<3 { payload.float(position[index]) }
        for index in 0..<3 { payload.float(angles[index]) }
        covariance.write(to: &payload)
        payload.integer(resetCounter)
    }
}
