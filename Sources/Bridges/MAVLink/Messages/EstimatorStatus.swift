/// ESTIMATOR_STATUS: what an estimator knows, and how well.
///
/// Source: https://mavlink.io/en/messages/common.html#ESTIMATOR_STATUS.
public struct EstimatorStatus: Message, Equatable {
    public static let id: UInt32 = 230
    public static let crcExtra: UInt8 = 163
    public static let length = 42

    /// ESTIMATOR_STATUS_FLAGS: what is known.
    public struct Known: OptionSet, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        public static let attitude = Known(rawValue: 1)
        public static let horizontalVelocity = Known(rawValue: 2)
        public static let verticalVelocity = Known(rawValue: 4)
        public static let relativeHorizontalPosition = Known(rawValue: 8)
        public static let absoluteHorizontalPosition = Known(rawValue: 16)
        public static let absoluteVerticalPosition = Known(rawValue: 32)
    }

    /// Microseconds of the sender's clock.
    public var time: UInt64
    /// What is known.
    public var known: Known
    /// One standard deviation, metres; 0 if nothing is known.
    public var horizontalAccuracy: Float
    /// One standard deviation, metres; 0 if nothing is known.
    public var verticalAccuracy: Float

    public init(time: UInt64, known: Known, horizontalAccuracy: Float, verticalAccuracy: Float) {
        (self.time, self.known) = (time, known)
        (self.horizontalAccuracy, self.verticalAccuracy) = (horizontalAccuracy, verticalAccuracy)
    }

    public init(from payload: inout PayloadReader) {
        time = payload.integer()
        _ = payload.floats(6)
        horizontalAccuracy = payload.float()
        verticalAccuracy = payload.float()
        known = Known(rawValue: payload.integer())
    }

    public func write(to payload: inout PayloadWriter) {
        payload.integer(time)
        // Ratios of innovations to their limits: not known here.
        payload.floats(Array(repeating: 0, count: 6))
        payload.float(horizontalAccuracy)
        payload.float(verticalAccuracy)
        payload.integer(known.rawValue)
    }
}
