internal import DaemonPoses

/// Lets one stream of poses through: each pose once, in time order, none that is late or ahead.
struct PoseGate: Sendable {
    private var last: (session: UInt64, sequence: UInt64?, wall: UInt64)?

    /// What is wrong with the stamps; nil if the pose may pass.
    ///
    /// ROS time, too, is never ahead: nobody may be told of the future.
    mutating func fault(_ stamps: Stamps, _ freshness: Freshness, at now: Instant) -> Fault? {
        if let fault = freshness.fault(of: stamps.time, bootID: stamps.bootID, at: now.monotonic) {
            return .withheld(fault)
        }
        if stamps.wall > now.wall { return .withheld(.future) }
        if let last {
            if last.session == stamps.session, let before = last.sequence, let sequence = stamps.sequence,
                sequence <= before
            {
                return .repeated
            }
            // What receives them takes no stamp that goes back.
            if stamps.wall <= last.wall, stamps.wall + Self.forgotten > last.wall { return .repeated }
        }
        last = (stamps.session, stamps.sequence, stamps.wall)
        return nil
    }

    /// A clock that goes back by more than this has been set: nanoseconds.
    private static let forgotten: UInt64 = 5_000_000_000

    enum Fault: Equatable {
        case withheld(Withheld)
        /// It was said before: no reason to speak of.
        case repeated
    }

    struct Stamps {
        var session: UInt64
        /// Nil where messages of several counters are one stream.
        var sequence: UInt64?
        var bootID: String
        /// CLOCK_MONOTONIC.
        var time: UInt64
        /// The same instant in ROS time.
        var wall: UInt64
    }
}
