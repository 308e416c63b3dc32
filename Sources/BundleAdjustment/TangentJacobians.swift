import Geometry

/// Derivatives of the logarithm of SO(3) (Sola, Deray, Atchuthan 2018, section on SO(3)).
enum RotationJacobian {
    /// `d log(exp(x) R) / dx` at zero, for `log(R) = w`; that of `log(R exp(x))` is the one of `-w`.
    static func inverseLeft(_ w: Vector3) -> Matrix3 {
        let skew = Matrix3(skew: w)
        return Matrix3.identity - skew * 0.5 + skew * skew * Rotation.logarithmCoefficient(w.lengthSquared)
    }
}

/// A 6x6 Jacobian over twists: blocks `[[translation, coupling], [0, rotation]]`.
struct MotionJacobian {
    var translation: Matrix3
    var coupling: Matrix3
    var rotation: Matrix3

    /// `d log(exp(x) T) / dx` at zero for `log(T) = twist`: the series `1 - ad/2 + ad²/12 - ad⁴/720`, exact to 1e-6 at
    /// half a radian or half a metre, which a residual of odometry never is.
    static func inverseLeft(_ twist: Twist) -> MotionJacobian {
        let (w, v) = (Matrix3(skew: twist.rotation), Matrix3(skew: twist.translation))
        let (ww, wv) = (w * w, w * v + v * w)
        let (www, wwv) = (ww * ww, ww * wv + wv * ww)
        return MotionJacobian(
            translation: Matrix3.identity - w * 0.5 + ww * (1 / 12.0) - www * (1 / 720.0),
            coupling: v * -0.5 + wv * (1 / 12.0) - wwv * (1 / 720.0),
            rotation: Matrix3.identity - w * 0.5 + ww * (1 / 12.0) - www * (1 / 720.0))
    }

    /// `self * Ad(motion)`.
    func timesAdjoint(of motion: RigidTransform) -> MotionJacobian {
        let r = motion.rotation.matrix
        let s = Matrix3(skew: motion.translation) * r
        return MotionJacobian(
            translation: translation * r, coupling: translation * s + coupling * r, rotation: rotation * r)
    }

    func row(_ i: Int) -> SIMD8<Double> {
        let (t, r) = i < 3 ? (translation.row(i), coupling.row(i)) : (Vector3.zero, rotation.row(i - 3))
        return SIMD8(t.x, t.y, t.z, r.x, r.y, r.z, 0, 0)
    }
}

extension Matrix3 {
    /// A row, 0...2.
    func row(_ i: Int) -> Vector3 { Vector3(column0[i], column1[i], column2[i]) }
}
