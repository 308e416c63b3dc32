internal import CLinux

/// How far the wall clock is ahead of CLOCK_MONOTONIC, sampled at one moment.
///
/// Sampled for every frame: a step of the wall clock (NTP, GNSS) must not disturb later stamps, nor those before it.
public struct WallClock: Sendable {
    /// Nanoseconds to add to a monotonic stamp.
    public let offset: Int64
    /// Half the width of the bracket in which the wall clock was read, nanoseconds: the offset's largest error.
    public let uncertainty: UInt32

    /// Reads monotonic, real, monotonic: the real time belongs to the middle of the bracket.
    public static func sample() -> WallClock {
        let before = hf_monotonic_ns()
        let wall = hf_realtime_ns()
        let after = hf_monotonic_ns()
        let middle = before + (after - before) / 2
        return WallClock(
            offset: Int64(bitPattern: wall &- middle), uncertainty: UInt32(clamping: (after - before + 1) / 2))
    }

    /// Nanoseconds since the Unix epoch of a CLOCK_MONOTONIC stamp.
    public func time(ofMonotonic stamp: UInt64) -> UInt64 {
        stamp &+ UInt64(bitPattern: offset)
    }
}
