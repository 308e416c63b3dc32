// Written by tools/generate/generate-wire from hfloc/v1/sensors.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// Where a satellite receiver says that its antenna is, in WGS 84. To the `position` endpoint.
    public struct Position: Sendable, Equatable {
        /// When it was there: CLOCK_MONOTONIC of the machine on which hflocd runs.
        public var monotonicNs: UInt64 = 0
        /// Degrees, north is positive.
        public var latitudeDeg: Double = 0
        /// Degrees, east is positive.
        public var longitudeDeg: Double = 0
        /// Metres above the ellipsoid, not above the sea.
        public var heightM: Double = 0
        /// 3x3, row by row, metres squared, along east, north, up. Empty if it is not known.
        public var covariance: [Double] = []
        /// What the receiver says of its solution.
        public var fix: Wire.Position.Fix = .unspecified
        /// The antenna on the vehicle, metres in base_link's axes. Absent: at its origin, or not known.
        public var baseFromAntenna: Wire.Vector3? = nil

        public init() {}

        public init(
            monotonicNs: UInt64 = 0,
            latitudeDeg: Double = 0,
            longitudeDeg: Double = 0,
            heightM: Double = 0,
            covariance: [Double] = [],
            fix: Wire.Position.Fix = .unspecified,
            baseFromAntenna: Wire.Vector3? = nil
        ) {
            self.monotonicNs = monotonicNs
            self.latitudeDeg = latitudeDeg
            self.longitudeDeg = longitudeDeg
            self.heightM = heightM
            self.covariance = covariance
            self.fix = fix
            self.baseFromAntenna = baseFromAntenna
        }

        /// Kinds of solutions.
        public enum Fix: UInt8, Sendable, CaseIterable {
            /// It does not say.
            case unspecified = 0
            /// There is none: the position means nothing.
            case none = 1
            /// Of one receiver alone.
            case single = 2
            /// With corrections: SBAS, DGNSS.
            case differential = 3
            /// Carrier phases, ambiguities as real numbers.
            case rtkFloat = 4
            /// Carrier phases, ambiguities as whole numbers.
            case rtkFixed = 5
        }
    }
}

extension Wire.Position: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .fixed64(let bits)): monotonicNs = bits
        case (2, .fixed64(let bits)): latitudeDeg = Double(bitPattern: bits)
        case (3, .fixed64(let bits)): longitudeDeg = Double(bitPattern: bits)
        case (4, .fixed64(let bits)): heightM = Double(bitPattern: bits)
        case (5, .bytes(let range)): covariance += try WireReader.doubles(bytes, range)
        case (5, .fixed64(let bits)): covariance.append(Double(bitPattern: bits))
        case (6, .varint(let number)): fix = .init(number: number) ?? .unspecified
        case (7, .bytes(let range)): baseFromAntenna = try .merging(baseFromAntenna, bytes, range)
        default: break
        }
    }
}

extension Wire {
    /// What an inertial measurement unit measures, in its own axes. To the `imu` endpoint.
    public struct Imu: Sendable, Equatable {
        /// When: CLOCK_MONOTONIC of the machine on which hflocd runs.
        public var monotonicNs: UInt64 = 0
        /// Radians a second.
        public var angularVelocity: Wire.Vector3? = nil
        /// Metres a second squared, gravity's reaction included: about +9.81 upwards at rest.
        public var linearAcceleration: Wire.Vector3? = nil

        public init() {}

        public init(
            monotonicNs: UInt64 = 0,
            angularVelocity: Wire.Vector3? = nil,
            linearAcceleration: Wire.Vector3? = nil
        ) {
            self.monotonicNs = monotonicNs
            self.angularVelocity = angularVelocity
            self.linearAcceleration = linearAcceleration
        }
    }
}

extension Wire.Imu: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .fixed64(let bits)): monotonicNs = bits
        case (2, .bytes(let range)): angularVelocity = try .merging(angularVelocity, bytes, range)
        case (3, .bytes(let range)): linearAcceleration = try .merging(linearAcceleration, bytes, range)
        default: break
        }
    }
}
