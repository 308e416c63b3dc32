import Geometry

/// Dense Levenberg-Marquardt, which knows nothing of a problem's structure: the oracle of the minimizers that do.
struct LevenbergMarquardt {
    /// What a minimization found.
    struct Solution: Sendable {
        /// The state of lowest cost.
        var state: [Double]
        /// Sum of robust costs at `state`.
        var cost: Double
        /// Why it stopped.
        var outcome: MinimizationOutcome
        /// `(Jᵀ W J)⁻¹` at `state`, n x n, column-major and symmetric; nil when the problem leaves a direction free.
        /// The covariance of the parameters is this times the variance of one scalar residual.
        var inverseNormalMatrix: [Double]?
        /// Unbiased variance of one scalar residual, `cost / (residualCount - n)`, for a squared loss; nil without
        /// redundancy.
        var residualVariance: Double?
        /// Covariance of the parameters, n x n, column-major: `inverseNormalMatrix` times `residualVariance`.
        var covariance: [Double]? {
            guard let inverseNormalMatrix, let residualVariance else { return nil }
            return inverseNormalMatrix.map { $0 * residualVariance }
        }
    }

    /// When to stop.
    var options: MinimizationOptions

    /// A minimizer with the given options.
    init(options: MinimizationOptions = MinimizationOptions()) { self.options = options }

    /// Minimizes the sum of robust costs that `evaluate` adds up.
    /// - Parameters:
    ///   - initial: the start state.
    ///   - parameterCount: n, its length.
    ///   - evaluate: adds every residual with its derivatives by the step at zero to the equations.
    func minimize(
        from initial: [Double], parameterCount n: Int,
        evaluate: (_ state: [Double], _ equations: inout NormalEquations) -> Void
    ) -> Solution {
        var schedule = DampingSchedule(initial: options.initialDamping)
        var (current, trial) = (NormalEquations(parameterCount: n), NormalEquations(parameterCount: n))
        var state = initial
        evaluate(state, &current)
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
            let moved = zip(state, step).map { $0 + $1 }
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
        return Self.solution(state, current, outcome)
    }

    /// The damped step and the decrease of cost it predicts.
    private static func step(_ equations: NormalEquations, damping: Double) -> ([Double], Double)? {
        var matrix = equations.matrix
        var step = equations.gradient.map { -$0 }
        let n = step.count
        for i in 0..<n { matrix[i * n + i] *= 1 + damping }
        guard SymmetricPositive.solve(&matrix, &step) else { return nil }
        // For (A + mu D) h = -g: predicted decrease of r'r is h'(mu D h - g).
        var predicted = 0.0
        for i in 0..<n {
            predicted += step[i] * (damping * equations.matrix[i * n + i] * step[i] - equations.gradient[i])
        }
        return predicted.isFinite ? (step, predicted) : nil
    }

    private static func solution(
        _ state: [Double], _ equations: NormalEquations, _ outcome: MinimizationOutcome
    ) -> Solution {
        let redundancy = equations.weightSum - Double(equations.parameterCount)
        return Solution(
            state: state, cost: equations.cost, outcome: outcome,
            inverseNormalMatrix: SymmetricPositive.inverse(equations.matrix, order: equations.parameterCount),
            residualVariance: redundancy > 0 ? equations.cost / redundancy : nil)
    }
}
