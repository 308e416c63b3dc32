import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// The bundle adjustment against the dense minimizer, which knows nothing of the arrow.
@Suite struct SchurTests {
    /// Points on a plane, seen by a camera from several poses.
    struct Scene {
        var points: [Vector3] = []
        var poses: [RigidTransform] = []
        var pixels: [[Vector2]] = []
        let truth: [Double] = [510, 495, 322, 236, -0.21, 0.05, 0.0006, -0.0004]

        init(views: Int, noise: Double, seed: UInt64) throws {
            var g = SeededGenerator(seed: seed)
            for i in 0..<35 { points.append(Vector3(Double(i % 7 - 3) * 0.04, Double(i / 7 - 2) * 0.04, 0)) }
            let camera = try SchurTests.camera(truth)
            for _ in 0..<views {
                let turn = Rotation(exp: Vector3(g.uniform(-0.6, 0.6), g.uniform(-0.6, 0.6), g.uniform(-1, 1)))
                let at = Vector3(g.uniform(-0.06, 0.06), g.uniform(-0.05, 0.05), g.uniform(0.4, 0.6))
                let pose = RigidTransform(rotation: turn, translation: at)
                poses.append(pose)
                pixels.append(
                    try points.map {
                        try #require(camera.project(pose * $0)) + Vector2(g.normal(), g.normal()) * noise
                    })
            }
        }
    }

    static func camera(_ p: [Double]) throws -> Camera {
        try Camera(model: .openCV, parameters: p, width: 640, height: 480)
    }

    /// The rows of one residual; nil when the point is not seen.
    static func row(
        _ camera: Camera, _ pose: RigidTransform, _ point: Vector3, _ pixel: Vector2
    ) -> (residual: Vector2, shared: ParameterGradients, x: Twist, y: Twist)? {
        let p = pose * point
        guard let projection = camera.projectWithGradients(p) else { return nil }
        let (x, y) = (projection.gradientX, projection.gradientY)
        return (
            projection.pixel - pixel, camera.parameterGradients(p),
            Twist(translation: x, rotation: p.cross(x)), Twist(translation: y, rotation: p.cross(y))
        )
    }

    static func bundle(
        _ scene: Scene, from start: [Double], poses: [RigidTransform], views: Range<Int>? = nil
    ) -> SchurMinimizer.Solution {
        var options = MinimizationOptions()
        options.relativeCostTolerance = 1e-14
        let views = views ?? poses.indices
        let state = SchurMinimizer.State(shared: start, poses: Array(poses[views]))
        return SchurMinimizer(options: options).minimize(from: state) { state, equations in
            add(scene, views, state, &equations)
        }
    }

    /// The residuals of some of the scene's views; the state has the poses of just these.
    static func add(
        _ scene: Scene, _ views: Range<Int>, _ state: SchurMinimizer.State, _ equations: inout SchurNormalEquations
    ) {
        guard let camera = try? camera(state.shared) else { return equations.markInvalid() }
        for (slot, view) in views.enumerated() {
            for (point, pixel) in zip(scene.points, scene.pixels[view]) {
                equations.add(
                    view: slot, point: state.poses[slot] * point, by: camera, seenAt: pixel, normal: .zero, slopes: nil,
                    loss: .squared)
            }
        }
    }

    @Test("the equations of sets of views add up: one step finds what a minimization without a set finds")
    func reduced() throws {
        let scene = try Scene(views: 12, noise: 0.005, seed: 53)
        let whole = Self.bundle(scene, from: scene.truth, poses: scene.poses)
        let sets = [0..<4, 4..<7, 7..<12]
        let equations = sets.map { views in
            var equations = SchurNormalEquations(sharedCount: 8, viewCount: views.count)
            Self.add(
                scene, views, .init(shared: whole.state.shared, poses: Array(whole.state.poses[views])), &equations)
            equations.finish()
            return equations
        }
        let parts = try equations.map { try #require($0.reduced()) }
        let step = try #require((parts[0] + parts[1]).step())
        let without = Self.bundle(scene, from: whole.state.shared, poses: whole.state.poses, views: 0..<7)
        let covariance = try #require(without.equations.covariance())
        for i in 0..<8 {
            let found = whole.state.shared[i] + step.shared[i]
            let deviation = 0.005 * covariance.matrix[i * 14 + i].squareRoot()
            #expect(abs(found - without.state.shared[i]) < 0.02 * deviation, "parameter \(i)")
            // The views left out do matter: the test can fail.
            #expect(abs(step.shared[i]) > 0.02 * deviation, "parameter \(i)")
        }
        let decrease = parts[0].cost + parts[1].cost - without.equations.cost
        #expect(abs(step.decrease - decrease) < 0.01 * decrease)
        // A pose that goes along.
        let moved = RigidTransform(exp: try #require(equations[1].poseStep(view: 2, shared: step.shared)))
        let off = (moved * whole.state.poses[6] * without.state.poses[6].inverse).log
        #expect(off.translation.length < 1e-6 && off.rotation.length < 1e-5)
        // All together they stay where they are.
        let all = try #require((parts[0] + parts[1] + parts[2]).step())
        #expect(all.decrease < 1e-9 * whole.equations.cost)
    }

    @Test("without noise the truth is found from a distant start")
    func exact() throws {
        let scene = try Scene(views: 8, noise: 0, seed: 51)
        let poses = scene.poses.map {
            RigidTransform(
                exp: Twist(translation: Vector3(0.01, -0.02, 0.03), rotation: Vector3(0.05, -0.04, 0.02))) * $0
        }
        let solution = Self.bundle(scene, from: [560, 560, 319.5, 239.5, 0, 0, 0, 0], poses: poses)
        #expect(solution.equations.cost < 1e-16)
        for (found, truth) in zip(solution.state.shared, scene.truth) {
            #expect(abs(found - truth) < 1e-6 * (1 + abs(truth)))
        }
    }

    @Test("optimum and covariance equal those of the dense minimizer")
    func dense() throws {
        let scene = try Scene(views: 5, noise: 0.3, seed: 52)
        let arrow = Self.bundle(scene, from: scene.truth, poses: scene.poses)
        let n = 8 + 6 * 5
        // The dense state is a step from the arrow's optimum: its own optimum must then be zero.
        let dense = LevenbergMarquardt().minimize(
            from: [Double](repeating: 0, count: n), parameterCount: n,
            evaluate: { step, equations in
                guard let camera = try? Self.camera((0..<8).map { arrow.state.shared[$0] + step[$0] }) else {
                    return equations.markInvalid()
                }
                for view in 0..<5 {
                    var twist = Twist.zero
                    for i in 0..<6 { twist[i] = step[8 + 6 * view + i] }
                    let pose = RigidTransform(exp: twist) * arrow.state.poses[view]
                    for (point, pixel) in zip(scene.points, scene.pixels[view]) {
                        guard let row = Self.row(camera, pose, point, pixel) else { return equations.markInvalid() }
                        equations.add(
                            residual: row.residual, x: (0..<8).map { row.shared.x[$0] },
                            y: (0..<8).map { row.shared.y[$0] }, offset: 0, secondX: (0..<6).map { row.x[$0] },
                            secondY: (0..<6).map { row.y[$0] }, secondOffset: 8 + 6 * view)
                    }
                }
            })
        let inverse = try #require(dense.inverseNormalMatrix)
        let deviations = (0..<n).map { inverse[$0 * n + $0].squareRoot() }
        for i in 0..<n { #expect(abs(dense.state[i]) < 1e-4 * deviations[i], "parameter \(i) was not at its optimum") }
        #expect(abs(dense.cost - arrow.equations.cost) < 1e-9 * dense.cost)

        let covariance = try #require(arrow.equations.covariance())
        func expected(_ i: Int, _ j: Int) -> Double {
            func columns(_ k: Int) -> [Int] { k < 8 ? [k] : (0..<5).map { 8 + 6 * $0 + k - 8 } }
            let (a, b) = (columns(i), columns(j))
            let sum = a.reduce(0) { total, r in b.reduce(total) { $0 + inverse[$1 * n + r] } }
            return sum / Double(a.count * b.count)
        }
        for i in 0..<14 {
            for j in 0..<14 {
                let scale = (expected(i, i) * expected(j, j)).squareRoot()
                #expect(abs(covariance.matrix[i * 14 + j] - expected(i, j)) < 1e-5 * scale, "\(i), \(j)")
            }
        }
    }

    @Test("a view without residuals leaves its pose free, and is refused")
    func free() throws {
        var scene = try Scene(views: 3, noise: 0.1, seed: 53)
        scene.pixels[1] = []
        let solution = Self.bundle(scene, from: scene.truth, poses: scene.poses)
        #expect(solution.outcome == .stalled)
        #expect(solution.equations.covariance() == nil)
    }

    @Test("a start that cannot be seen is refused")
    func invalid() throws {
        let scene = try Scene(views: 3, noise: 0.1, seed: 54)
        let behind = scene.poses.map { RigidTransform(rotation: $0.rotation, translation: -$0.translation) }
        let solution = Self.bundle(scene, from: scene.truth, poses: behind)
        #expect(solution.outcome == .stalled && solution.evaluations == 1)
    }
}
