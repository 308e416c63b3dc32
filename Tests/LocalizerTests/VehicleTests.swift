import Fusion
import Geometry
import GeometryFixtures
import Localizer
import TestSupport
import Testing

/// The sample's second drive, to and fro, with fixes of its own frames and simulated odometry.
@Suite("A vehicle on the sample")
struct VehicleTests {
    private static let period: UInt64 = 10_000_000
    private static let stepsPerFrame = 10

    /// Where the vehicle is, which is the camera here, and what the frames say of it.
    private struct Way {
        var truth: [RigidTransform] = []
        var fixes: [PoseFix?] = []

        init() throws {
            let localizer = try SampleDrive.shared.get().localizer()
            for (index, frame) in try SampleDrive.longer(60).enumerated() {
                let result = localizer.localize(frame.image, captureTime: UInt64(index + 10) * 100_000_000)
                truth.append(frame.truth.inverse)
                guard result.state == .localized, let pose = result.cameraFromMap else {
                    fixes.append(nil)
                    continue
                }
                fixes.append(PoseFix(mapFromBase: pose.inverse, covariance: result.covariance))
            }
        }

        /// The frame at this many frames of way, to and fro.
        func index(_ frame: Int) -> Int {
            let turn = truth.count - 1
            let rest = frame % (2 * turn)
            return rest <= turn ? rest : 2 * turn - rest
        }

        /// The truth between frames.
        func pose(_ step: Int) -> RigidTransform {
            let (frame, rest) = (step / stepsPerFrame, step % stepsPerFrame)
            return truth[index(frame)].interpolated(
                to: truth[index(frame + 1)], fraction: Double(rest) / Double(stepsPerFrame))
        }
    }

    /// Odometry with errors as the model has them.
    private struct Odometry {
        var random: SeededGenerator
        let drift: DriftModel
        let (scale, turn): (Double, Double)
        var sample = OdometrySample(time: 1_000_000_000, odomFromBase: .identity)

        init(_ name: String, _ drift: DriftModel) {
            random = SeededGenerator(name)
            self.drift = drift
            (scale, turn) = (drift.scale * random.normal(), drift.turn * random.normal())
        }

        mutating func follow(_ motion: RigidTransform) {
            let (way, seconds) = (motion.translation.length, Double(VehicleTests.period) * 1e-9)
            let half = Rotation(exp: Vector3(0, 0, -turn * way / 2))
            let (t, r) = (
                (drift.perMetre.translation * way + drift.perSecond.translation * seconds).squareRoot(),
                (drift.perMetre.rotation * way + drift.perSecond.rotation * seconds).squareRoot()
            )
            let told = RigidTransform(
                rotation: half * half * motion.rotation * Rotation(exp: noise(r)),
                translation: half * (motion.translation + noise(t)) * (1 / (1 + scale)))
            sample = OdometrySample(
                time: sample.time + VehicleTests.period, odomFromBase: sample.odomFromBase * told,
                path: sample.path + way)
        }

        private mutating func noise(_ deviation: Double) -> Vector3 {
            Vector3(random.normal(), random.normal(), random.normal()) * deviation
        }
    }

    @Test("behind a gap the odometry leads the track on, where a constant velocity has to look everywhere", .slow)
    func gap() throws {
        let frames = try SampleDrive.longer(40)
        func retrievals(_ isMeasured: Bool) throws -> (count: Int, tracked: Int) {
            let localizer = try SampleDrive.shared.get().localizer()
            var (time, count, tracked, last) = (UInt64(1_000_000_000), 0, 0, 0)
            for index in frames.indices where index < 10 || index % 5 == 0 {
                // Beyond the first second a frame comes each 1.5 s, 1.5 m on.
                time += index < 10 ? 100_000_000 : 1_500_000_000
                let moved = frames[index].truth * frames[last].truth.inverse
                last = index
                let result = localizer.localize(
                    frames[index].image, captureTime: time, motion: isMeasured && index > 0 ? moved : nil)
                guard index >= 10 else { continue }
                if result.latencies.retrieval > 0 { count += 1 }
                if result.source == .cachedPlace { tracked += 1 }
                #expect(result.state != .localized || result.cameraFromMap != nil)
            }
            return (count, tracked)
        }
        let (with, without) = (try retrievals(true), try retrievals(false))
        #expect(with.count == 0 && with.tracked == 6, "\(with) \(without)")
        #expect(without.count > 0, "\(without)")
    }

    @Test("a blackout of 30 s: the errors are those that the covariance says, and so is the way back", .slow)
    func blackout() throws {
        let way = try Way()
        try #require(way.fixes.compactMap { $0 }.count > 50)
        let drift = DriftModel(drift: 0.01)
        let (runs, fixed, dark) = (200, 600, 3000)
        var (inside, jumps, sum) = (0, 0, 0.0)
        for run in 0..<runs {
            var odometry = Odometry("sample/blackout/\(run)", drift)
            var estimator = VehicleEstimator(drift: drift)
            // Each run goes dark elsewhere.
            let start = run * 7 % 118 * Self.stepsPerFrame
            var step = start
            while step < start + fixed + dark {
                odometry.follow(way.pose(step).inverse * way.pose(step + 1))
                step += 1
                guard step % Self.stepsPerFrame == 0 else { continue }
                let fix = step < start + fixed ? way.fixes[way.index(step / Self.stepsPerFrame)] : nil
                estimator.take(fix, at: odometry.sample)
            }
            let belief = try #require(estimator.belief)
            let truth = way.pose(step)
            let error = Twist(
                translation: truth.translation - belief.mapFromBase.translation,
                rotation: (truth.rotation * belief.mapFromBase.rotation.inverse).log)
            let square = error.dot(try #require(Factor6(belief.covariance)).solve(error))
            sum += square
            // Six degrees of freedom: 95 % are below.
            if square <= 12.592 { inside += 1 }
            if let fix = way.fixes[way.index(step / Self.stepsPerFrame)],
                belief.surprise(of: fix) > VehicleEstimator.largestSurprise
            {
                jumps += 1
            }
        }
        let (share, mean) = (Double(inside) / Double(runs), sum / Double(runs) / 6)
        #expect(share >= 0.91 && share <= 0.985, "\(share)")
        #expect(mean >= 0.7 && mean <= 1.3, "\(mean)")
        #expect(jumps <= 2, "\(jumps)")
    }
}
