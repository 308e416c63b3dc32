import Geometry
import GeometryFixtures
import Testing
import TestSupport

@Suite struct RotationTests {
    /// Angles where a formula changes its branch or loses digits.
    static let angles: [Double] = [
        0, 1e-300, 1e-12, 1e-8, 1e-5, 0.00999, 0.01, 0.0101, 0.0999, 0.1, 0.1001, 0.5, 1, 2, 3, .pi - 1e-3, .pi - 1e-8,
        .pi - 1e-12,
    ]

    @Test("exp is Rodrigues' formula", arguments: angles)
    func exponential(angle: Double) {
        var g = SeededGenerator(seed: 11)
        for _ in 0..<50 {
            let axis = g.direction()
            let k = Matrix3(skew: axis)
            let (s, c) = sineAndCosine(angle)
            let half = sineAndCosine(angle / 2).sine
            #expect(abs(c - (1 - 2 * half * half)) < 1e-15)
            let expected = Matrix3.identity + k * s + k * k * (2 * half * half)
            #expect(difference(Rotation(exp: axis * angle).matrix, expected) < 1e-14)
        }
    }

    @Test("log undoes exp, also near 0 and near pi", arguments: angles)
    func logarithm(angle: Double) {
        var g = SeededGenerator(seed: 12)
        for _ in 0..<50 {
            let vector = g.direction() * angle
            let back = Rotation(exp: vector).log
            #expect((back - vector).length <= 1e-14 + 1e-13 * angle)
            #expect(abs(Rotation(exp: vector).angle - angle) < 1e-12)
        }
    }

    @Test("at pi the logarithm is one of the two axes")
    func halfTurn() {
        var g = SeededGenerator(seed: 13)
        for _ in 0..<200 {
            let axis = g.direction()
            let log = Rotation(w: 0, x: axis.x, y: axis.y, z: axis.z).log
            #expect(min((log - axis * .pi).length, (log + axis * .pi).length) < 1e-14)
        }
    }

    @Test("the group laws hold")
    func group() {
        var g = SeededGenerator(seed: 14)
        for _ in 0..<500 {
            let (a, b, c) = (g.rotation(), g.rotation(), g.rotation())
            let v = g.vector(5)
            #expect(difference(((a * b) * c).matrix, (a * (b * c)).matrix) < 1e-14)
            #expect(difference((a * b).matrix, a.matrix * b.matrix) < 1e-14)
            #expect(difference((a * a.inverse).matrix, .identity) < 1e-14)
            #expect(((a * v) - a.matrix * v).length < 1e-13)
            #expect((a * (b * v) - (a * b) * v).length < 1e-13)
            #expect(abs(a.matrix.determinant - 1) < 1e-14)
            #expect(difference(a.matrix * a.matrix.transpose, .identity) < 1e-14)
        }
    }

    @Test("matrix and back, in all four branches")
    func fromMatrix() {
        var g = SeededGenerator(seed: 15)
        let axes = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)]
        for axis in axes {
            for angle in [0.1, 2.0, 3.0, .pi - 1e-9, .pi] {
                let r = Rotation(exp: axis * angle)
                #expect(difference(Rotation(matrix: r.matrix).matrix, r.matrix) < 1e-14)
            }
        }
        for _ in 0..<1000 {
            let r = g.rotation()
            #expect((Rotation(matrix: r.matrix).inverse * r).angle < 1e-14)
        }
    }

    @Test("rotations by known angles turn known vectors")
    func known() {
        let quarter = Rotation(exp: Vector3(0, 0, .pi / 2))
        #expect((quarter * Vector3(1, 0, 0) - Vector3(0, 1, 0)).length < 1e-15)
        #expect((Rotation(w: 1, x: 1, y: 0, z: 0) * Vector3(0, 1, 0) - Vector3(0, 0, 1)).length < 1e-15)
    }

    @Test("a quaternion from outside must be nearly unit")
    func checked() {
        #expect(Rotation(checkingW: 0, x: 0, y: 0, z: 0) == nil)
        #expect(Rotation(checkingW: .nan, x: 0, y: 0, z: 0) == nil)
        #expect(Rotation(checkingW: 1, x: 1, y: 0, z: 0) == nil)
        #expect(Rotation(checkingW: 1.001, x: 0, y: 0, z: 0) == Rotation.identity)
    }
}
