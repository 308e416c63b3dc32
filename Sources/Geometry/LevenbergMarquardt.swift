/// Dense Levenberg-Marquardt for problems of up to a few thousand parameters (calibration, mapping).
///
/// The state may live on a manifold: `plus(state, step)` returns the moved state, by default their sum. Cost per
/// iteration: the caller's residuals, then n³/3 by LAPACK. Allocates; the pose refinement of a frame uses
/// ``PoseMinimizer`` instead. Both share ``DampingSchedule``.
public struct LevenbergMarquardt {
    /// What a minimization found.
    public struct Solution: Sendable {
        /// The state of lowest cost.
        public var state: [Double]
        /// Sum of robust costs at the start and at the end.
        public var initialCost: Double
        /// Sum of robust costs at `state`.
        public var cost: Double
        /// Scalar residuals.
        public var residualCount: Int
        /// Evaluations of the cost.
        public var evaluations: Int
        /// Why it stopped.
        public var outcome: MinimizationOutcome
        /// `(Jᵀ W J)⁻¹` at `state`, n x n, column-major and symmetric; nil when the problem leaves a direction free.
        /// The covariance of the parameters is this times the variance of one scalar residual.
        public var inverseNormalMatrix: [Double]?
        /// Unbiased variance of one scalar residual, `cost / (residualCount - n)`, for a squared loss; nil without
        /// redundancy.
        public var residualVariance: Double?
        /// Covariance of the parameters, n x n, column-major: `inverseNormalMatrix` times `residualVariance`.
        public var covariance: [Double]? {
            guard let inverseNormalMatrix, let residualVariance else { return nil }
            return inverseNormalMatrix.map { $0 * residualVariance }
        }
    }

    /// When to stop.
    public var options: MinimizationOptions

    /// A minimizer with the given options.
    public init(options: MinimizationOptions = MinimizationOptions()) { self.options = options }

    /// Minimizes the sum of robust costs that `evaluate` adds up.
    /// - Parameters:
    ///   - initial: the start state, of any length.
    ///   - n: the length of a step.
    ///   - plus: moves a state by a step of length n.
    ///   - evaluate: adds every residual with its derivatives by the step at zero to the equations.
    public func minimize(
        from initial: [Double], parameterCount n: Int,
        plus: (_ state: [Double], _ step: [Double]) -> [Double] = { zip($0, $1).map { $0 + $1 } },
        evaluate: (_ state: [Double], _ equations: inout NormalEquations) -> Void
    ) -> Solution {
        var schedule = DampingSchedule(initial: options.initialDamping)
        var (current, trial) = (NormalEquations(parameterCount: n), NormalEquations(parameterCount: n))
        var state = initial
        evaluate(state, &current)
        let initialCost = current.cost
        var evaluations = 1
        var outcome = MinimizationOutcome.evaluationLimit
        if current.isInvalid { outcome = .stalled }
        while outcome == .evaluationLimit, evaluations < options.maximumEvaluations {
            guard let (step, predicted) = Self.step(current, damping: schedule.damping) else {
                if schedule.reject() { continue }
                outcome = .stalled
                break
            }
            let isSmall = step.allSatisfy { abs($0) < options.stepTolerance }
            if isSmall || predicted <= options.relativeCostTolerance * current.cost {
                outcome = .converged
                break
            }
            let moved = plus(state, step)
            trial.reset(wantsDerivatives: false)
            evaluate(moved, &trial)
            evaluations += 1
            let decrease = current.cost - trial.cost
            if !trial.isInvalid, decrease > 0 {
                state = moved
                schedule.accept(gain: decrease / predicted)
                let before = current.cost
                current.reset(wantsDerivatives: true)
                evaluate(state, &current)
                if decrease <= options.relativeCostTolerance * before { outcome = .converged }
            } else if !schedule.reject() {
                outcome = .stalled
            }
        }
        return Self.solution(state, current, initialCost, evaluations, outcome)
    }

    /// The damped step and the decrease of cost it predicts.
    private static func step(_ equations: NormalEquations, damping: Double) -> ([Double], Double)? {
        var matrix = equations.matrix
        var step = equations.gradient.map { -$0 }
        guard SymmetricPositive.solve(&matrix, &step, damping: damping) else { return nil }
        let n = step.count
        // For (A + mu D) h = -g: predicted decrease of r'r is h'(mu D h - g).
        var predicted = 0.0
        for i in 0..<n {
            predicted += step[i] * (damping * equations.matrix[i * n + i] * step[i] - equations.gradient[i])
        }
        return predicted.isFinite ? (step, predicted) : nil
    }

    private static func solution(
        _ state: [Double], _ equations: NormalEquations, _ initialCost: Double, _ evaluations: Int,
        _ outcome: MinimizationOutcome
    ) -> Solution {
        let redundancy = equations.weightSum - Double(equations.parameterCount)
        return Solution(
            state: state, initialCost: initialCost, cost: equations.cost, residualCount: equations.residualCount,
            evaluations: evaluations, outcome: outcome,
            inverseNormalMatrix: SymmetricPositive.inverse(equations.matrix, order: equations.parameterCount),
            residualVariance: redundancy > 0 ? equations.cost / redundancy : nil)
    }
}
