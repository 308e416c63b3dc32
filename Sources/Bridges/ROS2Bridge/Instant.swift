/// One moment on both clocks, nanoseconds.
public struct Instant: Sendable {
    /// CLOCK_MONOTONIC: that of hflocd's stamps.
    public var monotonic: UInt64
    /// Since 1970: ROS time.
    public var wall: UInt64

    public init(monotonic: UInt64, wall: UInt64) { (self.monotonic, self.wall) = (monotonic, wall) }

    /// The same moment of ROS time on the monotonic clock; nil of one before the machine's start.
    func monotonic(of wallStamp: UInt64) -> UInt64? {
        let age = Int64(clamping: wall) - Int64(clamping: wallStamp)
        let (time, overflow) = Int64(clamping: monotonic).subtractingReportingOverflow(age)
        return !overflow && time > 0 ? UInt64(time) : nil
    }
}
