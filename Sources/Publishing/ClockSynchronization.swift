internal import CLinux

/// Whether the kernel holds the wall clock for synchronized, and how wrong it may be.
///
/// Source: adjtimex(2), read only. Cost: one system call, below a microsecond. A sandbox without the system calls adjtimex and clock_adjtime
/// (systemd's ProtectClock=yes) makes the state `unspecified`.
public struct ClockSynchronization: Sendable, Equatable {
    /// Raw values are those of `hfloc.v1.ClockSynchronization`.
    public enum State: UInt8, Sendable, CaseIterable {
        case unspecified, synchronized, notSynchronized
    }

    public var state = State.unspecified
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
