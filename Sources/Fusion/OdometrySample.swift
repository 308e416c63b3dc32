public import Geometry

/// Where a vehicle was in the frame of its odometry, and how far it had come. A plain value: nothing in it allocates.
public struct OdometrySample: Sendable, Equatable {
    /// CLOCK_MONOTONIC, nanoseconds.
    public var time: UInt64
    /// The vehicle in its odometry's frame.
    public var odomFromBase: RigidTransform
    /// Metres of way since the odometry began to come, bends included.
    public var path: Double
    /// What the odometry itself says that it has become less certain by since then: variances along any axis, metres
    /// squared and radians squared. 0 of an odometry that does not say.
    public var spread: (translation: Double, rotation: Double)
    /// How often the odometry has begun anew: from one count to the next nothing is known of the motion.
    public var breaks: UInt32

    /// One that nothing is known of but where it is.
    ///
    /// - Parameters:
    ///   - time: CLOCK_MONOTONIC, nanoseconds.
    ///   - odomFromBase: the vehicle in its odometry's frame.
    ///   - path: metres of way so far.
    ///   - spread: variances so far, metres squared and radians squared.
    ///   - breaks: how often the odometry began anew.
    public init(
        time: UInt64, odomFromBase: RigidTransform, path: Double = 0, spread: (Double, Double) = (0, 0),
        breaks: UInt32 = 0
    ) {
        (self.time, self.odomFromBase, self.path, self.breaks) = (time, odomFromBase, path, breaks)
        self.spread = spread
    }

    /// At `fraction` (0: `self`, 1: `other`) of the constant-velocity motion between the two, at this time.
    public func interpolated(to other: OdometrySample, fraction: Double, at time: UInt64) -> OdometrySample {
        func between(_ a: Double, _ b: Double) -> Double { a + (b - a) * fraction }
        return OdometrySample(
            time: time, odomFromBase: odomFromBase.interpolated(to: other.odomFromBase, fraction: fraction),
            path: between(path, other.path),
            spread: (
                between(spread.translation, other.spread.translation), between(spread.rotation, other.spread.rotation)
            ), breaks: breaks)
    }

    public static func == (a: OdometrySample, b: OdometrySample) -> Bool {
        a.time == b.time && a.odomFromBase == b.odomFromBase && a.path == b.path && a.breaks == b.breaks
            && a.spread == b.spread
    }
}
