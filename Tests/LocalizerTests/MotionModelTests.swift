import Geometry
import Localizer
import Testing

@Suite("Constant-velocity prediction")
struct MotionModelTests {
    private let twist = Twist(translation: Vector3(0.1, -0.02, 1.3), rotation: Vector3(0.01, 0.2, -0.03))
    private let start = RigidTransform(
        rotation: Rotation(w: 0.9, x: 0.1, y: -0.3, z: 0.2), translation: Vector3(4, -2, 7))

    private func pose(after seconds: Double) -> RigidTransform {
        RigidTransform(exp: twist * seconds) * start
    }

    @Test("exact when the motion is constant, at any frame time", arguments: [0.01, 0.033, 0.1, 0.7])
    func constant(step: Double) throws {
        var motion = MotionModel()
        motion.observe(pose(after: 0), at: 1_000_000_000)
        motion.observe(pose(after: 0.1), at: 1_100_000_000)
        let predicted = try #require(motion.predict(at: 1_100_000_000 + UInt64(step * 1e9)))
        let error = (predicted * pose(after: 0.1 + step).inverse).log
        #expect(error.translation.length < 1e-6)
        #expect(error.rotation.length < 1e-6)
    }

    @Test("one pose predicts itself, none predicts nothing")
    func few() {
        var motion = MotionModel()
        #expect(motion.predict(at: 5) == nil)
        motion.observe(start, at: 5)
        #expect(motion.predict(at: 100) == start)
        motion.forget()
        #expect(motion.predict(at: 100) == nil)
    }

    @Test("a long gap forgets the velocity, not the pose")
    func gap() {
        var motion = MotionModel()
        motion.observe(pose(after: 0), at: 1_000_000_000)
        motion.observe(pose(after: 0.1), at: 1_100_000_000)
        #expect(motion.predict(at: 9_000_000_000) == pose(after: 0.1))
        motion.observe(pose(after: 0.2), at: 9_000_000_000)
        #expect(motion.predict(at: 9_100_000_000) == pose(after: 0.2))
    }

    @Test("stamps that stand still or run back never divide by zero")
    func stamps() throws {
        var motion = MotionModel()
        motion.observe(pose(after: 0), at: 1_000)
        motion.observe(pose(after: 0.1), at: 1_000)
        motion.observe(pose(after: 0.2), at: 500)
        let predicted = try #require(motion.predict(at: 600))
        #expect(predicted.translation.isFinite)
        #expect(predicted == pose(after: 0.2))
    }

    @Test("a jump does not continue the motion, and gives no velocity", arguments: [0.033, 0.1])
    func jump(step: Double) {
        var motion = MotionModel()
        let stamps = (0..<5).map { 1_000_000_000 + UInt64(Double($0) * step * 1e9) }
        let aside = RigidTransform(exp: Twist(translation: Vector3(2, 0, 0), rotation: .zero))
        let jumped = aside * pose(after: 2 * step)
        var continues = [
            motion.observe(pose(after: 0), at: stamps[0]), motion.observe(pose(after: step), at: stamps[1]),
        ]
        continues.append(motion.observe(jumped, at: stamps[2]))
        #expect(motion.predict(at: stamps[3]) == jumped, "it stays where it is until more is known")
        continues.append(motion.observe(aside * pose(after: 3 * step), at: stamps[3]))
        #expect(continues == [true, true, false, true])
        let predicted = motion.predict(at: stamps[4])
        #expect(predicted.map { ($0 * (aside * pose(after: 4 * step)).inverse).log.translation.length < 0.1 } == true)
    }

    @Test("turning hard into a curve, braking hard and noise continue the motion; turning round at once does not")
    func dynamics() {
        let step = 1.0 / 30
        for (change, continues) in [
            (Twist(translation: .zero, rotation: Vector3(0, 60 * step, 0)), true),
            (Twist(translation: Vector3(0, 0, -15 * step), rotation: .zero), true),
            (Twist(translation: Vector3(0, 0, -20), rotation: .zero), false),
            (Twist(translation: .zero, rotation: Vector3(0, 6, 0)), false),
        ] {
            var motion = MotionModel()
            motion.observe(pose(after: 0), at: 1_000_000_000)
            motion.observe(pose(after: step), at: 1_033_333_333)
            let next = RigidTransform(exp: (twist + change) * step) * pose(after: step)
            let found = motion.observe(next, at: 1_066_666_667)
            #expect(found == continues)
        }
    }

    @Test("a motion that somebody measures stands instead of the velocity, after however long a time")
    func measured() throws {
        var motion = MotionModel()
        let moved = RigidTransform(exp: Twist(translation: Vector3(1, 2, 3), rotation: Vector3(0.1, 0.2, 0.3)))
        #expect(motion.predict(at: 5, moved: moved) == nil)
        motion.observe(pose(after: 0), at: 1_000_000_000)
        motion.observe(pose(after: 0.1), at: 1_100_000_000)
        for time in [1_200_000_000, 60_000_000_000] as [UInt64] {
            #expect(motion.predict(at: time, moved: moved) == moved * pose(after: 0.1))
        }
        #expect(motion.predict(at: 1_200_000_000, moved: nil) == motion.predict(at: 1_200_000_000))
    }

    @Test("a pose as uncertain as its distance from the prediction continues the motion")
    func uncertain() {
        var covariance = SymmetricMatrix6.zero
        covariance.translation = Matrix3.identity * 0.25
        covariance.rotation = Matrix3.identity * 1e-4
        let aside = RigidTransform(exp: Twist(translation: Vector3(1, 0, 0), rotation: .zero))
        for (covariance, continues) in [(covariance, true), (.zero, false)] {
            var motion = MotionModel()
            motion.observe(pose(after: 0), covariance: covariance, at: 1_000_000_000)
            motion.observe(pose(after: 0.033), covariance: covariance, at: 1_033_000_000)
            let found = motion.observe(aside * pose(after: 0.066), covariance: covariance, at: 1_066_000_000)
            #expect(found == continues)
        }
    }
}
