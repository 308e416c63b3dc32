internal import Glibc

/// Decides when to feed the service manager's watchdog: twice per its period, and only if the supervised loop has
/// finished something since.
public struct Watchdog: Sendable {
    /// Nanoseconds between two meals.
    public let interval: UInt64
    private var lastProgress: UInt64?
    private var lastMeal: UInt64 = 0

    /// - Parameter period: the manager's WatchdogSec, nanoseconds.
    public init(period: UInt64) {
        interval = max(1, period / 2)
    }

    /// The watchdog that the environment asks of this process, or nil.
    public static func fromEnvironment() -> Watchdog? {
        guard let text = unsafe getenv("WATCHDOG_USEC"), let period = unsafe UInt64(String(cString: text)), period > 0,
            period < UInt64.max / 1000
        else { return nil }
        if let process = unsafe getenv("WATCHDOG_PID"), unsafe Int32(String(cString: process)) != getpid() {
            return nil
        }
        return Watchdog(period: period * 1000)
    }

    /// Call often. True if the watchdog is to be fed now.
    ///
    /// - Parameters:
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    ///   - progress: counts what the loop has finished: frames, and waits that ended as they should.
    public mutating func isDue(now: UInt64, progress: UInt64) -> Bool {
        guard progress != lastProgress, lastProgress == nil || now >= lastMeal + interval else { return false }
        lastProgress = progress
        lastMeal = now
        return true
    }
}
