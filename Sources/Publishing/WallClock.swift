internal import CLinux

/// How far the wall clock is ahead of CLOCK_MONOTONIC, sampled at one moment.
///
/// Sampled for every frame: a step of the wall clock (NTP, GNSS) must not disturb later stamps, nor those before it.
public struct WallClock: Sendable {
    /// Nanoseconds to add to a monotonic stamp.
    public let offset: Int64
    /// Half the width of the bracket in which the wall clock was read, nanoseconds: the offset's largest error.
    public let uncertainty: UInt32

    public init(offset: Int64, uncertainty: UInt32) {
        self.offset = offset
        self.uncertainty = uncertainty
    }

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

/// Whether the kernel holds the wall clock for synchronized, and how wrong it may be.
///
/// Source: adjtimex(2), read only. Cost: one system call, below a microsecond. A sandbox without the system calls
/// adjtimex and clock_adjtime (systemd's ProtectClock=yes) makes the state `unspecified`.
public struct ClockSynchronization: Sendable, Equatable {
    public var state = Wire.ClockSynchronization.unspecified
    /// Nanoseconds; 0 if unknown.
    public var maximumError: UInt64 = 0
    public var estimatedError: UInt64 = 0

    public init() {}

    public static func sample() -> ClockSynchronization {
        var result = ClockSynchronization()
        var (maximum, estimated): (Int64, Int64) = (0, 0)
        let status = unsafe hf_clock_synchronized(&maximum, &estimated)
        guard status >= 0 else { return result }
        result.state = status == 1 ? .synchronized : .notSynchronized
        result.maximumError = UInt64(clamping: maximum) &* 1000
        result.estimatedError = UInt64(clamping: estimated) &* 1000
        return result
    }
}
