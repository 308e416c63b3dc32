import Geometry
import GeometryFixtures
import PoseEstimation
import Testing
import TestSupport

@Suite struct P3PTests {
    struct Problem {
        var cameraFromMap: RigidTransform
        var points: (Vector3, Vector3, Vector3)
        var bearings: (Vector3, Vector3, Vector3)

        init(_ cameraFromMap: RigidTransform, _ inCamera: (Vector3, Vector3, Vector3)) {
            let mapFromCamera = cameraFromMap.inverse
            self.cameraFromMap = cameraFromMap
            points = (mapFromCamera * inCamera.0, mapFromCamera * inCamera.1, mapFromCamera * inCamera.2)
            bearings = (inCamera.0.normalized, inCamera.1.normalized, inCamera.2.normalized)
        }

        /// Three points in a 90 degree field of view, 1 to 20 m away.
        static func random(_ g: inout SeededGenerator) -> Problem {
            func point() -> Vector3 { Vector3(g.uniform(-1, 1), g.uniform(-1, 1), 1) * g.uniform(1, 20) }
            return Problem(g.transform(10), (point(), point(), point()))
        }

        /// Smallest error over the solutions: rotation in radians, or translation in metres over 10 m.
        var error: Double {
            let solutions = P3P.solve(bearings: bearings, points: points)
            var best = Double.infinity
            for i in 0..<solutions.count {
                let d = solutions[i] * cameraFromMap.inverse
                best = min(best, max(d.rotation.angle, d.translation.length / 10))
            }
            return best
        }
    }

    @Test("random scenes are solved")
    func random() {
        var g = SeededGenerator(seed: 41)
        var (failed, worse, total) = (0, 0, 0)
        for _ in 0..<20_000 {
            let error = Problem.random(&g).error
            total += 1
            if !(error < 1e-6) { failed += 1 }
            if !(error < 1e-9) { worse += 1 }
        }
        #expect(Double(failed) <= 0.0002 * Double(total), "\(failed) of \(total) over 1e-6")
        #expect(Double(worse) <= 0.005 * Double(total), "\(worse) of \(total) over 1e-9")
    }

    @Test("every solution sees the points along their rays, in front, and no solution twice")
    func valid() {
        var g = SeededGenerator(seed: 42)
        var counts = [0, 0, 0, 0, 0]
        for _ in 0..<5000 {
            let p = Problem.random(&g)
            let solutions = P3P.solve(bearings: p.bearings, points: p.points)
            counts[solutions.count] += 1
            for i in 0..<solutions.count {
                for (b, x) in [(p.bearings.0, p.points.0), (p.bearings.1, p.points.1), (p.bearings.2, p.points.2)] {
                    let q = solutions[i] * x
                    #expect(q.angle(to: b) < 1e-5)
                }
                for j in 0..<i {
                    let d = solutions[i] * solutions[j].inverse
                    #expect(d.rotation.angle + d.translation.length > 1e-9)
                }
            }
        }
        // No solution only where rounding hides a double one; two is the usual number, four are seen.
        #expect(counts[0] <= 1 && counts[2] > 2000 && counts[4] > 100, "\(counts)")
    }

    @Test("small triangles far away and far from the map's origin are solved")
    func hard() {
        var g = SeededGenerator(seed: 43)
        var failed = 0
        for _ in 0..<2000 {
            let centre = Vector3(g.uniform(-0.5, 0.5), g.uniform(-0.5, 0.5), 1) * 100
            let pose = RigidTransform(rotation: g.rotation(), translation: g.vector(1e5))
            let inCamera = (centre + g.vector(2), centre + g.vector(2), centre + g.vector(2))
            let p = Problem(pose, inCamera)
            let solutions = P3P.solve(bearings: p.bearings, points: p.points)
            // Such a triangle does not determine the pose well; but it must be seen where it is.
            var best = Double.infinity
            for i in 0..<solutions.count {
                best = min(
                    best,
                    max(
                        (solutions[i] * p.points.0).angle(to: p.bearings.0),
                        (solutions[i] * p.points.1).angle(to: p.bearings.1),
                        (solutions[i] * p.points.2).angle(to: p.bearings.2)))
            }
            if !(best < 1e-6) { failed += 1 }
        }
        #expect(failed <= 10, "\(failed) of 2000")
    }

    @Test("degenerate input never gives a pose that is not finite")
    func degenerate() {
        var g = SeededGenerator(seed: 44)
        func check(_ b: (Vector3, Vector3, Vector3), _ p: (Vector3, Vector3, Vector3)) -> Int {
            let solutions = P3P.solve(bearings: b, points: p)
            for i in 0..<solutions.count {
                #expect(solutions[i].translation.isFinite && solutions[i].rotation.imaginary.isFinite)
                #expect(abs(solutions[i].rotation.matrix.determinant - 1) < 1e-9)
            }
            return solutions.count
        }
        let nan = Vector3(.nan, 0, 1)
        for _ in 0..<300 {
            let p = Problem.random(&g)
            let (x, d) = (p.points.0, g.direction())
            #expect(check(p.bearings, (x, x + d, x + d * 2.5)) == 0)
            #expect(check(p.bearings, (x, x, p.points.2)) == 0)
            #expect(check(p.bearings, (x, p.points.1, x)) == 0)
            #expect(check(p.bearings, (p.points.0, x, x)) == 0)
            #expect(check(p.bearings, (x, x, x)) == 0)
            _ = check((p.bearings.0, p.bearings.0, p.bearings.2), p.points)
            _ = check((p.bearings.0, p.bearings.0, p.bearings.0), p.points)
            _ = check((p.bearings.0, -p.bearings.0, p.bearings.2), p.points)
            #expect(check((nan, p.bearings.1, p.bearings.2), p.points) == 0)
            #expect(check(p.bearings, (nan, p.points.1, p.points.2)) == 0)
            #expect(check(p.bearings, (Vector3(.infinity, 0, 0), p.points.1, p.points.2)) == 0)
            #expect(check((.zero, .zero, .zero), p.points) == 0)
        }
        // Symmetric: the camera over the centre of an equilateral triangle, where conics touch.
        let (s, c) = (0.75.squareRoot(), 0.5)
        let triangle = Problem(.identity, (Vector3(1, 0, 2), Vector3(-c, s, 2), Vector3(-c, -s, 2)))
        #expect(triangle.error < 1e-6)
    }
}
