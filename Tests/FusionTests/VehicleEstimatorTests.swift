import Fusion
import Geometry
import GeometryFixtures
import TestSupport
import Testing

@Suite("Which fixes a vehicle's pose is made of")
struct VehicleEstimatorTests {
    private static let drift = DriftModel(drift: 0.01)

    /// An estimator that has followed a vehicle for two seconds.
    private func started(_ name: String) -> (Drive, VehicleEstimator) {
        var drive = Drive(name, drift: Self.drift)
        var estimator = VehicleEstimator(drift: Self.drift)
        for step in 1...200 {
            drive.step()
            if step % 3 == 0 { estimator.take(drive.fix(), at: drive.odometry) }
        }
        return (drive, estimator)
    }

    private func moved(_ fix: PoseFix, by metres: Double) -> PoseFix {
        var fix = fix
        fix.mapFromBase.translation += Vector3(metres, 0, 0)
        return fix
    }

    @Test("three fixes that agree make a belief; two that do not make none")
    func beginning() {
        var drive = Drive("estimator/beginning", drift: Self.drift)
        var estimator = VehicleEstimator(drift: Self.drift)
        var verdicts: [VehicleEstimator.Verdict] = []
        for offset in [0.0, 40, 80, 80, 80] {
            for _ in 0..<3 { drive.step() }
            verdicts.append(estimator.take(moved(drive.fix(), by: offset), at: drive.odometry))
        }
        #expect(verdicts == [.pending, .pending, .pending, .pending, .taken])
        #expect(estimator.agrees && estimator.resetCounter == 1 && estimator.withheld == 0)
    }

    @Test("a fix elsewhere is withheld, counted, and moves nothing")
    func withheld() throws {
        var (drive, estimator) = started("estimator/withheld")
        for _ in 0..<3 { drive.step() }
        var expected = estimator
        expected.take(nil, at: drive.odometry)
        #expect(estimator.take(moved(drive.fix(), by: 3), at: drive.odometry) == .withheld)
        #expect(estimator.withheld == 1 && estimator.contradicting == 1 && !estimator.agrees)
        #expect(estimator.belief == expected.belief)
        for _ in 0..<3 { drive.step() }
        #expect(estimator.take(drive.fix(), at: drive.odometry) == .taken)
        #expect(estimator.agrees && estimator.withheld == 1 && estimator.resetCounter == 1)
    }

    @Test("fixes that contradict and agree with each other replace the belief, after twenty of them")
    func replaced() throws {
        var (drive, estimator) = started("estimator/replaced")
        var count = 0
        while estimator.resetCounter == 1, count < 40 {
            for _ in 0..<3 { drive.step() }
            estimator.take(moved(drive.fix(), by: 25), at: drive.odometry)
            count += 1
        }
        #expect(count == 20 && estimator.agrees && estimator.withheld == 20)
        let belief = try #require(estimator.belief)
        #expect((belief.mapFromBase.translation - drive.truth.translation - Vector3(25, 0, 0)).length < 0.5)
    }

    @Test("fixes here and there, of which half is wrong, leave the belief where it is")
    func mixed() throws {
        var (drive, estimator) = started("estimator/mixed")
        for step in 0..<200 {
            for _ in 0..<3 { drive.step() }
            let offset = step % 2 == 0 ? 0.0 : Double(step * 7 % 90 + 5)
            estimator.take(moved(drive.fix(), by: offset), at: drive.odometry)
        }
        #expect(estimator.resetCounter == 1 && estimator.withheld == 100)
        let belief = try #require(estimator.belief)
        #expect((belief.mapFromBase.translation - drive.truth.translation).length < 0.5)
    }

    @Test("a rival that was written down is one that can have been")
    func rivals() throws {
        var (drive, estimator) = started("estimator/rivals")
        for _ in 0..<3 { drive.step() }
        estimator.take(moved(drive.fix(), by: 30), at: drive.odometry)
        var rival = try #require(estimator.rival)
        #expect(rival.isPossible)
        for (agreeing, seen) in [(0, 1), (2, 1), (1, 31), (1, .max)] as [(UInt32, UInt32)] {
            (rival.agreeing, rival.seen) = (agreeing, seen)
            #expect(!rival.isPossible)
        }
    }

    @Test("what comes late changes nothing; what is forgotten begins anew, and is counted on")
    func lateAndForgotten() {
        var (drive, estimator) = started("estimator/late")
        let before = estimator
        var old = drive.odometry
        old.time -= 500_000_000
        #expect(estimator.take(drive.fix(), at: old) == .late && estimator == before)
        estimator.forget()
        #expect(estimator.belief == nil && !estimator.agrees)
        for _ in 0..<5 {
            drive.step()
            estimator.take(drive.fix(), at: drive.odometry)
        }
        #expect(estimator.agrees && estimator.resetCounter == 2)
    }

    @Test("an outlook goes from fixed to coasting to lost, its covariance grows, and a fix brings it back")
    func outlook() throws {
        var (drive, estimator) = started("estimator/outlook")
        var outlook = VehicleOutlook(drift: Self.drift, reach: 1)
        #expect(outlook.condition == .lost && outlook.fixAge == nil)
        outlook.take(estimator)
        #expect(outlook.condition == .fixed)
        var (conditions, last) = ([outlook.condition], 0.0)
        for _ in 0..<6000 {
            drive.step()
            outlook.advance(to: drive.odometry)
            let spread = try #require(outlook.belief).covariance.translation.trace
            #expect(spread > last)
            last = spread
            if outlook.condition != conditions.last { conditions.append(outlook.condition) }
        }
        #expect(conditions == [.fixed, .coasting, .lost])
        #expect((outlook.fixAge ?? 0) > 59_000_000_000)
        estimator.take(drive.fix(), at: drive.odometry)
        outlook.take(estimator)
        #expect(outlook.condition == .fixed)
    }
}
