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
}
