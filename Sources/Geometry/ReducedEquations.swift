/// The normal equations of the shared parameters alone, the poses eliminated from ``SchurNormalEquations`` (Schur
/// complement). Those of several sets of views add up: what a bundle adjustment without one of them would find is a sum
/// and a small system away.
public struct ReducedEquations: Sendable {
    /// How many shared parameters there are, 0...16: the order of the equations.
    public let sharedCount: Int
    /// Sum of costs where the equations were made.
    public private(set) var cost: Double
    /// By how much the poses alone would lower it.
    private var poseDecrease: Double
    private var matrix: InlineArray<16, SIMD16<Double>>
    private var gradient: SIMD16<Double>

    init(
        sharedCount: Int, cost: Double, poseDecrease: Double, matrix: InlineArray<16, SIMD16<Double>>,
        gradient: SIMD16<Double>
    ) {
        (self.sharedCount, self.cost, self.poseDecrease) = (sharedCount, cost, poseDecrease)
        (self.matrix, self.gradient) = (matrix, gradient)
    }

    /// The equations of both sets of views together; they must have the same shared parameters.
    public static func + (a: Self, b: Self) -> Self {
        precondition(a.sharedCount == b.sharedCount, "ReducedEquations: of other parameters")
        var sum = a
        sum.cost += b.cost
        sum.poseDecrease += b.poseDecrease
        sum.gradient += b.gradient
        for row in 0..<a.sharedCount { sum.matrix[row] += b.matrix[row] }
        return sum
    }

    /// Their symmetric matrix, row by row: how much these views say of the shared parameters.
    public var information: [Double] {
        (0..<sharedCount * sharedCount).map { index in
            let (row, column) = (index / sharedCount, index % sharedCount)
            return matrix[max(row, column)][min(row, column)]
        }
    }

    /// Their right side: half of the cost's gradient, with the poses at their best.
    public var gradientOfShared: [Double] { (0..<sharedCount).map { gradient[$0] } }

    /// The Gauss-Newton step of the shared parameters, and the decrease of the cost that it promises together with the
    /// poses'. Nil when the residuals leave a direction free.
    public func step() -> (shared: [Double], decrease: Double)? {
        guard let step = SchurNormalEquations.solve(matrix, gradient, sharedCount) else { return nil }
        let decrease = poseDecrease + (step * gradient).sum()
        return decrease.isFinite ? ((0..<sharedCount).map { -step[$0] }, decrease) : nil
    }
}

extension SchurNormalEquations {
    /// The shared parameters' equations; nil when a view does not determine its pose.
    public func reduced() -> ReducedEquations? {
        guard !isInvalid else { return nil }
        var (matrix, gradient, decrease) = (shared, sharedGradient, 0.0)
        for i in views.indices {
            guard let factor = Factor6(views[i].pose) else { return nil }
            views[i].eliminate(factor, sharedCount, &matrix, &gradient)
            decrease += factor.solve(views[i].poseGradient).dot(views[i].poseGradient)
        }
        return ReducedEquations(
            sharedCount: sharedCount, cost: cost, poseDecrease: decrease, matrix: matrix, gradient: gradient)
    }

    /// The step of a view's pose that goes with a step of the shared parameters; nil when the view does not determine
    /// its pose.
    public func poseStep(view: Int, shared step: [Double]) -> Twist? {
        precondition(step.count == sharedCount, "SchurNormalEquations: a step of other parameters")
        var all = SIMD16<Double>.zero
        for i in step.indices { all[i] = step[i] }
        return Factor6(views[view].pose).map {
            $0.solve(views[view].poseGradient + views[view].crossTimes(all)) * -1
        }
    }
}
