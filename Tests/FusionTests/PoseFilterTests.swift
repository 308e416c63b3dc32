import CAllocationCounter
import Fusion
import Geometry
import GeometryFixtures
import TestSupport
import Testing

@Suite("A pose between fixes")
struct PoseFilterTests {
    private static let still = DriftModel(drift: 0)

    /// `A Aᵀ`, of a pose that is known to decimetres and hundredths.
    private func covariance(_ g: inout SeededGenerator) -> SymmetricMatrix6 {
        var result = SymmetricMatrix6.zero
        for _ in 0..<8 {
            let a = Twist(translation: g.vector(0.2), rotation: g.vector(0.02))
            result =
                result
                + SymmetricMatrix6(
                    translation: Matrix3(outer: a.translation, a.translation),
                    cross: Matrix3(outer: a.translation, a.rotation), rotation: Matrix3(outer: a.rotation, a.rotation))
        }
        return result
    }

    private func filter(_ g: inout SeededGenerator) -> PoseFilter {
        var filter = PoseFilter(
            at: PoseFix(mapFromBase: g.transform(1000), covariance: covariance(&g)),
            OdometrySample(time: 1_000_000_000, odomFromBase: g.transform(50), path: 7), drift: DriftModel(drift: 0.02))
        (filter.scale, filter.turn) = (g.uniform(-0.05, 0.05), g.uniform(-0.01, 0.01))
        return filter
    }

    /// Some metres on, a nanosecond later: nothing of what time does.
    private func sample(after filter: PoseFilter, _ g: inout SeededGenerator) -> OdometrySample {
        let moved = RigidTransform(rotation: Rotation(exp: g.vector(0.3)), translation: g.vector(3))
        return OdometrySample(
            time: filter.odometry.time + 1, odomFromBase: filter.odometry.odomFromBase * moved,
            path: filter.odometry.path + moved.translation.length + g.uniform(0, 1))
    }

    /// Derivatives of the pose after a motion by the error before it, by scale and by turn, as differences.
    private func numericJacobian(_ filter: PoseFilter, _ sample: OdometrySample) -> [Twist] {
        (0..<8).map { column in
            func moved(_ step: Double) -> RigidTransform {
                var other = filter
                var d = Twist.zero
                if column < 6 { d[column] = step }
                if column == 6 { other.scale += step }
                if column == 7 { other.turn += step }
                other.mapFromBase = other.mapFromBase.disturbed(by: d)
                other.advance(to: sample, drift: Self.still)
                return other.mapFromBase
            }
            let step = 1e-5
            return moved(step).disturbance(from: moved(-step)) * (0.5 / step)
        }
    }

    @Test("the Jacobians of a motion are those of differences")
    func jacobians() {
        var g = SeededGenerator("fusion/jacobians")
        for _ in 0..<50 {
            let filter = filter(&g)
            let sample = sample(after: filter, &g)
            let step = Step(from: filter, to: sample)
            var columns: [Twist] = (0..<6).map { column in
                var unit = Twist.zero
                unit[column] = 1
                return step.carried(unit)
            }
            columns += [step.ofScale, step.ofTurn]
            for (analytic, numeric) in zip(columns, numericJacobian(filter, sample)) {
                for i in 0..<6 { #expect(abs(analytic[i] - numeric[i]) < 1e-5 * (1 + abs(numeric[i]))) }
            }
        }
    }

    @Test("the covariance is carried by those Jacobians, with that of the odometry's lasting errors")
    func spread() {
        var g = SeededGenerator("fusion/spread")
        for _ in 0..<20 {
            var filter = filter(&g)
            // Two motions: behind the first one, pose and lasting errors hang together.
            filter.advance(to: sample(after: filter, &g), drift: Self.still)
            let sample = sample(after: filter, &g)
            let jacobian = numericJacobian(filter, sample)
            var before = [[Double]](repeating: [Double](repeating: 0, count: 8), count: 8)
            for i in 0..<6 {
                for j in 0..<6 { before[i][j] = filter.covariance[i, j] }
                (before[i][6], before[6][i]) = (filter.scaleCross[i], filter.scaleCross[i])
                (before[i][7], before[7][i]) = (filter.turnCross[i], filter.turnCross[i])
            }
            (before[6][6], before[7][7]) = (filter.lasting.scale, filter.lasting.turn)
            (before[6][7], before[7][6]) = (filter.lasting.both, filter.lasting.both)
            filter.advance(to: sample, drift: Self.still)
            for i in 0..<6 {
                for j in 0..<6 {
                    var expected = 0.0
                    for a in 0..<8 {
                        for b in 0..<8 { expected += jacobian[a][i] * before[a][b] * jacobian[b][j] }
                    }
                    #expect(abs(filter.covariance[i, j] - expected) < 1e-4 * (1 + abs(expected)), "\(i) \(j)")
                }
            }
        }
    }

    @Test("one motion or the parts of it: the same pose, and an odometry's frame that stays")
    func groupLaws() {
        var g = SeededGenerator("fusion/laws")
        for _ in 0..<20 {
            var whole = filter(&g)
            (whole.scale, whole.turn) = (0, 0)
            let frame = whole.mapFromOdom
            var parts = whole
            for _ in 0..<10 { parts.advance(to: sample(after: parts, &g), drift: Self.still) }
            whole.advance(to: parts.odometry, drift: Self.still)
            #expect(difference(whole.mapFromBase, parts.mapFromBase) < 1e-9)
            #expect(difference(whole.mapFromOdom, frame) < 1e-9)
        }
    }

    @Test("another frame of the map changes nothing but the frame")
    func invariance() {
        var g = SeededGenerator("fusion/invariance")
        for _ in 0..<20 {
            let drift = DriftModel(drift: 0.01)
            let (otherFromMap, start) = (g.transform(1e4), filter(&g))
            func moved(_ fix: PoseFix) -> PoseFix {
                PoseFix(
                    mapFromBase: otherFromMap * fix.mapFromBase,
                    covariance: fix.covariance.rotated(by: otherFromMap.rotation))
            }
            let fix = PoseFix(mapFromBase: start.mapFromBase, covariance: start.covariance)
            var here = PoseFilter(at: fix, start.odometry, drift: drift)
            var there = PoseFilter(at: moved(fix), start.odometry, drift: drift)
            for _ in 0..<5 {
                let sample = sample(after: here, &g)
                here.advance(to: sample, drift: drift)
                there.advance(to: sample, drift: drift)
                let off = Twist(translation: g.vector(0.05), rotation: g.vector(0.005))
                let seen = PoseFix(mapFromBase: here.mapFromBase.disturbed(by: off), covariance: covariance(&g))
                #expect(abs(here.surprise(of: seen) - there.surprise(of: moved(seen))) < 1e-6)
                here.take(seen)
                there.take(moved(seen))
            }
            #expect(difference(otherFromMap * here.mapFromBase, there.mapFromBase) < 1e-7)
            let turned = here.covariance.rotated(by: otherFromMap.rotation)
            for i in 0..<6 { for j in 0..<6 { #expect(abs(turned[i, j] - there.covariance[i, j]) < 1e-8) } }
        }
    }

    @Test("a fix of its own adds its information; one right behind another adds next to none")
    func information() throws {
        var g = SeededGenerator("fusion/information")
        var filter = filter(&g)
        let fix = PoseFix(mapFromBase: filter.mapFromBase, covariance: covariance(&g))
        var far = filter.odometry
        (far.time, far.path) = (far.time + 10_000_000_000_000, far.path + 1e6)
        filter.advance(to: far, drift: DriftModel(drift: 0))
        let before = filter.covariance
        let (prior, told) = (try #require(before.inverse), try #require(fix.covariance.inverse))
        let expected = try #require((prior + told).inverse)
        filter.take(fix)
        for i in 0..<6 { for j in 0..<6 { #expect(abs(filter.covariance[i, j] - expected[i, j]) < 1e-4) } }
        var near = far
        near.time += 1_000_000
        let once = filter.covariance
        filter.advance(to: near, drift: DriftModel(drift: 0))
        filter.take(fix)
        #expect(filter.covariance.translation.trace > 0.999 * once.translation.trace)
    }

    @Test("an odometry that begins anew leaves the vehicle where it was, and less certain")
    func restart() {
        var g = SeededGenerator("fusion/restart")
        var filter = filter(&g)
        let before = filter
        var sample = filter.odometry
        (sample.time, sample.breaks, sample.odomFromBase) = (sample.time + 100_000_000, 1, g.transform(5))
        filter.advance(to: sample, drift: DriftModel(drift: 0.01))
        #expect(filter.mapFromBase == before.mapFromBase && filter.odometry == sample)
        #expect(filter.covariance.translation.trace > before.covariance.translation.trace + 1)
        #expect(difference(filter.mapFromOdom * sample.odomFromBase, before.mapFromBase) < 1e-9)
    }

    @Test("two hundred drives: the errors after a blackout of 30 s are those that the covariance says")
    func consistency() {
        let drift = DriftModel(drift: 0.01)
        let runs = 200
        var (inside, sum, jumps) = (0, 0.0, 0)
        var coasted = 0.0
        for run in 0..<runs {
            var drive = Drive("fusion/consistency/\(run)", drift: drift)
            var filter = PoseFilter(at: drive.fix(), drive.odometry, drift: drift)
            for step in 1...2000 {
                drive.step()
                guard step % 3 == 0 else { continue }
                filter.advance(to: drive.odometry, drift: drift)
                filter.take(drive.fix())
            }
            for _ in 0..<3000 {
                drive.step()
                filter.advance(to: drive.odometry, drift: drift)
            }
            let error = filter.normalizedError(drive.truth)
            sum += error
            // Six degrees of freedom: 95 % are below.
            if error <= 12.592 { inside += 1 }
            coasted += (drive.truth.translation - filter.mapFromBase.translation).length
            if filter.surprise(of: drive.fix()) > VehicleEstimator.largestSurprise { jumps += 1 }
        }
        let (share, mean) = (Double(inside) / Double(runs), sum / Double(runs) / 6)
        #expect(share >= 0.91 && share <= 0.985, "\(share)")
        #expect(mean >= 0.7 && mean <= 1.3, "\(mean)")
        #expect(jumps <= 2, "\(jumps)")
        // One per cent of 300 m would be 3 m: what lasts of the errors was learned on the way.
        #expect(coasted / Double(runs) < 6, "\(coasted / Double(runs))")
    }

    @Test("while fixes come, the covariance does not promise more than they hold")
    func tracking() {
        let drift = DriftModel(drift: 0.01)
        var (sum, count) = (0.0, 0)
        for run in 0..<100 {
            var drive = Drive("fusion/tracking/\(run)", drift: drift)
            var filter = PoseFilter(at: drive.fix(), drive.odometry, drift: drift)
            for step in 1...1200 {
                // It stands for a third of the time.
                drive.step(standing: (400..<800).contains(step))
                guard step % 3 == 0 else { continue }
                filter.advance(to: drive.odometry, drift: drift)
                filter.take(drive.fix())
                guard step % 100 == 0 else { continue }
                (sum, count) = (sum + filter.normalizedError(drive.truth), count + 1)
            }
        }
        let mean = sum / Double(count) / 6
        #expect(mean < 1.3 && mean > 0.2, "\(mean)")
    }

    @Test("nothing is allocated")
    func allocations() {
        guard hf_allocations_counted() != 0 else { return }
        let drift = DriftModel(drift: 0.01)
        var drive = Drive("fusion/allocations", drift: drift)
        var estimator = VehicleEstimator(drift: drift)
        var outlook = VehicleOutlook(drift: drift, reach: 5)
        hf_allocations_begin()
        for step in 0..<300 {
            drive.step()
            estimator.take(step % 7 == 3 ? nil : drive.fix(), at: drive.odometry)
            outlook.take(estimator)
            outlook.advance(to: drive.odometry)
        }
        #expect(hf_allocations_end() == 0)
        #expect(outlook.condition == .fixed)
    }
}
