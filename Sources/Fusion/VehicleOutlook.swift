internal import Geometry

/// Where a vehicle is at the time of its newest odometry, for who drives it: the last belief, carried on. A plain
/// value: nothing in it allocates.
public struct VehicleOutlook: Sendable {
    /// What is believed, carried on to the newest odometry; nil if nothing is.
    public private(set) var belief: PoseFilter?
    /// As the estimator said last.
    public private(set) var resetCounter: UInt32 = 0
    /// Fixes that contradicted the belief so far.
    public private(set) var withheld: UInt64 = 0
    /// How many of them in a row up to now.
    public private(set) var contradicting: UInt32 = 0
    private let drift: DriftModel
    private let reach: Double

    /// How far a pose may be used.
    public enum Condition: Sendable {
        /// A fix is at most ``VehicleOutlook/longestFixAge`` old.
        case fixed
        /// Odometry alone carries it, within the limit.
        case coasting
        /// Nothing is known, or too little.
        case lost
    }

    /// Longer without a fix is coasting: nanoseconds.
    public static let longestFixAge: UInt64 = 500_000_000

    /// - Parameters:
    ///   - drift: how the odometry errs.
    ///   - reach: standard deviation of the position, all three axes together, beyond which the vehicle is lost:
    ///     metres.
    public init(drift: DriftModel, reach: Double) { (self.drift, self.reach) = (drift, reach) }

    /// Takes over what is believed now, and goes on from there.
    public mutating func take(_ estimator: VehicleEstimator) {
        belief = estimator.belief
        (resetCounter, withheld) = (estimator.resetCounter, estimator.withheld)
        contradicting = estimator.contradicting
    }

    /// Follows the odometry.
    public mutating func advance(to sample: OdometrySample) { belief?.advance(to: sample, drift: drift) }

    /// How long ago a fix was taken: nanoseconds; nil if there was none.
    public var fixAge: UInt64? { belief.map { $0.odometry.time - min($0.lastFix, $0.odometry.time) } }

    /// How far the pose may be used.
    public var condition: Condition {
        guard let belief, let fixAge else { return .lost }
        let variance = belief.covariance.translation.trace
        guard variance.isFinite, variance <= reach * reach else { return .lost }
        return fixAge <= Self.longestFixAge ? .fixed : .coasting
    }
}
