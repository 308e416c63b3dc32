public import Geometry

/// Where a vehicle is in the map, from fixes of a camera and the motion that odometry tells between them: an extended
/// Kalman filter whose error lives on the group of rigid transforms.
///
/// The error is that of the vehicle's pose in the axes of the map, position and rotation (so its covariance is what
/// goes on the wire), beside two of the odometry: of its scale, and of its turn per metre. Away from the origin nothing
/// is lost to the lever of a map of kilometres. `map_from_odom` (REP-105) is `mapFromBase * odomFromBase⁻¹`.
///
/// Source: Barfoot, State Estimation for Robotics (2017), sections 7.3 and 8.2; Bar-Shalom (2001), section 5.4. A plain
/// value: nothing in it allocates.
public struct PoseFilter: Sendable, Equatable {
    /// The vehicle in the map, at ``odometry``'s time.
    public package(set) var mapFromBase: RigidTransform
    /// Of it, in the axes of the map: position, then rotation.
    public package(set) var covariance: SymmetricMatrix6
    /// Up to where its motion is known.
    public package(set) var odometry: OdometrySample
    /// When a fix was taken last: CLOCK_MONOTONIC, nanoseconds.
    public package(set) var lastFix: UInt64
    /// How far the vehicle had come then, metres.
    package var pathOfLastFix: Double
    /// Metres are so much longer than the odometry says: a share.
    public package(set) var scale = 0.0
    /// Radians by which each metre turns the vehicle more than the odometry says.
    public package(set) var turn = 0.0
    /// Covariance of the pose's error with that of the scale.
    package var scaleCross = Twist.zero
    /// Covariance of the pose's error with that of the turn.
    package var turnCross = Twist.zero
    /// Of scale and turn.
    package var lasting: Lasting

    /// The covariance of the two errors of an odometry that last.
    package struct Lasting: Sendable, Equatable {
        /// Variance of the scale.
        package var scale: Double
        /// Covariance of both.
        package var both: Double
        /// Variance of the turn, squared radians a metre squared.
        package var turn: Double

        /// Of variances and covariance.
        package init(scale: Double, both: Double, turn: Double) {
            (self.scale, self.both, self.turn) = (scale, both, turn)
        }
    }

    /// Begins at a fix.
    ///
    /// - Parameters:
    ///   - fix: where the vehicle is.
    ///   - odometry: at the same time.
    ///   - drift: what is known of the odometry.
    public init(at fix: PoseFix, _ odometry: OdometrySample, drift: DriftModel) {
        (mapFromBase, covariance, self.odometry) = (fix.mapFromBase, fix.covariance, odometry)
        (lastFix, pathOfLastFix) = (odometry.time, odometry.path)
        lasting = Lasting(scale: drift.scale * drift.scale, both: 0, turn: drift.turn * drift.turn)
    }

    /// The odometry's frame in the map (REP-105).
    public var mapFromOdom: RigidTransform { mapFromBase * odometry.odomFromBase.inverse }

    /// Follows the odometry to a later sample; one that is not later changes nothing.
    public mutating func advance(to sample: OdometrySample, drift: DriftModel) {
        guard sample.time > odometry.time else { return }
        let seconds = Double(sample.time - odometry.time) * 1e-9
        guard sample.breaks == odometry.breaks else {
            bridge(seconds)
            odometry = sample
            return
        }
        let step = Step(from: self, to: sample)
        mapFromBase = step.mapFromBase
        spread(step)
        add(noise(of: step, to: sample, seconds, drift), along: step.displacement)
        forget(after: step.path, drift)
        odometry = sample
    }

    /// A motion of which nothing is known: the vehicle is where it could have gone from where it was.
    private mutating func bridge(_ seconds: Double) {
        let (reach, angle) = (Self.unknownSpeed * seconds + 1, Self.unknownTurn * seconds + 0.1)
        covariance.translation = covariance.translation + Matrix3(diagonal: Vector3(repeating: reach * reach))
        covariance.rotation = covariance.rotation + Matrix3(diagonal: Vector3(repeating: angle * angle))
    }

    /// An odometry that errs by more is none: a share, radians a metre.
    static let (largestScale, largestTurn) = (0.9, 1.0)

    /// Of a motion that is not known: metres and radians a second.
    private static let (unknownSpeed, unknownTurn) = (10.0, 0.5)

    /// The errors after a motion, from those before it: the Jacobian of the motion on both sides.
    private mutating func spread(_ step: Step) {
        var next = covariance.transported(by: step.lever)
        let (s, t) = (step.carried(scaleCross), step.carried(turnCross))
        next.addSymmetric(step.ofScale, s)
        next.addSymmetric(step.ofTurn, t)
        next.addSymmetric(step.ofScale, step.ofScale, lasting.scale / 2)
        next.addSymmetric(step.ofTurn, step.ofTurn, lasting.turn / 2)
        next.addSymmetric(step.ofScale, step.ofTurn, lasting.both)
        covariance = next
        scaleCross = s + step.ofScale * lasting.scale + step.ofTurn * lasting.both
        turnCross = t + step.ofScale * lasting.both + step.ofTurn * lasting.turn
    }

    private func noise(
        of step: Step, to sample: OdometrySample, _ seconds: Double, _ drift: DriftModel
    ) -> (translation: Double, rotation: Double) {
        (
            drift.perMetre.translation * step.path + drift.perSecond.translation * seconds
                + max(0, sample.spread.translation - odometry.spread.translation),
            drift.perMetre.rotation * step.path + drift.perSecond.rotation * seconds
                + max(0, sample.spread.rotation - odometry.spread.rotation)
        )
    }

    /// Noise that came evenly along a straight way: a turn at its beginning moves its end, one at its end does not.
    private mutating func add(_ noise: (translation: Double, rotation: Double), along way: Vector3) {
        let lever = Matrix3(skew: -way)
        covariance.translation =
            covariance.translation + Matrix3(diagonal: Vector3(repeating: noise.translation))
            + lever * lever.transpose * (noise.rotation / 3)
        covariance.cross = covariance.cross + lever * (noise.rotation / 2)
        covariance.rotation = covariance.rotation + Matrix3(diagonal: Vector3(repeating: noise.rotation))
    }

    /// Scale and turn are no longer quite what they were.
    private mutating func forget(after path: Double, _ drift: DriftModel) {
        let kept = DriftModel.remainder(path / DriftModel.length)
        (scale, turn) = (scale * kept, turn * kept)
        (scaleCross, turnCross) = (scaleCross * kept, turnCross * kept)
        let (square, fresh) = (kept * kept, 1 - kept * kept)
        lasting.scale = lasting.scale * square + fresh * drift.scale * drift.scale
        lasting.turn = lasting.turn * square + fresh * drift.turn * drift.turn
        lasting.both *= square
    }
}

/// A motion that odometry tells, and its derivatives by what the filter is uncertain of.
package struct Step {
    /// The vehicle in the map after it.
    package let mapFromBase: RigidTransform
    /// Of its origin, in the map's axes, metres.
    package let displacement: Vector3
    /// Metres of way, bends included.
    package let path: Double
    /// What carries an error of the pose along: one of rotation moves the vehicle's new origin.
    package let lever: RigidTransform
    /// The error of the pose for one of scale.
    package let ofScale: Twist
    /// The error of the pose for one of turn.
    package let ofTurn: Twist

    /// - Parameters:
    ///   - filter: before the motion.
    ///   - sample: the odometry after it.
    package init(from filter: PoseFilter, to sample: OdometrySample) {
        let measured = filter.odometry.odomFromBase.inverse * sample.odomFromBase
        path = max(sample.path - filter.odometry.path, measured.translation.length)
        let up = Vector3(0, 0, 1)
        let half = Rotation(exp: up * (filter.turn * path / 2))
        let moved = RigidTransform(
            rotation: half * half * measured.rotation,
            translation: half * measured.translation * (1 + filter.scale))
        let before = filter.mapFromBase
        mapFromBase = before * moved
        displacement = mapFromBase.translation - before.translation
        lever = RigidTransform(rotation: .identity, translation: -displacement)
        ofScale = Twist(translation: displacement * (1 / (1 + filter.scale)), rotation: .zero)
        let axis = before.rotation * up
        ofTurn = Twist(translation: axis.cross(displacement) * (path / 2), rotation: axis * path)
    }

    /// An error of the pose before it, after it.
    package func carried(_ error: Twist) -> Twist {
        Twist(translation: error.translation + error.rotation.cross(displacement), rotation: error.rotation)
    }
}
