/// The normal equations of one pose, six parameters in the tangent of ``Twist``; no allocation.
public struct PoseNormalEquations: Sendable {
    /// `Jᵀ W J` over translation and rotation; its inverse times the residuals' variance is the pose's covariance.
    public var matrix = SymmetricMatrix6.zero
    /// `Jᵀ W r`: half the gradient of the cost.
    public var gradient = Twist.zero
    /// Sum of the robust costs of the residuals; not finite when one could not be evaluated.
    public var cost = 0.0

    /// No residuals yet.
    public init() {}

    /// Adds a scalar residual with derivatives `jacobian` and weight `weight`; `cost` is the caller's.
    @inlinable public mutating func accumulate(residual: Double, jacobian j: Twist, weight: Double) {
        let (wt, wr) = (j.translation * weight, j.rotation * weight)
        gradient.translation += wt * residual
        gradient.rotation += wr * residual
        matrix.translation.addOuter(wt, j.translation)
        matrix.cross.addOuter(wt, j.rotation)
        matrix.rotation.addOuter(wr, j.rotation)
    }

    /// Adds the residual of a point that `camera` should see at `pixel`, with its cost; infinite when it does not see
    /// it.
    /// - Parameters:
    ///   - point: in the camera frame, which the pose is a transform to.
    ///   - camera: its intrinsics.
    ///   - pixel: where the point was seen.
    ///   - loss: of the residual.
    public mutating func add(_ point: Vector3, by camera: Camera, seenAt pixel: Vector2, loss: RobustLoss) {
        guard let projection = camera.projectionWithGradients(point) else {
            cost = .infinity
            return
        }
        let residual = projection.pixel - pixel
        let squared = residual.lengthSquared
        let weight = loss.weight(squared)
        cost += loss.cost(squared)
        let (x, y) = (projection.gradientX, projection.gradientY)
        accumulate(residual: residual.x, jacobian: Twist(translation: x, rotation: point.cross(x)), weight: weight)
        accumulate(residual: residual.y, jacobian: Twist(translation: y, rotation: point.cross(y)), weight: weight)
    }
}

/// Levenberg-Marquardt over one pose `bFromA`, without allocation: what refines a camera in every frame.
public struct PoseMinimizer: Sendable {
    /// Where a minimization has arrived, with the equations there: a covariance needs no further evaluation.
    public struct Solution: Sendable {
        /// `bFromA` of the lowest cost that was found; the start if none was lower.
        public var pose: RigidTransform
        /// Matrix, gradient and cost at ``pose``.
        public var equations: PoseNormalEquations
        /// How often the cost was evaluated, 1 for the start alone.
        public var evaluations: Int
        /// Whether it converged, ran out of evaluations or stalled.
        public var outcome: MinimizationOutcome
    }

    /// When to stop. Steps are in metres and radians.
    public var options: MinimizationOptions

    /// - Parameter options: when to stop; the defaults are as precise as doubles allow.
    public init(options: MinimizationOptions = MinimizationOptions()) { self.options = options }

    /// Minimizes the cost that `evaluate` accumulates at a pose.
    /// - Parameters:
    ///   - initial: the start.
    ///   - evaluate: cost, and derivatives by a left perturbation of the pose (``Twist``). A pose that cannot be
    ///     evaluated gives a cost that is not finite.
    public func minimize(
        from initial: RigidTransform, evaluate: (_ pose: RigidTransform, _ equations: inout PoseNormalEquations) -> Void
    ) -> Solution {
        var schedule = DampingSchedule(initial: options.initialDamping)
        var best = Solution(pose: initial, equations: PoseNormalEquations(), evaluations: 1, outcome: .evaluationLimit)
        evaluate(initial, &best.equations)
        if !best.equations.cost.isFinite { best.outcome = .stalled }
        while best.outcome == .evaluationLimit, best.evaluations < options.maximumEvaluations {
            let (matrix, gradient, cost) = (best.equations.matrix, best.equations.gradient, best.equations.cost)
            guard let factor = Factor6(matrix, damping: schedule.damping) else {
                if !schedule.reject() { best.outcome = .stalled }
                continue
            }
            let step = factor.solve(gradient) * -1
            let diagonal = Twist(
                translation: matrix.translation.diagonal * step.translation,
                rotation: matrix.rotation.diagonal * step.rotation)
            let predicted = step.dot(diagonal * schedule.damping - gradient)
            let largest = max(abs(step.translation).max(), abs(step.rotation).max())
            if largest < options.stepTolerance || !(predicted > options.relativeCostTolerance * cost) {
                best.outcome = .converged
                break
            }
            let pose = RigidTransform(exp: step) * best.pose
            var equations = PoseNormalEquations()
            evaluate(pose, &equations)
            best.evaluations += 1
            let decrease = cost - equations.cost
            if decrease > 0 {
                (best.pose, best.equations) = (pose, equations)
                schedule.accept(gain: decrease / predicted)
                if decrease <= options.relativeCostTolerance * cost { best.outcome = .converged }
            } else if !schedule.reject() {
                best.outcome = .stalled
            }
        }
        return best
    }
}

/// Component-wise absolute value.
private func abs(_ v: Vector3) -> Vector3 { v.replacing(with: -v, where: v .< 0) }
