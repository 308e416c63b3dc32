internal import CLinux
package import Publishing

/// The machine's clocks, as the daemon reads them. A test sets them instead.
///
/// For classes only: nothing is boxed on a frame's way.
package protocol SystemClock: AnyObject, Sendable {
    /// CLOCK_MONOTONIC, nanoseconds.
    var monotonic: UInt64 { get }
    /// How far the wall clock is ahead of it.
    var wall: WallClock { get }
    /// What the kernel says of the wall clock.
    var synchronization: ClockSynchronization { get }
    /// - Parameter deadline: CLOCK_MONOTONIC, nanoseconds.
    func sleep(until deadline: UInt64)
}

/// The kernel's.
package final class KernelClock: SystemClock {
    package init() {}

    package var monotonic: UInt64 { hf_monotonic_ns() }
    package var wall: WallClock { .sample() }
    package var synchronization: ClockSynchronization { .sample() }
    package func sleep(until deadline: UInt64) { hf_sleep_until_ns(deadline) }
}
