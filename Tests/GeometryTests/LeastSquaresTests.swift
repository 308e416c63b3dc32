import Geometry
import GeometryFixtures
import Testing
import TestSupport

@Suite struct LeastSquaresTests {
    /// Samples of `a exp(-b t) + c` with normal noise.
    static func decay(_ g: inout SeededGenerator, noise: Double, count: Int = 60) -> [(t: Double, y: Double)] {
        (0..<count).map { i in
            let t = Double(i) * 0.1
            return (t, 5 * exponential(-0.7 * t) + 1 + noise * g.normal())
        }
    }

    static func fit(
        _ samples: [(t: Double, y: Double)], from start: [Double] = [1, 0.1, 0], loss: RobustLoss = .squared
    ) -> LevenbergMarquardt.Solution {
        LevenbergMarquardt().minimize(from: start, parameterCount: 3) { p, equations in
            for s in samples {
                let e = exponential(-p[1] * s.t)
                equations.add(
                    residual: p[0] * e + p[2] - s.y, jacobian: [e, -p[0] * s.t * e, 1], loss: loss)
            }
        }
    }

    @Test("a curve without noise is found exactly")
    func exact() {
        var g = SeededGenerator(seed: 91)
        let solution = Self.fit(Self.decay(&g, noise: 0))
        #expect(solution.outcome == .converged && solution.cost < 1e-18)
        for (found, truth) in zip(solution.state, [5, 0.7, 1]) { #expect(abs(found - truth) < 1e-8) }
    }

    @Test("the covariance is that of the estimates over many trials")
    func covariance() throws {
        var g = SeededGenerator(seed: 92)
        let (noise, truth) = (0.05, [5, 0.7, 1.0])
        var (chi, variance, trials) = (0.0, 0.0, 0.0)
        var spread = [0.0, 0, 0]
        var predicted = [0.0, 0, 0]
        for _ in 0..<600 {
            let solution = Self.fit(Self.decay(&g, noise: noise))
            let inverse = try #require(solution.inverseNormalMatrix)
            let covariance = try #require(solution.covariance)
            let error = zip(solution.state, truth).map { $0 - $1 }
            for i in 0..<3 {
                spread[i] += error[i] * error[i]
                predicted[i] += covariance[i * 3 + i]
                for j in 0..<3 { #expect(inverse[i * 3 + j] == inverse[j * 3 + i]) }
            }
            // Squared error against the known noise through an independent 3x3 inverse: chi-square of mean 3.
            let m = Matrix3(
                columns: Vector3(inverse[0], inverse[1], inverse[2]), Vector3(inverse[3], inverse[4], inverse[5]),
                Vector3(inverse[6], inverse[7], inverse[8]))
            let e = Vector3(error[0], error[1], error[2])
            chi += (try #require(m.inverse) * e).dot(e) / (noise * noise)
            variance += try #require(solution.residualVariance)
            trials += 1
        }
        #expect(abs(chi / trials - 3) < 0.3)
        #expect(abs((variance / trials).squareRoot() / noise - 1) < 0.02)
        for i in 0..<3 { #expect(abs(spread[i] / predicted[i] - 1) < 0.2) }
    }

    @Test("a robust loss ignores gross errors")
    func robust() {
        var g = SeededGenerator(seed: 93)
        var samples = Self.decay(&g, noise: 0.02)
        for i in stride(from: 0, to: 60, by: 6) { samples[i].y += 20 }
        let plain = Self.fit(samples)
        let robust = Self.fit(samples, from: [4, 0.5, 0.5], loss: .cauchy(scale: 0.1))
        #expect(abs(plain.state[2] - 1) > 0.5)
        for (found, truth) in zip(robust.state, [5, 0.7, 1]) { #expect(abs(found - truth) < 0.05) }
    }

    @Test("Rosenbrock's valley, from its hard start")
    func rosenbrock() {
        let solution = LevenbergMarquardt().minimize(from: [-1.2, 1], parameterCount: 2) { p, equations in
            equations.add(residual: 10 * (p[1] - p[0] * p[0]), jacobian: [-20 * p[0], 10])
            equations.add(residual: 1 - p[0], jacobian: [-1], offset: 0)
        }
        #expect(abs(solution.state[0] - 1) < 1e-8 && abs(solution.state[1] - 1) < 1e-8)
    }

    @Test("a free direction has no covariance; a start that cannot be evaluated is said")
    func degenerate() {
        let free = LevenbergMarquardt().minimize(from: [3, 4], parameterCount: 2) { p, equations in
            equations.add(residual: p[0] + p[1] - 1, jacobian: [1, 1])
            equations.add(residual: p[0] + p[1] - 1, jacobian: [1, 1])
        }
        #expect(abs(free.state[0] + free.state[1] - 1) < 1e-6 && free.covariance == nil)
        let invalid = LevenbergMarquardt().minimize(from: [0], parameterCount: 1) { _, equations in
            equations.markInvalid()
        }
        #expect(invalid.outcome == .stalled && invalid.state == [0])
    }

    @Test("two blocks of a row are one row")
    func blocks() throws {
        var g = SeededGenerator(seed: 94)
        let rows = (0..<40).map { _ in (0..<10).map { _ in g.uniform(-1, 1) } }
        let values = (0..<40).map { _ in g.uniform(-1, 1) }
        func solve(inBlocks: Bool) -> LevenbergMarquardt.Solution {
            LevenbergMarquardt().minimize(from: [Double](repeating: 0, count: 5), parameterCount: 5) { p, e in
                for (row, value) in zip(rows, values) {
                    let (x, y) = (Array(row[..<5]), Array(row[5...]))
                    let r = Vector2(
                        zip(x, p).reduce(-value) { $0 + $1.0 * $1.1 }, zip(y, p).reduce(value) { $0 + $1.0 * $1.1 })
                    if inBlocks {
                        e.add(
                            residual: r, x: Array(x[..<2]), y: Array(y[..<2]), offset: 0, secondX: Array(x[2...]),
                            secondY: Array(y[2...]), secondOffset: 2)
                    } else {
                        e.add(residual: r, jacobianX: x, jacobianY: y)
                    }
                }
            }
        }
        let (a, b) = (solve(inBlocks: true), solve(inBlocks: false))
        for (x, y) in zip(try #require(a.covariance), try #require(b.covariance)) { #expect(abs(x - y) < 1e-14) }
        for (x, y) in zip(a.state, b.state) { #expect(abs(x - y) < 1e-12) }
    }

    @Test(
        "weights are the derivatives of the costs",
        arguments: [
            RobustLoss.squared, .huber(scale: 1.5), .cauchy(scale: 0.7),
        ])
    func losses(loss: RobustLoss) {
        for s in [0, 1e-6, 0.3, 1, 2.2, 3.9, 4.1, 50, 1e6] {
            let h = 1e-6 * max(s, 1e-3)
            let numeric = (loss.cost(s + h) - loss.cost(max(s - h, 0))) / (s - h < 0 ? h : 2 * h)
            #expect(abs(numeric - loss.weight(s)) < 1e-3)
            #expect(loss.cost(s) <= s && loss.weight(s) <= 1)
        }
        #expect(loss.cost(0) == 0 && loss.weight(0) == 1)
    }

    @Test("a pose is found from a displaced start, and a bad start is said")
    func pose() {
        var g = SeededGenerator(seed: 95)
        for _ in 0..<50 {
            let truth = g.transform()
            let points = (0..<20).map { _ in g.vector(5) }
            let start = RigidTransform(exp: Twist(translation: g.vector(1), rotation: g.vector(0.5))) * truth
            let solution = PoseMinimizer().minimize(from: start) { pose, equations in
                for p in points {
                    let (q, error) = (pose * p, pose * p - truth * p)
                    equations.cost += error.lengthSquared
                    for axis in 0..<3 {
                        var gradient = Vector3.zero
                        gradient[axis] = 1
                        equations.accumulate(
                            residual: error[axis],
                            jacobian: Twist(translation: gradient, rotation: q.cross(gradient)), weight: 1)
                    }
                }
            }
            #expect(difference(solution.pose, truth) < 1e-8)
        }
        let bad = PoseMinimizer().minimize(from: .identity) { $1.cost = .infinity }
        #expect(bad.outcome == .stalled && bad.pose == .identity)
    }
}
