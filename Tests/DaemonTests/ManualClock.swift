import Daemon
import Publishing

/// Clocks that stand still until a test moves them.
///
/// Sendable unchecked: the threads of a test's daemon are functions that the test calls.
final class ManualClock: SystemClock, @unchecked Sendable {
    /// CLOCK_MONOTONIC, nanoseconds: a thousand seconds after boot.
    private(set) var now: UInt64 = 1_000_000_000_000
    var wall = WallClock(offset: 1_700_000_000_000_000_000, uncertainty: 40)
    var synchronization = ClockSynchronization()
    /// What each look at the monotonic clock takes, nanoseconds.
    var readingTime: UInt64 = 0
    /// What others do while somebody sleeps.
    var duringSleep: () -> Void = {}

    init() {
        synchronization.state = .synchronized
        synchronization.maximumError = 2_500_000
        synchronization.estimatedError = 700_000
    }

    var monotonic: UInt64 {
        now += readingTime
        return now
    }

    func advance(by nanoseconds: UInt64) { now += nanoseconds }

    func sleep(until deadline: UInt64) {
        now = max(now, deadline)
        duringSleep()
    }
}

let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000
