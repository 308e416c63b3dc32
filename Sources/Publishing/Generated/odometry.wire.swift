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

        public init() {}

        public init(
            monotonicNs: UInt64 = 0,
            position: Wire.Vector3? = nil,
            orientation: Wire.Quaternion? = nil
        ) {
            self.monotonicNs = monotonicNs
            self.position = position
            self.orientation = orientation
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
        default: break
        }
    }
}
