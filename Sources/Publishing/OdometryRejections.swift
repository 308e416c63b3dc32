/// Messages of odometry that could not be used: how many, and what was wrong with the last. A plain value, copied
/// without allocation.
public struct OdometryRejections: Sendable, Equatable {
    /// Why a message is of no use.
    public enum Cause: Sendable {
        /// No `hfloc.v1.Odometry`.
        case malformed
        /// Its stamp is zero, as one that was never set.
        case noStamp
        /// Its stamp is ahead of the clock, beyond ``OdometryTrack/longestLead``.
        case ahead
        /// Its stamp is older than ``OdometryTrack/longestAge``.
        case old
        /// Its numbers are not finite, beyond reach, or no rotation.
        case noPose
        /// A covariance has neither 36 finite numbers nor none.
        case noCovariance
    }

    /// Why one message is.
    package struct Failure: Error {
        let cause: Cause
        let stamp: UInt64

        init(_ cause: Cause, stamp: UInt64 = 0) {
            (self.cause, self.stamp) = (cause, stamp)
        }
    }

    /// How many there were.
    public private(set) var count: UInt64 = 0
    /// What was wrong with the last of them; nil before the first.
    public private(set) var lastCause: Cause?
    /// When it came: CLOCK_MONOTONIC, nanoseconds.
    public private(set) var lastTime: UInt64 = 0
    private var lastStamp: UInt64 = 0

    /// For so long after the last of them, they are worth a word: nanoseconds.
    private static let memory: UInt64 = 10_000_000_000
    /// A stamp that is so near to the wall clock is taken for one of it: nanoseconds.
    private static let day: UInt64 = 86_400_000_000_000

    /// None yet.
    public init() {}

    mutating func add(_ failure: Failure, at now: UInt64) {
        count += 1
        (lastCause, lastTime, lastStamp) = (failure.cause, now, failure.stamp)
    }

    /// One line for people: what is refused, the likely cause and the cure. nil if nothing has been refused lately.
    ///
    /// - Parameters:
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    ///   - wall: the same instant since the Unix epoch, nanoseconds.
    public func problem(at now: UInt64, wall: UInt64) -> String? {
        guard let lastCause, now < lastTime + Self.memory else { return nil }
        return "odometry: \(count) messages were refused, the last because \(reason(lastCause, wall))"
    }

    private func reason(_ cause: Cause, _ wall: UInt64) -> String {
        switch cause {
        case .malformed: "it is no hfloc.v1.Odometry; send one message a frame, without a topic"
        case .noStamp: "it has no monotonic_ns; stamp it with CLOCK_MONOTONIC, nanoseconds"
        case .noPose:
            """
            it stands for no pose: position must be within \(Int(Wire.Vector3.reach)) m, \
            and orientation of norm 1 (within 1 %)
            """
        case .noCovariance: "a covariance of it is no 6x6 matrix; send 36 finite numbers, row by row, or none"
        case .ahead, .old: "its stamp \(lastStamp) ns is \(distance); \(likelyClock(wall))"
        }
    }

    private var distance: String {
        let seconds = Double(max(lastStamp, lastTime) - min(lastStamp, lastTime)) * 1e-9
        let rounded = seconds < 1e4 ? "\(Double(Int(seconds * 10)) / 10)" : "\(UInt64(seconds))"
        return "\(rounded) s \(lastStamp > lastTime ? "ahead of" : "behind") CLOCK_MONOTONIC"
    }

    private func likelyClock(_ wall: UInt64) -> String {
        if max(lastStamp, wall) - min(lastStamp, wall) < Self.day {
            return "CLOCK_REALTIME stamps? It must be CLOCK_MONOTONIC"
        }
        return "it must be CLOCK_MONOTONIC of this machine since its boot, in nanoseconds, and sent at once"
    }
}
