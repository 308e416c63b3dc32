internal import Geometry

/// A camera, a board's warp and the poses of all views that fit the corners best.
struct BundleFit: Sendable {
    var model: LensModel
    /// The fitted intrinsics, in the order of the model.
    var parameters: [Double]
    /// Nil: flat.
    var warp: BoardWarp?
    var camera: Camera
    /// For every view of the observations, also those that do not count.
    var poses: [RigidTransform]
    /// The equations at the optimum, over ``views``.
    var equations: SchurNormalEquations
    /// The views that counted.
    var views: [Int]

    /// Free parameters: intrinsics, warp, six for each view.
    var parameterCount: Int { parameters.count + (warp == nil ? 0 : 2) + 6 * views.count }
    /// Unbiased variance of one coordinate, pixels squared, for a squared loss; nil without redundancy.
    var variance: Double? {
        let redundancy = equations.residualCount - parameterCount
        return redundancy > 0 ? equations.cost / Double(redundancy) : nil
    }
}

/// Fits intrinsics, warp and poses together.
struct BundleAdjustment {
    var model: LensModel
    var fitsWarp = false
    var loss = RobustLoss.squared
    /// Digits of the optimum: a relative decrease of the cost that is not worth another step.
    var tolerance = 1e-13
    var maximumEvaluations = 60

    /// - Parameters:
    ///   - observations: the corners of all views.
    ///   - parameters: where the intrinsics start, in the order of the model.
    ///   - warp: where the bend of the board starts.
    ///   - poses: where the poses start, one for every view of the observations.
    ///   - subset: the views to fit; by default all that count.
    /// - Returns: nil when the start cannot be evaluated.
    func fit(
        _ observations: Observations, parameters: [Double], warp: BoardWarp = .none, poses: [RigidTransform],
        subset: [Int]? = nil
    ) -> BundleFit? {
        let views = subset ?? observations.usedViews
        var options = MinimizationOptions()
        options.maximumEvaluations = maximumEvaluations
        options.relativeCostTolerance = tolerance
        let start = SchurMinimizer.State(
            shared: parameters + (fitsWarp ? [warp.x, warp.y] : []), poses: views.map { poses[$0] })
        let solution = SchurMinimizer(options: options).minimize(from: start) { state, equations in
            accumulate(observations, views, state, &equations)
        }
        let state = solution.state
        guard !solution.equations.isInvalid, let camera = camera(state, observations) else { return nil }
        var all = poses
        for (view, pose) in zip(views, state.poses) { all[view] = pose }
        return BundleFit(
            model: model, parameters: Array(state.shared.prefix(parameters.count)),
            warp: fitsWarp ? self.warp(state) : nil, camera: camera, poses: all, equations: solution.equations,
            views: views)
    }

    /// The equations of some views at given values; nil when a point cannot be projected.
    /// - Parameters:
    ///   - observations: the corners of all views.
    ///   - views: those whose equations are wanted.
    ///   - parameters: the intrinsics, in the order of the model.
    ///   - warp: the bend of the board.
    ///   - poses: of all views of the observations.
    ///   - hasPrior: whether what is taken of weak parameters beforehand is among them.
    func equations(
        _ observations: Observations, views: [Int], parameters: [Double], warp: BoardWarp, poses: [RigidTransform],
        hasPrior: Bool = true
    ) -> SchurNormalEquations? {
        let state = SchurMinimizer.State(
            shared: parameters + (fitsWarp ? [warp.x, warp.y] : []), poses: views.map { poses[$0] })
        var equations = SchurNormalEquations(sharedCount: state.shared.count, viewCount: views.count)
        accumulate(observations, views, state, &equations, hasPrior: hasPrior)
        equations.finish()
        return equations.isInvalid ? nil : equations
    }

    func camera(_ state: SchurMinimizer.State, _ observations: Observations) -> Camera? {
        try? model.camera(
            Array(state.shared.prefix(model.parameterCount)), width: observations.width, height: observations.height)
    }

    func warp(_ state: SchurMinimizer.State) -> BoardWarp {
        let n = model.parameterCount
        return fitsWarp ? BoardWarp(x: state.shared[n], y: state.shared[n + 1]) : .none
    }

    /// Nothing bounds weak parameters: they are taken to lie within about 10 of zero (a residual of 0.2 pixels for 10),
    /// as no data will contradict.
    private func addPrior(_ state: SchurMinimizer.State, _ equations: inout SchurNormalEquations) {
        for index in model.weakParameters {
            equations.addPrior(shared: index, excess: state.shared[index], weight: 0.0004)
        }
    }

    private func accumulate(
        _ observations: Observations, _ views: [Int], _ state: SchurMinimizer.State,
        _ equations: inout SchurNormalEquations, hasPrior: Bool = true
    ) {
        guard let camera = camera(state, observations) else { return equations.markInvalid() }
        let warp = warp(state)
        if hasPrior { addPrior(state, &equations) }
        for (slot, index) in views.enumerated() {
            let (view, pose) = (observations.views[index], state.poses[slot])
            let normal = pose.rotation * Vector3(0, 0, 1)
            for i in view.ids.indices where view.isUsed[i] {
                let id = view.ids[i]
                let point = pose * observations.board.point(id, warp)
                equations.add(
                    view: slot, point: point, by: camera, seenAt: view.pixels[i], normal: normal,
                    slopes: fitsWarp ? observations.board.slopes[id] : nil, loss: loss)
            }
        }
    }
}
