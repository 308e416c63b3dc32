internal import Geometry

/// Decides which fixes the vehicle's pose is made of: one that contradicts what odometry makes of those before it is
/// withheld, until enough of them agree with each other that it must be the odometry that is wrong.
///
/// Everything happens at the times of frames, so that the same frames, fixes and odometry give the same pose to the
/// last bit. A plain value: nothing in it allocates.
public struct VehicleEstimator: Sendable, Equatable {
    /// What is believed; nil before enough fixes agree.
    public package(set) var belief: PoseFilter?
    /// What the fixes that contradict it say, or those before there is one.
    package var rival: Rival?
    /// Increments when the pose may have jumped: by another belief, or by a fix that moved it far.
    public package(set) var resetCounter: UInt32 = 0
    /// Fixes that were withheld.
    public package(set) var withheld: UInt64 = 0
    /// How many of them in a row up to now.
    public package(set) var contradicting: UInt32 = 0
    /// How the odometry errs.
    public let drift: DriftModel

    /// A pose that might replace the belief.
    package struct Rival: Sendable, Equatable {
        /// Begun at a fix that contradicted the belief.
        package var filter: PoseFilter
        /// Fixes that agree with it, the first one included.
        package var agreeing: UInt32 = 1
        /// Of so many that came since.
        package var seen: UInt32 = 1

        /// Whether there can have been so many fixes.
        package var isPossible: Bool { agreeing >= 1 && agreeing <= seen && seen <= VehicleEstimator.against.of }

        /// One fix speaks for it so far.
        package init(_ filter: PoseFilter) { self.filter = filter }
    }

    /// What became of a fix.
    public enum Verdict: Sendable, Equatable {
        /// The belief is made of it too.
        case taken
        /// It contradicts the belief.
        case withheld
        /// It may become a belief; there is none yet.
        case pending
        /// It is older than what is known already.
        case late
    }

    /// - Parameter drift: how the odometry errs.
    public init(drift: DriftModel) { self.drift = drift }

    /// Chi square of six degrees of freedom that one fix in a thousand exceeds.
    public static let largestSurprise = 22.458
    /// How many fixes of how many must agree: at first, and against a belief.
    private static let (first, against) = ((agreeing: 3, of: 5), (agreeing: 20, of: 30))
    /// A correction beyond is a jump: metres, radians.
    private static let jump = (0.3, 0.05)

    /// Whether odometry and fixes agree now: what a prediction may rest on.
    public var agrees: Bool { belief != nil && contradicting == 0 }

    /// Forgets where the vehicle is. What is counted goes on.
    public mutating func forget() {
        (belief, rival, contradicting) = (nil, nil, 0)
    }

    /// Takes a frame's fix.
    ///
    /// - Parameters:
    ///   - fix: where the camera says that the vehicle is; nil: it does not.
    ///   - sample: the odometry at the frame's time.
    @discardableResult
    public mutating func take(_ fix: PoseFix?, at sample: OdometrySample) -> Verdict {
        if let belief, sample.time <= belief.odometry.time { return .late }
        if let rival, sample.time <= rival.filter.odometry.time { return .late }
        belief?.advance(to: sample, drift: drift)
        rival?.filter.advance(to: sample, drift: drift)
        guard let fix else { return belief == nil ? .pending : .taken }
        guard let surprise = belief?.surprise(of: fix) else { return consider(fix, at: sample) }
        guard surprise <= Self.largestSurprise else {
            withheld &+= 1
            contradicting &+= 1
            return consider(fix, at: sample)
        }
        contradicting = 0
        noteUnheard()
        if let correction = belief?.take(fix), Self.isJump(correction) { resetCounter &+= 1 }
        return .taken
    }

    private static func isJump(_ correction: Twist) -> Bool {
        correction.translation.length > jump.0 || correction.rotation.length > jump.1
    }

    /// A fix that speaks for the belief is one that does not speak for its rival.
    private mutating func noteUnheard() {
        rival?.seen += 1
        if let rival, rival.seen > Self.against.of { self.rival = nil }
    }

    /// A fix against the belief, or before there is any.
    private mutating func consider(_ fix: PoseFix, at sample: OdometrySample) -> Verdict {
        let needed = belief == nil ? Self.first : Self.against
        let verdict = belief == nil ? Verdict.pending : .withheld
        guard var rival, rival.seen < needed.of else {
            self.rival = Rival(PoseFilter(at: fix, sample, drift: drift))
            return verdict
        }
        rival.seen += 1
        if rival.filter.surprise(of: fix) <= Self.largestSurprise {
            rival.filter.take(fix)
            rival.agreeing += 1
        } else if rival.agreeing == 1 {
            // Neither has more for it; the newer one is nearer to what comes.
            rival = Rival(PoseFilter(at: fix, sample, drift: drift))
        }
        guard rival.agreeing >= needed.agreeing else {
            self.rival = rival
            return verdict
        }
        (belief, self.rival, contradicting) = (rival.filter, nil, 0)
        resetCounter &+= 1
        return .taken
    }
}
