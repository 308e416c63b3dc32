import Geometry
import GeometryFixtures
import Testing
import TestSupport

@Suite struct RigidTransformTests {
    @Test("the group laws hold")
    func group() {
        var g = SeededGenerator(seed: 21)
        for _ in 0..<500 {
            let (a, b, c) = (g.transform(), g.transform(), g.transform())
            let p = g.vector(20)
            #expect(difference((a * b) * c, a * (b * c)) < 1e-12)
            #expect(difference(a * a.inverse, .identity) < 1e-12)
            #expect(difference(a.inverse * a, .identity) < 1e-12)
            #expect(((a * b) * p - a * (b * p)).length < 1e-12)
            #expect((a * a.originInSource).length < 1e-12)
        }
    }

    @Test("exp is the matrix exponential, summed as a series", arguments: RotationTests.angles)
    func exponential(angle: Double) {
        var g = SeededGenerator(seed: 22)
        for _ in 0..<20 {
            let twist = Twist(translation: g.vector(3), rotation: g.direction() * angle)
            let k = Matrix3(skew: twist.rotation)
            // V = sum of k^n / (n + 1)!, R = sum of k^n / n!.
            var (power, v, r, factorial) = (Matrix3.identity, Matrix3.zero, Matrix3.zero, 1.0)
            for n in 0..<40 {
                r = r + power * (1 / factorial)
                factorial *= Double(n + 1)
                v = v + power * (1 / factorial)
                power = power * k
            }
            let t = RigidTransform(exp: twist)
            #expect(difference(t.rotation.matrix, r) < 1e-13)
            #expect((t.translation - v * twist.translation).length < 1e-13)
        }
    }

    @Test("log undoes exp, also near 0 and near pi", arguments: RotationTests.angles)
    func logarithm(angle: Double) {
        var g = SeededGenerator(seed: 23)
        for _ in 0..<50 {
            let twist = Twist(translation: g.vector(3), rotation: g.direction() * angle)
            let error = RigidTransform(exp: twist).log - twist
            #expect(error.rotation.length < 1e-12 && error.translation.length < 1e-11)
        }
    }

    @Test("the adjoint moves a perturbation from the right to the left")
    func adjoint() {
        var g = SeededGenerator(seed: 24)
        for _ in 0..<200 {
            let t = g.transform()
            let twist = Twist(translation: g.vector(1), rotation: g.vector(1))
            let right = t * RigidTransform(exp: twist)
            #expect(difference(RigidTransform(exp: t.adjoint(twist)) * t, right) < 1e-12)
        }
    }

    @Test("transporting a covariance is the adjoint on both sides")
    func transport() {
        var g = SeededGenerator(seed: 25)
        for _ in 0..<100 {
            let t = g.transform(2)
            let twists = (0..<8).map { _ in Twist(translation: g.vector(1), rotation: g.vector(1)) }
            let probe = Twist(translation: g.vector(1), rotation: g.vector(1))
            var (before, after) = (PoseNormalEquations(), PoseNormalEquations())
            for twist in twists {
                before.accumulate(residual: 0, jacobian: twist, weight: 1)
                after.accumulate(residual: 0, jacobian: t.adjoint(twist), weight: 1)
            }
            let error = before.matrix.transported(by: t) * probe - after.matrix * probe
            #expect(error.dot(error) < 1e-18)
            let turned = before.matrix.rotated(by: t.rotation)
            let pure = RigidTransform(rotation: t.rotation, translation: .zero)
            let same = turned * probe - before.matrix.transported(by: pure) * probe
            #expect(same.dot(same) < 1e-20)
        }
    }

    @Test("a left perturbation moves a point as the tangent convention says")
    func action() {
        var g = SeededGenerator(seed: 26)
        for _ in 0..<100 {
            let (t, p) = (g.transform(), g.vector(10))
            let q = t * p
            for i in 0..<6 {
                var step = Twist.zero
                step[i] = 1e-6
                let numeric = (RigidTransform(exp: step) * t * p - RigidTransform(exp: step * -1) * t * p) / 2e-6
                let analytic = step.translation * 1e6 + (step.rotation * 1e6).cross(q)
                #expect((numeric - analytic).length < 1e-7)
            }
        }
    }

    @Test("interpolation ends where it should and moves evenly")
    func interpolation() {
        var g = SeededGenerator(seed: 27)
        for _ in 0..<100 {
            let (a, b) = (g.transform(), g.transform())
            #expect(difference(a.interpolated(to: b, fraction: 0), a) < 1e-12)
            #expect(difference(a.interpolated(to: b, fraction: 1), b) < 1e-10)
            let half = a.interpolated(to: b, fraction: 0.5)
            #expect(difference(half * a.inverse * half, b) < 1e-9)
        }
    }
}

extension RigidTransform {
    /// The tangent carried through the transform: `T exp(twist) T⁻¹ = exp(T.adjoint(twist))`.
    fileprivate func adjoint(_ twist: Twist) -> Twist {
        let r = rotation * twist.rotation
        return Twist(translation: rotation * twist.translation + translation.cross(r), rotation: r)
    }
}
