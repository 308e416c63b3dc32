internal import Fusion
internal import Geometry
internal import Localizer
internal import Publishing
internal import Synchronization

/// The vehicle between the fixes of its camera, on the frames' thread: what odometry says of the camera's motion before
/// a frame is localized, and the fixes that come of it. What it knows is a function of frames and of the odometry that
/// was taken in before each, so that a replay comes to the same.
struct VehicleTracking {
    private let frame: VehicleFrame
    private let odometry: any OdometrySource
    /// nil: nobody is told.
    private let relay: EstimateRelay?
    private(set) var estimator: VehicleEstimator

    /// nil without a vehicle, and without odometry.
    init?(_ ports: FrameLoopPorts) {
        guard let frame = ports.vehicle, let odometry = ports.odometry else { return nil }
        (self.frame, self.odometry, relay) = (frame, odometry, ports.estimates)
        estimator = VehicleEstimator(drift: ports.drift)
    }

    /// The odometry as it was taken in.
    var track: OdometryTrack { odometry.track }

    /// The camera at one time in the camera at another; nil where odometry does not say, or is not to be believed.
    func cameraMotion(since start: UInt64?, until end: UInt64) -> RigidTransform? {
        guard estimator.agrees, let start, let before = odometry.track.sample(at: start),
            let after = odometry.track.sample(at: end), before.breaks == after.breaks
        else { return nil }
        return frame.cameraMotion(ofBase: after.odomFromBase.inverse * before.odomFromBase)
    }

    /// Where odometry has carried the camera since the last fix; nil where nothing is believed.
    func cameraBelief(at time: UInt64) -> PoseBelief? {
        guard estimator.agrees, var belief = estimator.belief, let sample = odometry.track.sample(at: time),
            sample.breaks == belief.odometry.breaks
        else { return nil }
        belief.advance(to: sample, drift: estimator.drift)
        return PoseBelief(
            cameraFromMap: frame.mapFromCamera(mapFromBase: belief.mapFromBase).inverse,
            deviation: belief.covariance.translation.trace.squareRoot())
    }

    /// What a frame gave: only a pose without any doubt is a fix.
    ///
    /// - Returns: whether the fix contradicts what odometry makes of those before it.
    mutating func take(_ result: Localization, at captureTime: UInt64, mapID: [UInt8]) -> Bool {
        guard let sample = odometry.track.sample(at: captureTime) else { return false }
        let verdict = estimator.take(result.state == .localized ? fix(result) : nil, at: sample)
        relay?.tell(estimator, mapID: mapID)
        return verdict == .withheld
    }

    private func fix(_ result: Localization) -> PoseFix? {
        guard let mapFromCamera = result.cameraFromMap?.inverse else { return nil }
        return PoseFix(
            mapFromBase: frame.mapFromBase(mapFromCamera: mapFromCamera),
            covariance: frame.baseCovariance(result.covariance, mapFromCamera: mapFromCamera))
    }

    /// Where the vehicle was is no longer to be believed.
    mutating func forget(mapID: [UInt8]) {
        estimator.forget()
        relay?.tell(estimator, mapID: mapID)
    }

    /// Goes on where another one stood.
    mutating func resume(_ estimator: VehicleEstimator) { self.estimator = estimator }
}

/// From the frames' thread to the odometry's: what is believed of the vehicle. Neither waits for the other: what cannot
/// be told at once is told with the next frame.
final class EstimateRelay: Sendable {
    private let latest = Mutex<Estimate?>(nil)
    private let version = Atomic<UInt64>(0)

    /// What is believed, and in which map.
    struct Estimate: Sendable {
        var estimator: VehicleEstimator
        var mapID: [UInt8]
    }

    func tell(_ estimator: VehicleEstimator, mapID: [UInt8]) {
        let estimate = Estimate(estimator: estimator, mapID: mapID)
        guard latest.withLockIfAvailable({ $0 = estimate }) != nil else { return }
        version.add(1, ordering: .releasing)
    }

    /// What was told since this version; nil if nothing was, or it cannot be had now.
    func take(after known: inout UInt64) -> Estimate? {
        let now = version.load(ordering: .acquiring)
        guard now != known, let estimate = latest.withLockIfAvailable({ $0 }) else { return nil }
        known = now
        return estimate
    }
}
