public import Geometry
public import Parallelism

/// Levenberg-Marquardt over poses, points and what they share: a sparse bundle adjustment.
///
/// Points are eliminated (Schur complement), the reduced equations of the poses solved by a block-sparse Cholesky
/// factor in a minimum-degree order. The result is the same for any number of threads and on any machine. Memory: 200
/// bytes for each observation, 384 for each block of the factor. Time, per iteration: about 0.5 us for each pair of
/// observations of a point.
public struct BundleMinimizer: Sendable {
    /// Where a minimization arrived.
    public struct Solution: Sendable {
        /// The unknowns at the lowest cost that was found.
        public var state: BundleState
        /// There: robust reprojection errors and priors.
        public var cost: Double
        /// Steps that were tried.
        public var evaluations: Int
        /// Why it ended.
        public var outcome: MinimizationOutcome
    }

    /// When to stop.
    public var options: MinimizationOptions
    /// How many threads work.
    public var threads: Int

    /// - Parameters:
    ///   - options: when to stop; the cost's tolerance is what counts.
    ///   - threads: how many work; the result does not depend on it.
    public init(options: MinimizationOptions = MinimizationOptions(), threads: Int = Parallel.processors) {
        self.options = options
        self.threads = threads
    }

    /// Minimizes the cost of `problem` from `initial`.
    public func minimize(_ problem: BundleProblem, from initial: BundleState) -> Solution {
        precondition(
            initial.poses.count == problem.poseCount && initial.points.count == problem.pointCount,
            "BundleMinimizer: a state of another problem")
        let equations = Equations(problem, threads)
        var state = initial
        var rows = equations.linearize(state)
        var cost = equations.cost(rows, state)
        var solution = Solution(
            state: initial, cost: cost, evaluations: 1, outcome: .evaluationLimit)
        var schedule = DampingSchedule(initial: options.initialDamping)
        while solution.outcome == .evaluationLimit, solution.evaluations < options.maximumEvaluations {
            guard let step = equations.step(rows, state, damping: schedule.damping) else {
                if !schedule.reject() { solution.outcome = .stalled }
                continue
            }
            if !(step.predictedDecrease > options.relativeCostTolerance * cost) {
                solution.outcome = .converged
                break
            }
            solution.evaluations += 1
            let moved = equations.moved(state, by: step)
            let trial = moved.map { equations.linearize($0) }
            if let moved, let trial, equations.cost(trial, moved) < cost {
                let decrease = cost - equations.cost(trial, moved)
                if decrease <= options.relativeCostTolerance * cost { solution.outcome = .converged }
                schedule.accept(gain: decrease / step.predictedDecrease)
                (state, rows) = (moved, trial)
                cost -= decrease
            } else if !schedule.reject() {
                solution.outcome = .stalled
            }
        }
        (solution.state, solution.cost) = (state, cost)
        return solution
    }
}

/// A step of all unknowns.
struct BundleStep: Sendable {
    var poses: [SIMD8<Double>]
    var points: [Vector3]
    var shared: [Double]
    /// By how much the linearized cost falls.
    var predictedDecrease: Double
}

/// The equations of a problem: what does not change from step to step.
struct Equations: Sendable {
    let problem: BundleProblem
    let layout: SharedLayout
    private let pattern: BlockPattern
    private let order: EliminationOrder
    private let threads: Int

    init(_ problem: BundleProblem, _ threads: Int) {
        self.problem = problem
        self.threads = threads
        layout = SharedLayout(problem)
        pattern = BlockPattern(upper: problem.coupledPoses)
        order = EliminationOrder(neighbours: pattern.neighbours)
    }

    func linearize(_ state: BundleState) -> Linearization { Linearization(problem, state, threads: threads) }

    func cost(_ rows: Linearization, _ state: BundleState) -> Double {
        rows.cost + SharedPrior.cost(problem, state, layout)
    }

    /// The damped Gauss-Newton step; nil where the equations are not positive definite.
    func step(_ rows: Linearization, _ state: BundleState, damping: Double) -> BundleStep? {
        let points = PointElimination(problem, rows, layout: layout, damping: damping, threads: threads)
        let system = ReducedSystem(
            problem, state, rows, points, pattern: pattern, layout: layout, threads: threads)
        guard let factor = BlockCholesky(system.matrix, order: order, dampingBy: system.diagonals, damping),
            let (poses, shared) = system.solve(factor, damping: damping)
        else { return nil }
        var step = BundleStep(poses: poses, points: [], shared: shared, predictedDecrease: 0)
        step.points = back(step, rows, points)
        step.predictedDecrease = decrease(step, system, points, damping)
        return step
    }

    /// The factor of the undamped equations of the poses, the points eliminated; nil where these leave something open.
    func factor(at state: BundleState) -> BlockCholesky? {
        let rows = linearize(state)
        let points = PointElimination(problem, rows, layout: layout, damping: 0, threads: threads)
        let system = ReducedSystem(
            problem, state, rows, points, pattern: pattern, layout: layout, threads: threads)
        return BlockCholesky(system.matrix, order: order, dampingBy: system.diagonals, 0)
    }

    /// The points' steps that go with those of poses and shared unknowns.
    private func back(_ step: BundleStep, _ rows: Linearization, _ points: PointElimination) -> [Vector3] {
        (0..<problem.pointCount).map { point in
            var right = points.gradients[point]
            for number in problem.pointStarts[point]..<problem.pointStarts[point + 1] {
                let row = rows.rows[number]
                let pose = step.poses[Int(problem.observations[number].pose)]
                right += row.pointX * (row.x.pose * pose).sum() + row.pointY * (row.y.pose * pose).sum()
            }
            for column in 0..<layout.cameraCount {
                right +=
                    points.cameraCoupling[point * layout.cameraCount + column]
                    * step.shared[layout.firstCamera + column]
            }
            return -(points.inverses[point] * right)
        }
    }

    /// `-g·d + damping dᵀ D d`, for the cost as a sum of squares.
    private func decrease(
        _ step: BundleStep, _ system: ReducedSystem, _ points: PointElimination, _ damping: Double
    ) -> Double {
        // With gᵀd over the points eliminated: of each point gᵀ V⁻¹ g is gained beside the reduced gradient's part.
        var sum = 0.0
        for (pose, d) in step.poses.enumerated() {
            sum += damping * (d * d * system.diagonals[pose]).sum() - (d * system.gradient[pose]).sum()
        }
        for (i, d) in step.shared.enumerated() {
            sum += damping * d * d * system.sharedDiagonal[i] - d * system.sharedGradient[i]
        }
        for (point, gradient) in points.gradients.enumerated() {
            sum += gradient.dot(points.inverses[point] * gradient)
            sum += damping * (step.points[point] * step.points[point]).dot(points.diagonals[point])
        }
        return sum
    }

    /// The state after a step; nil where a camera's parameters make no camera.
    func moved(_ state: BundleState, by step: BundleStep) -> BundleState? {
        var moved = state
        for (i, d) in step.poses.enumerated() {
            let twist = Twist(translation: Vector3(d[0], d[1], d[2]), rotation: Vector3(d[3], d[4], d[5]))
            moved.poses[i] = RigidTransform(exp: twist) * state.poses[i]
        }
        for (i, d) in step.points.enumerated() { moved.points[i] += d }
        if layout.firstCamera == 3 {
            moved.boresight =
                Rotation(exp: Vector3(step.shared[0], step.shared[1], step.shared[2])) * state.boresight
        }
        for index in problem.cameraPriors.indices {
            let camera = state.cameras[index]
            var parameters = camera.parameters
            for (parameter, shared) in layout.parameters(ofCamera: index) {
                parameters[parameter] += step.shared[shared]
            }
            guard
                let changed = try? Camera(
                    model: camera.model, parameters: parameters, width: camera.width, height: camera.height)
            else { return nil }
            moved.cameras[index] = changed
        }
        return moved
    }
}
