/// The normal equations of a bundle adjustment: a few shared parameters (at most 16: intrinsics) and one pose for each of many views, each
/// residual touching the shared parameters and one pose. Their matrix has the shape of an arrow:
/// `[[A, B₁, B₂, ...], [B₁ᵀ, C₁], [B₂ᵀ, , C₂], ...]`.
///
/// Memory and time to solve are linear in the number of views (Schur complement; Triggs et al. 2000, section 6.1).
public struct ArrowEquations: Sendable {
    /// The part of one view.
    public struct View: Sendable {
        /// `C`: 6 x 6.
        var pose = SymmetricMatrix6.zero
        var poseGradient = Twist.zero
        /// `Bᵀ`: for each of the six pose parameters the row over the shared ones.
        var cross = InlineArray<6, SIMD16<Double>>(repeating: .zero)
    }

    /// Number of shared parameters, 0...16.
    public let sharedCount: Int
    /// Sum of costs so far.
    public private(set) var cost = 0.0
    /// Scalar residuals so far.
    public private(set) var residualCount = 0
    /// Set when a residual could not be evaluated; the step is then refused.
    public private(set) var isInvalid = false
    var views: [View]
    /// Rows of `A`; of the first eight only the first eight columns.
    var shared: InlineArray<16, SIMD16<Double>> = .init(repeating: .zero)
    var sharedGradient = SIMD16<Double>.zero

    /// Empty equations.
    public init(sharedCount: Int, viewCount: Int) {
        precondition((0...16).contains(sharedCount), "ArrowEquations: at most 16 shared parameters")
        self.sharedCount = sharedCount
        views = [View](repeating: View(), count: viewCount)
    }

    /// Sets everything to zero.
    mutating func reset() {
        (cost, residualCount, isInvalid) = (0, 0, false)
        for i in views.indices { views[i] = View() }
        shared = .init(repeating: .zero)
        sharedGradient = .zero
    }

    /// The parameters cannot be evaluated (for example a point behind the camera): the step will be refused.
    public mutating func markInvalid() { isInvalid = true }

    /// Adds a pixel residual of `view`, weighted as one by its norm, with its derivatives by the shared parameters and by the view's pose.
    /// - Parameters:
    ///   - weight: multiplies the squared residual: 1 / variance, in any unit common to all.
    public mutating func add(
        view: Int, residual: Vector2, shared g: ParameterGradients, pose: (x: Twist, y: Twist), weight: Double = 1,
        loss: RobustLoss = .squared
    ) {
        let squared = residual.lengthSquared * weight
        guard squared.isFinite else { return markInvalid() }
        cost += loss.cost(squared)
        residualCount += 2
        let w = weight * loss.weight(squared)
        let (wx, wy) = (g.x * w, g.y * w)
        sharedGradient += wx * residual.x + wy * residual.y
        // Only what is needed of the symmetric matrix: the columns 0...7 of all rows, the others of the rows from 8 on.
        for row in 0..<min(8, sharedCount) {
            shared[row].lowHalf += g.x.lowHalf * wx.lowHalf[row] + g.y.lowHalf * wy.lowHalf[row]
        }
        if sharedCount > 8 {
            for row in 8..<sharedCount { shared[row] += g.x * wx.highHalf[row - 8] + g.y * wy.highHalf[row - 8] }
        }
        views[view].add(residual, g, pose, w, isWide: sharedCount > 8)
    }

    /// Adds what is known of a shared parameter beforehand: `weight` times the square of its `excess` over the expected value. Not counted as a residual.
    public mutating func addPrior(shared index: Int, excess: Double, weight: Double) {
        cost += weight * excess * excess
        sharedGradient[index] += weight * excess
        shared[index][index] += weight
    }
}

extension ArrowEquations.View {
    fileprivate mutating func add(
        _ residual: Vector2, _ g: ParameterGradients, _ jacobian: (x: Twist, y: Twist), _ w: Double, isWide: Bool
    ) {
        accumulate(jacobian.x, residual.x, w)
        accumulate(jacobian.y, residual.y, w)
        guard isWide else {
            for i in 0..<6 {
                cross[i].lowHalf += g.x.lowHalf * (jacobian.x[i] * w) + g.y.lowHalf * (jacobian.y[i] * w)
            }
            return
        }
        for i in 0..<6 { cross[i] += g.x * (jacobian.x[i] * w) + g.y * (jacobian.y[i] * w) }
    }
    private mutating func accumulate(_ j: Twist, _ r: Double, _ w: Double) {
        let (wt, wr) = (j.translation * w, j.rotation * w)
        poseGradient.translation += wt * r
        poseGradient.rotation += wr * r
        pose.translation.addOuter(wt, j.translation)
        pose.cross.addOuter(wt, j.rotation)
        pose.rotation.addOuter(wr, j.rotation)
    }
}
