import Fusion
import Geometry
import GeometryFixtures
import TestSupport

/// A vehicle that drives bends at 10 m/s, what its odometry says (100 a second, with errors as the model has them), and
/// fixes of a camera whose errors hang together as the model has them.
struct Drive {
    var random: SeededGenerator
    let drift: DriftModel
    /// What lasts of the odometry's errors.
    let (scale, turn): (Double, Double)
    private(set) var truth: RigidTransform
    private(set) var odometry: OdometrySample
    private var error = Twist.zero
    private var lastFix: OdometrySample?

    static let period: UInt64 = 10_000_000
    static let covariance = SymmetricMatrix6(
        translation: Matrix3(diagonal: Vector3(4e-4, 9e-4, 1e-4)), cross: .zero,
        rotation: Matrix3(diagonal: Vector3(4e-6, 1e-6, 2e-6)))

    init(_ name: String, drift: DriftModel) {
        random = SeededGenerator(name)
        self.drift = drift
        (scale, turn) = (drift.scale * random.normal(), drift.turn * random.normal())
        truth = random.transform(100)
        odometry = OdometrySample(time: 1_000_000_000, odomFromBase: random.transform(5))
    }

    /// One period more; `standing`: without a motion.
    mutating func step(standing: Bool = false) {
        let seconds = Double(Self.period) * 1e-9
        let bend = sineAndCosine(Double(odometry.time) * 1e-9 * 0.3).sine * 0.3
        let way = standing ? 0.0 : 10 * seconds
        let motion = RigidTransform(
            rotation: Rotation(exp: standing ? .zero : Vector3(0, 0, bend * seconds)), translation: Vector3(way, 0, 0))
        truth = truth * motion
        let up = Vector3(0, 0, 1)
        let half = Rotation(exp: up * (-turn * way / 2))
        let (t, r) = (
            (drift.perMetre.translation * way + drift.perSecond.translation * seconds).squareRoot(),
            (drift.perMetre.rotation * way + drift.perSecond.rotation * seconds).squareRoot()
        )
        let told = RigidTransform(
            rotation: half * half * motion.rotation * Rotation(exp: noise(r)),
            translation: half * (motion.translation + noise(t)) * (1 / (1 + scale)))
        odometry = OdometrySample(
            time: odometry.time + Self.period, odomFromBase: odometry.odomFromBase * told, path: odometry.path + way,
            breaks: odometry.breaks)
    }

    /// What the camera says now.
    mutating func fix() -> PoseFix {
        let kept = lastFix.map {
            FixModel.correlation(
                metres: odometry.path - $0.path, seconds: Double(odometry.time - $0.time) * 1e-9)
        }
        lastFix = odometry
        let (old, fresh) = (kept ?? 0, (1 - (kept ?? 0) * (kept ?? 0)).squareRoot())
        for i in 0..<6 {
            error[i] = old * error[i] + fresh * Self.covariance[i, i].squareRoot() * random.normal()
        }
        return PoseFix(mapFromBase: truth.disturbed(by: error), covariance: Self.covariance)
    }

    /// The odometry begins anew, somewhere else.
    mutating func restart() {
        odometry.odomFromBase = random.transform(3)
        odometry.breaks += 1
    }

    /// Nothing comes until then.
    mutating func jump(to time: UInt64) { odometry.time = time }

    private mutating func noise(_ deviation: Double) -> Vector3 {
        Vector3(random.normal(), random.normal(), random.normal()) * deviation
    }
}

extension PoseFilter {
    /// Normalized error squared, six degrees of freedom.
    func normalizedError(_ truth: RigidTransform) -> Double {
        let error = truth.disturbance(from: mapFromBase)
        return Factor6(covariance).map { error.dot($0.solve(error)) } ?? .infinity
    }
}
