/// When a Levenberg-Marquardt minimization stops, and why.
public struct MinimizationOptions: Equatable, Sendable {
    /// How often the cost may be evaluated, the start included: one evaluation for each step that is tried.
    public var maximumEvaluations = 50
    /// Stop when a step promises or brings less than this share of the cost.
    public var relativeCostTolerance = 1e-10
    /// Stop when every component of a step is smaller than this (in the unit of the parameters).
    public var stepTolerance = 1e-10
    /// First damping, relative to the diagonal of the normal matrix.
    public var initialDamping = 1e-4

    /// As precise as doubles allow; a minimization in a frame asks for less.
    public init() {}
}

/// Why a minimization ended where it did.
public enum MinimizationOutcome: Equatable, Sendable {
    /// The step or the improvement fell under its tolerance.
    case converged
    /// ``MinimizationOptions/maximumEvaluations`` were spent: the best so far is given.
    case evaluationLimit
    /// No damping gave a better cost, or the start could not be evaluated.
    case stalled
}

/// The damping rule of every Levenberg-Marquardt minimization in the project (Nielsen 1999; Madsen, Nielsen,
/// Tingleff 2004, section 3.2), with the damping relative to the diagonal (Marquardt).
public struct DampingSchedule: Sendable {
    /// For the next step: the share of each diagonal element that is added to it.
    public private(set) var damping: Double
    private var growth = 2.0

    /// - Parameter initial: the damping of the first step, as ``MinimizationOptions/initialDamping``.
    public init(initial: Double) { damping = initial }

    /// After a step that lowered the cost; `gain` is the actual over the predicted decrease.
    public mutating func accept(gain: Double) {
        let t = 2 * gain - 1
        damping = max(damping * max(1 / 3.0, 1 - t * t * t), 1e-12)
        growth = 2
    }

    /// After a step that did not. False when the damping has grown beyond use.
    public mutating func reject() -> Bool {
        damping *= growth
        growth *= 2
        return damping < 1e12
    }
}
