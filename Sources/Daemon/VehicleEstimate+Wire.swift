internal import Fusion
internal import Publishing

extension Wire.VehicleEstimate {
    /// With room for everything, so that ``take(_:)`` allocates nothing.
    static var withRoom: Wire.VehicleEstimate {
        var estimate = Wire.VehicleEstimate()
        estimate.belief.reserveCapacity(PoseFilter.numberCount)
        estimate.rival.reserveCapacity(PoseFilter.numberCount)
        estimate.odometry.reserveCapacity(OdometryTrack.capacity * OdometrySample.numberCount)
        return estimate
    }

    mutating func take(_ tracking: VehicleTracking) {
        let (estimator, track) = (tracking.estimator, tracking.track)
        belief.removeAll(keepingCapacity: true)
        rival.removeAll(keepingCapacity: true)
        odometry.removeAll(keepingCapacity: true)
        estimator.belief?.write(into: &belief)
        estimator.rival?.filter.write(into: &rival)
        (rivalAgreeing, rivalSeen) = (estimator.rival?.agreeing ?? 0, estimator.rival?.seen ?? 0)
        (resetCounter, withheldFixes) = (estimator.resetCounter, estimator.withheld)
        contradicting = estimator.contradicting
        for age in (0..<track.sampleCount).reversed() { track[age].write(into: &odometry) }
    }

    /// The odometry; nil if the numbers are none of one.
    var track: OdometryTrack? {
        let size = OdometrySample.numberCount
        guard odometry.count % size == 0 else { return nil }
        var samples: [OdometrySample] = []
        for start in stride(from: 0, to: odometry.count, by: size) {
            guard let sample = OdometrySample(numbers: odometry, from: start) else { return nil }
            samples.append(sample)
        }
        return OdometryTrack(of: samples)
    }
}

extension VehicleEstimator {
    /// As it was written down; nil if the numbers are none that an estimator can have.
    init?(_ wire: Wire.VehicleEstimate, drift: DriftModel) {
        self.init(drift: drift)
        if !wire.belief.isEmpty {
            guard let filter = PoseFilter(numbers: wire.belief) else { return nil }
            belief = filter
        }
        if !wire.rival.isEmpty {
            guard let filter = PoseFilter(numbers: wire.rival) else { return nil }
            var carried = Rival(filter)
            (carried.agreeing, carried.seen) = (wire.rivalAgreeing, wire.rivalSeen)
            guard carried.isPossible else { return nil }
            rival = carried
        }
        (resetCounter, withheld) = (wire.resetCounter, wire.withheldFixes)
        contradicting = wire.contradicting
    }
}
