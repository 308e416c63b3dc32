/// The reset counter as MAVLink has it: eight bits that move whenever the pose may have jumped.
///
/// Within a session of the daemon it is the daemon's own, but for a constant: hflocd begins again at 0, and a new
/// session may be anywhere else, which moves the counter by one.
struct ResetCounter: Sendable {
    private(set) var value: UInt8 = 0
    private var last: (session: UInt64, count: UInt32)?

    /// Follows the daemon's counter, which every message has, also those without a pose.
    mutating func follow(session: UInt64, count: UInt32) {
        if let last {
            value &+= last.session == session ? UInt8(truncatingIfNeeded: count &- last.count) : 1
        } else {
            value = UInt8(truncatingIfNeeded: count)
        }
        last = (session, count)
    }
}
