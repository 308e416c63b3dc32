internal import Publishing

/// Watches the wall clock: was it set, and does the kernel hold it for synchronized? Main thread.
struct ClockMonitor {
    /// Wall clock minus CLOCK_MONOTONIC at the last update, nanoseconds; nil before the first.
    private(set) var offset: Int64?
    /// How often it was set.
    private(set) var steps: UInt64 = 0
    private var synchronization = Wire.ClockSynchronization.synchronized

    /// A wall clock that moved by more, against the monotonic one, was set: nanoseconds.
    private static let smallestStep: UInt64 = 10_000_000

    /// What has changed since the update before.
    struct Changes: Equatable {
        /// By how much the wall clock was set, nanoseconds.
        var step: Int64?
        /// At the start only a clock that is not synchronized is a change; one of which the kernel says nothing, never.
        var synchronization: Wire.ClockSynchronization?
    }

    /// Call once a second: a clock that is slewed by less than ``smallestStep`` in between was not set.
    mutating func update(_ clock: any SystemClock) -> Changes {
        var changes = Changes()
        let now = clock.wall.offset
        if let offset, (now - offset).magnitude > Self.smallestStep {
            changes.step = now - offset
            steps += 1
        }
        offset = now
        let state = clock.synchronization.state
        if state != synchronization, state != .unspecified {
            synchronization = state
            changes.synchronization = state
        }
        return changes
    }

    static let notSynchronized =
        "the wall clock is not synchronized: capture_wall_ns may be wrong, poses are not; "
        + "run chrony or systemd-timesyncd"
}
