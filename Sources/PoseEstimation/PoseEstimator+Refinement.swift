internal import Features
internal import Geometry

extension PoseEstimator {
    /// Scale of the Cauchy loss in standard deviations of a coordinate's noise.
    private static let lossScale = 3.5
    /// Asymptotic efficiency of that loss on normally distributed pixel errors,
    /// `(E[div psi] / 2)² / (E[|psi|²] / 2)` by numeric integration (2.385, the value for one dimension, has 0.942).
    private static let lossEfficiency = 0.9777

    /// Follows the correspondences from a prior pose: a Cauchy loss over all of them, first as wide as the threshold,
    /// to find the way, then narrower, so that wrong matches nearby do not hold it back.
    func converge(from prior: RigidTransform) -> RigidTransform {
        minimize(
            from: minimize(from: prior, scale: options.maximumReprojectionError),
            scale: options.maximumReprojectionError / 3)
    }

    private func minimize(from start: RigidTransform, scale: Double) -> RigidTransform {
        var minimizer = PoseMinimizer()
        minimizer.options.maximumEvaluations = 15
        minimizer.options.relativeCostTolerance = 1e-6
        let squaredScale = scale * scale
        let blocks = blocks
        return minimizer.minimize(from: start) { pose, equations in
            let matrix = PoseMatrix(pose)
            var sums = EquationLanes()
            for i in blocks.indices { sums.add(blocks[i], matrix, squaredScale: squaredScale) }
            sums.write(to: &equations)
        }.pose
    }

    /// The estimate at a found pose: refined on its inliers through the camera's true projection, then judged.
    func finish(_ found: RigidTransform, _ camera: Camera) -> PoseEstimate? {
        var pose = found
        for _ in 0..<2 {
            guard selectVisible(pose, camera) >= options.minimumInliers else { return nil }
            pose = minimize(from: pose, camera, scale: Self.lossScale * max(noise(), 0.1))
        }
        let inliers = selectVisible(pose, camera)
        guard inliers >= options.minimumInliers else { return nil }
        let spread = markInliers(camera)
        statistics.logFalseAlarms = ChanceTest.logFalseAlarms(
            count: correspondences.count, support: spread.distinctCells, radius: options.maximumReprojectionError,
            area: Double(camera.width * camera.height))
        guard statistics.logFalseAlarms < naturalLogarithm(options.maximumFalseAlarms) else { return nil }
        let sigma = max(noise(), options.minimumNoise)
        guard let covariance = covariance(pose, camera, sigma) else { return nil }
        return PoseEstimate(
            cameraFromMap: pose, covariance: covariance, inlierCount: inliers, spread: spread, statistics: statistics)
    }

    /// Puts the correspondences within the threshold into `selected` and their errors (pixels) into `scratch`.
    private func selectVisible(_ pose: RigidTransform, _ camera: Camera) -> Int {
        selected.removeAll(keepingCapacity: true)
        scratch.removeAll(keepingCapacity: true)
        let correspondences = correspondences
        for i in correspondences.indices {
            guard let pixel = camera.project(pose * correspondences[i].point) else { continue }
            let error = (pixel - correspondences[i].pixel).length
            if error <= options.maximumReprojectionError {
                selected.append(Int32(i))
                scratch.append(error)
            }
        }
        return selected.count
    }

    /// Standard deviation of a coordinate from the median error of the selected: the norm of a normal 2-vector has
    /// median 1.1774 sigma. Corrected for the six parameters fitted.
    private func noise() -> Double {
        let count = Double(scratch.count)
        guard count > 3 else { return options.maximumReprojectionError }
        return median(&scratch) / 1.17741 * (count / (count - 3)).squareRoot()
    }

    /// Minimizes the Cauchy loss over the selected correspondences.
    private func minimize(from start: RigidTransform, _ camera: Camera, scale: Double) -> RigidTransform {
        var minimizer = PoseMinimizer()
        minimizer.options.maximumEvaluations = 15
        minimizer.options.relativeCostTolerance = 1e-7
        let loss = RobustLoss.cauchy(scale: scale)
        return minimizer.minimize(from: start) { pose, equations in
            accumulate(pose, camera, &equations, loss)
        }.pose
    }

    private func accumulate(
        _ pose: RigidTransform, _ camera: Camera, _ equations: inout PoseNormalEquations, _ loss: RobustLoss
    ) {
        let correspondences = correspondences
        for i in selected {
            let c = correspondences[Int(i)]
            let point = pose * c.point
            guard let p = camera.projectWithGradients(point) else {
                // As bad as the loss can tell: far away, without a direction.
                equations.cost += loss.cost(1e12)
                continue
            }
            let r = p.pixel - c.pixel
            let weight = loss.weight(r.lengthSquared)
            equations.cost += loss.cost(r.lengthSquared)
            equations.accumulate(
                residual: r.x, jacobian: Twist(translation: p.gradientX, rotation: point.cross(p.gradientX)),
                weight: weight)
            equations.accumulate(
                residual: r.y, jacobian: Twist(translation: p.gradientY, rotation: point.cross(p.gradientY)),
                weight: weight)
        }
    }

    private func markInliers(_ camera: Camera) -> InlierSpread {
        var spread = InlierSpreadAccumulator(camera: camera)
        for i in selected {
            isInlier[Int(originalIndices[Int(i)])] = true
            spread.add(correspondences[Int(i)].pixel)
        }
        return spread.spread
    }

    /// `sigma² (Jᵀ J)⁻¹` of the inliers, in the map's axes; divided by the efficiency of the Cauchy loss.
    private func covariance(_ pose: RigidTransform, _ camera: Camera, _ sigma: Double) -> SymmetricMatrix6? {
        var equations = PoseNormalEquations()
        accumulate(pose, camera, &equations, .squared)
        guard let inverse = equations.matrix.inverse else { return nil }
        return (inverse * (sigma * sigma / Self.lossEfficiency)).rotated(by: pose.rotation.inverse)
    }
}
