import Evaluation
import Geometry
import Testing

@Suite("How far off a pose is")
struct PoseErrorTests {
    /// `cameraFromMap` of a camera at `position` that is turned by `degrees` about an axis.
    private func pose(_ position: Vector3, _ degrees: Double = 0, about axis: Vector3 = Vector3(0, 0, 1))
        -> RigidTransform
    {
        let rotation = Rotation(exp: axis.normalized * (degrees * .pi / 180))
        return RigidTransform(rotation: rotation, translation: -(rotation * position))
    }

    @Test("nothing for the true pose")
    func none() {
        let truth = pose(Vector3(3, -2, 7), 40, about: Vector3(1, 2, 3))
        let error = PoseError(estimated: truth, truth: truth)
        #expect(error.position == 0 && error.rotation < 1e-6)
    }

    @Test(
        "the distance of the centres, whatever the rotations; the angle, whatever the centres", arguments: [0, 30, 180])
    func parts(degrees: Double) {
        let truth = pose(Vector3(1, 1, 1), 25, about: Vector3(0, 1, 0))
        let turned = RigidTransform(
            rotation: Rotation(exp: Vector3(degrees * .pi / 180, 0, 0)), translation: .zero)
        var estimate = turned * truth
        #expect(PoseError(estimated: estimate, truth: truth).position < 1e-12)
        #expect(abs(PoseError(estimated: estimate, truth: truth).rotation - degrees) < 1e-6)
        estimate.translation += estimate.rotation * Vector3(3, 0, 4)
        #expect(abs(PoseError(estimated: estimate, truth: truth).position - 5) < 1e-12)
        #expect(abs(PoseError(estimated: estimate, truth: truth).rotation - degrees) < 1e-6)
    }

    @Test("a threshold holds up to its own values, for both parts, and for no number that is none")
    func thresholds() {
        let fine = RecallThreshold.all[0]
        #expect(fine.holds(PoseError(position: 0.05, rotation: 0.5)))
        #expect(!fine.holds(PoseError(position: 0.0501, rotation: 0)))
        #expect(!fine.holds(PoseError(position: 0, rotation: 0.501)))
        #expect(!fine.holds(PoseError(position: .nan, rotation: 0)))
        #expect(!fine.holds(PoseError(position: 0, rotation: .nan)))
        #expect(RecallThreshold.all.map(\.name) == ["0.05m_0.5deg", "0.25m_2.0deg", "0.5m_5.0deg", "5.0m_10.0deg"])
    }
}
