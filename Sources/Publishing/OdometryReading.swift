package import Geometry

/// One `hfloc.v1.Odometry`, checked. A plain value: nothing in it allocates.
package struct OdometryReading: Sendable {
    /// CLOCK_MONOTONIC, nanoseconds.
    package var time: UInt64
    /// The vehicle in its odometry's frame.
    package var odomFromBase: RigidTransform
    /// Of the pose, in the odometry's axes: position, then rotation; nil if it is not known.
    package var covariance: SymmetricMatrix6?
    /// Of base_link along its axes, metres and radians a second; nil if it is not known.
    package var velocity: Twist?
    /// The same; nil if it is not known.
    package var velocityCovariance: SymmetricMatrix6?
    /// From one number to another nothing is known of the motion.
    package var resets: UInt32 = 0

    /// A pose of which nothing more is known.
    package init(time: UInt64, odomFromBase: RigidTransform) {
        (self.time, self.odomFromBase) = (time, odomFromBase)
    }

    /// - Parameters:
    ///   - bytes: a serialized message. Allocates nothing for one whose lists are packed, as every encoder writes them.
    ///   - now: CLOCK_MONOTONIC, nanoseconds, that its stamp must be near; nil: any stamp will do.
    package init(decoding bytes: Span<UInt8>, at now: UInt64?) throws(OdometryRejections.Failure) {
        guard let fields = try? OdometryFields(decoding: bytes) else { throw .init(.malformed) }
        let message = fields.plain
        let time = message.monotonicNs
        guard time > 0 else { throw .init(.noStamp) }
        if let now {
            guard time <= now || time - now <= OdometryTrack.longestLead else { throw .init(.ahead, stamp: time) }
            guard now <= time || now - time <= OdometryTrack.longestAge else { throw .init(.old, stamp: time) }
        }
        guard let odomFromBase = RigidTransform(position: message.position, orientation: message.orientation) else {
            throw .init(.noPose)
        }
        self.init(time: time, odomFromBase: odomFromBase)
        resets = message.resetCounter
        guard fields.areCovariancesWhole, message.covariance.isEmpty, message.velocityCovariance.isEmpty else {
            throw .init(.noCovariance)
        }
        (covariance, velocityCovariance) = (fields.covariance, fields.velocityCovariance)
        guard message.linearVelocity != nil || message.angularVelocity != nil else { return }
        let (linear, angular) = (message.linearVelocity ?? .init(), message.angularVelocity ?? .init())
        guard linear.isWithinReach, angular.isWithinReach else { throw .init(.noPose) }
        velocity = Twist(
            translation: Vector3(linear.x, linear.y, linear.z), rotation: Vector3(angular.x, angular.y, angular.z))
    }
}

/// The fields of an `hfloc.v1.Odometry`, with its lists apart: as plain values.
private struct OdometryFields: DecodableMessage {
    var plain = Wire.Odometry()
    var covariance: SymmetricMatrix6?
    var velocityCovariance: SymmetricMatrix6?
    /// Each has 36 finite numbers, or none.
    var areCovariancesWhole = true

    mutating func take(_ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>) throws(Wire.Malformed) {
        switch (field, value) {
        case (4, .bytes(let range)): covariance = matrix(bytes, range)
        case (7, .bytes(let range)): velocityCovariance = matrix(bytes, range)
        default: try plain.take(field, value, of: bytes)
        }
    }

    /// The upper triangle of a matrix that is there row by row.
    private mutating func matrix(_ bytes: Span<UInt8>, _ range: Range<Int>) -> SymmetricMatrix6? {
        guard !range.isEmpty else { return nil }
        guard range.count == 36 * 8 else {
            areCovariancesWhole = false
            return nil
        }
        func number(_ row: Int, _ column: Int) -> Double {
            let index = 6 * min(row, column) + max(row, column)
            return WireReader.double(bytes, at: range.lowerBound + 8 * index)
        }
        func block(_ row: Int, _ column: Int) -> Matrix3 {
            var result = Matrix3.zero
            for i in 0..<3 { for j in 0..<3 { result[i, j] = number(row + i, column + j) } }
            return result
        }
        let matrix = SymmetricMatrix6(translation: block(0, 0), cross: block(0, 3), rotation: block(3, 3))
        for i in 0..<6 { for j in 0..<6 where !matrix[i, j].isFinite { areCovariancesWhole = false } }
        return matrix
    }
}
