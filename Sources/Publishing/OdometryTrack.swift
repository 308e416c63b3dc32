public import Geometry

/// The vehicle's latest poses in the frame of its odometry. Allocates nothing once made.
public struct OdometryTrack: Sendable {
    private var samples: [(time: UInt64, odomFromBase: RigidTransform)]
    /// Where the next sample goes.
    private var next = 0
    private var count = 0

    /// Samples kept: 1.3 s at 200 per second.
    public static let capacity = 256
    /// Between two samples that are interpolated, at most: nanoseconds.
    public static let longestGap: UInt64 = 500_000_000
    /// How far beyond the newest sample its motion is continued, at most: nanoseconds.
    public static let longestExtrapolation: UInt64 = 100_000_000

    /// How far ahead of now, and behind it, a sample's stamp may be: nanoseconds. Of the same clock none is ahead, and
    /// none of use is that old.
    public static let longestLead: UInt64 = 1_000_000_000
    public static let longestAge: UInt64 = 10_000_000_000

    public init() {
        samples = Array(repeating: (0, .identity), count: Self.capacity)
    }

    /// Takes a sample; one that is not newer than the newest is dropped.
    ///
    /// - Parameters:
    ///   - time: CLOCK_MONOTONIC, nanoseconds.
    ///   - odomFromBase: the vehicle in its odometry's frame.
    public mutating func append(time: UInt64, odomFromBase: RigidTransform) {
        guard count == 0 || time > self[0].time else { return }
        samples[next] = (time, odomFromBase)
        next = (next + 1) % Self.capacity
        count = min(count + 1, Self.capacity)
    }

    /// The vehicle at this time, at constant velocity between samples and shortly after the newest; nil if that is not
    /// known.
    public func odomFromBase(at time: UInt64) -> RigidTransform? {
        guard count > 0 else { return nil }
        var age = 0
        while age < count, self[age].time > time { age += 1 }
        guard age < count else { return nil }
        let before = self[age]
        if before.time == time { return before.odomFromBase }
        if age == 0 { return extrapolated(to: time) }
        return Self.between(before, self[age - 1], at: time)
    }

    private func extrapolated(to time: UInt64) -> RigidTransform? {
        guard count > 1, time - self[0].time <= Self.longestExtrapolation else { return nil }
        return Self.between(self[1], self[0], at: time)
    }

    private static func between(
        _ a: (time: UInt64, odomFromBase: RigidTransform), _ b: (time: UInt64, odomFromBase: RigidTransform),
        at time: UInt64
    ) -> RigidTransform? {
        guard b.time - a.time <= longestGap else { return nil }
        let fraction = Double(time - a.time) / Double(b.time - a.time)
        return a.odomFromBase.interpolated(to: b.odomFromBase, fraction: fraction)
    }

    /// The sample of this age: 0 is the newest.
    private subscript(age: Int) -> (time: UInt64, odomFromBase: RigidTransform) {
        samples[(next - 1 - age + 2 * Self.capacity) % Self.capacity]
    }
}
