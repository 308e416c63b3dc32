/// Levenberg-Marquardt over shared parameters and one pose for each view: bundle adjustment of a calibration.
///
/// Cost per iteration: the caller's residuals, then about 250 m operations for each view and m³/3 for the m shared
/// parameters.
public struct SchurMinimizer: Sendable {
    /// The unknowns: what all views share, and each view's own pose.
    public struct State: Sendable {
        /// Parameters that every residual may depend on, at most 16: intrinsics, a board's deflections.
        public var shared: [Double]
        /// One pose `bFromA` for each view, perturbed from the left (``Twist``).
        public var poses: [RigidTransform]

        /// A start: shared parameters, and a pose for each view.
        public init(shared: [Double], poses: [RigidTransform]) {
            self.shared = shared
            self.poses = poses
        }
    }

    /// Where a minimization has arrived, with the equations there: covariances need no further evaluation.
    public struct Solution: Sendable {
        /// The unknowns at the lowest cost that was found; the start if none was lower.
        public var state: State
        /// The arrow-shaped equations at ``state``.
        public var equations: SchurNormalEquations
        /// How often the cost was evaluated, 1 for the start alone.
        public var evaluations: Int
        /// Whether it converged, ran out of evaluations or stalled.
        public var outcome: MinimizationOutcome
    }

    /// When to stop. The step tolerance is relative to each parameter's own standard deviation for unit variance.
    public var options: MinimizationOptions

    /// - Parameter options: when to stop; the defaults are as precise as doubles allow.
    public init(options: MinimizationOptions = MinimizationOptions()) { self.options = options }

    /// Minimizes the cost that `evaluate` adds up at a state.
    public func minimize(
        from initial: State, evaluate: (_ state: State, _ equations: inout SchurNormalEquations) -> Void
    ) -> Solution {
        var schedule = DampingSchedule(initial: options.initialDamping)
        var best = Solution(
            state: initial,
            equations: SchurNormalEquations(sharedCount: initial.shared.count, viewCount: initial.poses.count),
            evaluations: 1, outcome: .evaluationLimit)
        evaluate(initial, &best.equations)
        best.equations.finish()
        var trial = best.equations
        if best.equations.isInvalid { best.outcome = .stalled }
        while best.outcome == .evaluationLimit, best.evaluations < options.maximumEvaluations {
            guard let step = best.equations.step(damping: schedule.damping) else {
                if !schedule.reject() { best.outcome = .stalled }
                continue
            }
            if !(step.predictedDecrease > options.relativeCostTolerance * best.equations.cost) {
                best.outcome = .converged
                break
            }
            let moved = best.state.moved(by: step)
            trial.reset()
            evaluate(moved, &trial)
            trial.finish()
            best.evaluations += 1
            let decrease = best.equations.cost - trial.cost
            if !trial.isInvalid, decrease > 0 {
                if decrease <= options.relativeCostTolerance * best.equations.cost { best.outcome = .converged }
                best.state = moved
                swap(&best.equations, &trial)
                schedule.accept(gain: decrease / step.predictedDecrease)
            } else if !schedule.reject() {
                best.outcome = .stalled
            }
        }
        return best
    }
}

extension SchurMinimizer.State {
    fileprivate func moved(by step: SchurStep) -> Self {
        Self(
            shared: shared.indices.map { shared[$0] + step.shared[$0] },
            poses: poses.indices.map { RigidTransform(exp: step.poses[$0]) * poses[$0] })
    }
}
