import Geometry

/// The normal equations `Jᵀ W J` and `Jᵀ W r` of a dense least-squares problem of n parameters, being accumulated.
///
/// Rows carry their own sparsity: a row touches `jacobian.count` parameters from `offset` on, or several such blocks.
struct NormalEquations: Sendable {
    /// Number of parameters n.
    let parameterCount: Int
    /// False while only the cost is wanted: Jacobians may then be left out, and are ignored.
    var wantsDerivatives = true
    /// Sum of the robust costs so far.
    private(set) var cost = 0.0
    /// Sum of the weights of the scalar residuals so far: their number when the loss is ``RobustLoss/squared``.
    private(set) var weightSum = 0.0
    /// n x n, column-major; only the lower triangle is filled.
    var matrix: [Double]
    /// n: `Jᵀ W r`.
    var gradient: [Double]
    /// Set when a residual could not be evaluated; the step is then refused.
    private(set) var isInvalid = false

    init(parameterCount: Int) {
        self.parameterCount = parameterCount
        matrix = [Double](repeating: 0, count: parameterCount * parameterCount)
        gradient = [Double](repeating: 0, count: parameterCount)
    }

    mutating func reset(wantsDerivatives: Bool) {
        self.wantsDerivatives = wantsDerivatives
        (cost, weightSum, isInvalid) = (0, 0, false)
        guard wantsDerivatives else { return }
        for i in matrix.indices { matrix[i] = 0 }
        for i in gradient.indices { gradient[i] = 0 }
    }

    /// The parameters cannot be evaluated (for example a point behind the camera): the step will be refused.
    mutating func markInvalid() { isInvalid = true }

    /// One scalar residual with its derivatives by parameters `offset..<offset + jacobian.count`.
    mutating func add(residual: Double, jacobian: [Double], offset: Int = 0, loss: RobustLoss = .squared) {
        let weight = addCost(squaredNorm: residual * residual, count: 1, loss: loss)
        if wantsDerivatives { accumulate(residual, jacobian, offset, weight) }
    }

    /// A pixel residual, weighted as one by its norm, with the two rows of its Jacobian.
    mutating func add(
        residual: Vector2, jacobianX: [Double], jacobianY: [Double], offset: Int = 0, loss: RobustLoss = .squared
    ) {
        let weight = addCost(squaredNorm: residual.lengthSquared, count: 2, loss: loss)
        guard wantsDerivatives else { return }
        accumulate(residual.x, jacobianX, offset, weight)
        accumulate(residual.y, jacobianY, offset, weight)
    }

    /// A pixel residual whose Jacobian has two blocks of parameters, at `offset` and at the larger `secondOffset`:
    /// for example the shared intrinsics and the pose of one view.
    mutating func add(
        residual: Vector2, x: [Double], y: [Double], offset: Int, secondX: [Double], secondY: [Double],
        secondOffset: Int, loss: RobustLoss = .squared
    ) {
        precondition(offset + x.count <= secondOffset, "NormalEquations: blocks must not overlap and must be in order")
        let weight = addCost(squaredNorm: residual.lengthSquared, count: 2, loss: loss)
        guard wantsDerivatives else { return }
        accumulate(residual.x, x, offset, weight)
        accumulate(residual.y, y, offset, weight)
        accumulate(residual.x, secondX, secondOffset, weight)
        accumulate(residual.y, secondY, secondOffset, weight)
        for c in x.indices {
            let (wx, wy) = (x[c] * weight, y[c] * weight)
            let base = (offset + c) * parameterCount + secondOffset
            for r in secondX.indices { matrix[base + r] += wx * secondX[r] + wy * secondY[r] }
        }
    }

    private mutating func addCost(squaredNorm: Double, count: Int, loss: RobustLoss) -> Double {
        if !squaredNorm.isFinite { isInvalid = true }
        let weight = loss.weight(squaredNorm)
        cost += loss.cost(squaredNorm)
        weightSum += weight * Double(count)
        return weight
    }

    private mutating func accumulate(_ residual: Double, _ row: [Double], _ offset: Int, _ weight: Double) {
        precondition(offset >= 0 && offset + row.count <= parameterCount, "NormalEquations: row outside the parameters")
        for c in row.indices {
            let w = row[c] * weight
            gradient[offset + c] += w * residual
            let base = (offset + c) * parameterCount + offset
            for r in c..<row.count { matrix[base + r] += w * row[r] }
        }
    }
}
