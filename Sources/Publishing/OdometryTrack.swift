public import Fusion
public import Geometry

/// The vehicle's latest poses in the frame of its odometry. Allocates nothing once made.
public struct OdometryTrack: Sendable {
    private var samples: [OdometrySample]
    /// Where the next sample goes.
    private var next = 0
    private var count = 0
    /// Of the newest sample, as the odometry says.
    private var covariance: SymmetricMatrix6?
    private var resets: UInt32 = 0

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

    /// No vehicle moves by more than so many metres, and so many more each second: the odometry has begun anew.
    private static let (leap, speed) = (1.0, 100.0)

    public init() {
        samples = Array(repeating: OdometrySample(time: 0, odomFromBase: .identity), count: Self.capacity)
    }

    /// The samples of another track, the oldest first.
    package init(of samples: [OdometrySample]) {
        self.init()
        for sample in samples.suffix(Self.capacity) where count == 0 || sample.time > self[0].time { keep(sample) }
    }

    /// How many samples there are.
    package var sampleCount: Int { count }

    /// The newest sample; nil before the first.
    public var newest: OdometrySample? { count > 0 ? self[0] : nil }

    /// Takes a sample; one that is not newer than the newest is dropped.
    ///
    /// - Parameters:
    ///   - time: CLOCK_MONOTONIC, nanoseconds.
    ///   - odomFromBase: the vehicle in its odometry's frame.
    public mutating func append(time: UInt64, odomFromBase: RigidTransform) {
        append(OdometryReading(time: time, odomFromBase: odomFromBase))
    }

    /// Takes a sample; one that is not newer than the newest is dropped: false.
    @discardableResult
    package mutating func append(_ reading: OdometryReading) -> Bool {
        var sample = OdometrySample(time: reading.time, odomFromBase: reading.odomFromBase)
        if count > 0 {
            let before = self[0]
            guard reading.time > before.time else { return false }
            (sample.path, sample.spread, sample.breaks) = (before.path, before.spread, before.breaks)
            follow(reading, from: before, &sample)
        }
        (covariance, resets) = (reading.covariance, reading.resets)
        keep(sample)
        return true
    }

    /// How far the vehicle came from the sample before, or that nobody knows.
    private func follow(_ reading: OdometryReading, from before: OdometrySample, _ sample: inout OdometrySample) {
        let way = reading.odomFromBase.translation - before.odomFromBase.translation
        let seconds = Double(reading.time - before.time) * 1e-9
        guard reading.resets == resets, way.length <= Self.leap + Self.speed * seconds else {
            sample.breaks &+= 1
            return
        }
        sample.path += way.length
        guard let old = covariance, let new = reading.covariance else { return }
        // What is new in it: not the lever of what was there.
        let growth = new - old.transported(by: RigidTransform(rotation: .identity, translation: -way))
        sample.spread.translation += Self.largest(growth.translation.diagonal)
        sample.spread.rotation += Self.largest(growth.rotation.diagonal)
    }

    /// Of variances; one that shrinks is none.
    private static func largest(_ variances: Vector3) -> Double {
        max(0, variances.x, variances.y, variances.z)
    }

    private mutating func keep(_ sample: OdometrySample) {
        samples[next] = sample
        next = (next + 1) % Self.capacity
        count = min(count + 1, Self.capacity)
    }

    /// The vehicle at this time, at constant velocity between samples and shortly after the newest; nil if that is not
    /// known.
    public func odomFromBase(at time: UInt64) -> RigidTransform? { sample(at: time)?.odomFromBase }

    /// The same, with how far the vehicle had come.
    public func sample(at time: UInt64) -> OdometrySample? {
        guard count > 0 else { return nil }
        var age = 0
        while age < count, self[age].time > time { age += 1 }
        guard age < count else { return nil }
        let before = self[age]
        if before.time == time { return before }
        if age == 0 { return extrapolated(to: time) }
        return Self.between(before, self[age - 1], at: time)
    }

    /// Of base_link along its axes, from the last two samples: metres and radians a second; nil if they say nothing.
    package var velocity: Twist? {
        guard count > 1, self[1].breaks == self[0].breaks, self[0].time - self[1].time <= Self.longestGap else {
            return nil
        }
        let moved = self[1].odomFromBase.inverse * self[0].odomFromBase
        return moved.log * (1e9 / Double(self[0].time - self[1].time))
    }

    private func extrapolated(to time: UInt64) -> OdometrySample? {
        guard count > 1, time - self[0].time <= Self.longestExtrapolation else { return nil }
        return Self.between(self[1], self[0], at: time)
    }

    private static func between(_ a: OdometrySample, _ b: OdometrySample, at time: UInt64) -> OdometrySample? {
        guard b.time - a.time <= longestGap, a.breaks == b.breaks else { return nil }
        let fraction = Double(time - a.time) / Double(b.time - a.time)
        return a.interpolated(to: b, fraction: fraction, at: time)
    }

    /// The sample of this age: 0 is the newest.
    package subscript(age: Int) -> OdometrySample {
        samples[(next - 1 - age + 2 * Self.capacity) % Self.capacity]
    }
}
