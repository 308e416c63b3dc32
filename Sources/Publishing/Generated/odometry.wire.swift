// Written by tools/generate/generate-wire from hfloc/v1/odometry.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// The vehicle in the frame of its odometry: continuous, and free to drift.
    public struct Odometry: Sendable, Equatable {
        /// When it was there: CLOCK_MONOTONIC of the machine on which hflocd runs.
        public var monotonicNs: UInt64 = 0
        /// base_link's origin in the odometry's frame, metres.
        public var position: Wire.Vector3? = nil
        /// Rotates base_link's axes into the odometry's axes; its norm must be within 1 % of 1.
        public var orientation: Wire.Quaternion? = nil
        /// Of the pose: 6x6, row by row, in the odometry's axes, in the order of Pose.covariance. Only its growth
        /// counts, as what the odometry says of its own drift; one that stays as it is says nothing. Empty if it is not
        /// known.
        public var covariance: [Double] = []
        /// Of base_link's origin, along base_link's axes, metres a second. Absent with angular_velocity: not known.
        public var linearVelocity: Wire.Vector3? = nil
        /// About base_link's axes, radians a second.
        public var angularVelocity: Wire.Vector3? = nil
        /// Of both velocities: 6x6, row by row, linear, then angular, in base_link's axes. Empty if it is not known.
        public var velocityCovariance: [Double] = []
        /// Changes when the odometry begins anew, or jumps: from one number to another nothing is known of the motion.
        public var resetCounter: UInt32 = 0

        public init() {}

        public init(
            monotonicNs: UInt64 = 0,
            position: Wire.Vector3? = nil,
            orientation: Wire.Quaternion? = nil,
            covariance: [Double] = [],
            linearVelocity: Wire.Vector3? = nil,
            angularVelocity: Wire.Vector3? = nil,
            velocityCovariance: [Double] = [],
            resetCounter: UInt32 = 0
        ) {
            self.monotonicNs = monotonicNs
            self.position = position
            self.orientation = orientation
            self.covariance = covariance
            self.linearVelocity = linearVelocity
            self.angularVelocity = angularVelocity
            self.velocityCovariance = velocityCovariance
            self.resetCounter = resetCounter
        }
    }
}

extension Wire.Odometry: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .fixed64(let bits)): monotonicNs = bits
        case (2, .bytes(let range)): position = try .merging(position, bytes, range)
        case (3, .bytes(let range)): orientation = try .merging(orientation, bytes, range)
        case (4, .bytes(let range)): covariance += try WireReader.doubles(bytes, range)
        case (4, .fixed64(let bits)): covariance.append(Double(bitPattern: bits))
        case (5, .bytes(let range)): linearVelocity = try .merging(linearVelocity, bytes, range)
        case (6, .bytes(let range)): angularVelocity = try .merging(angularVelocity, bytes, range)
        case (7, .bytes(let range)): velocityCovariance += try WireReader.doubles(bytes, range)
        case (7, .fixed64(let bits)): velocityCovariance.append(Double(bitPattern: bits))
        case (8, .varint(let number)): resetCounter = UInt32(truncatingIfNeeded: number)
        default: break
        }
    }
}
