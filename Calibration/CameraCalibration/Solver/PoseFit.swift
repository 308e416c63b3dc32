internal import Geometry

/// The best pose of one board before a known camera.
enum PoseFit {
    /// Refines a pose over the corners that count (or all of them).
    /// - Parameters:
    ///   - camera: as it is taken to be.
    ///   - observations: the corners of all views.
    ///   - index: of the view whose pose is wanted.
    ///   - warp: the bend of the board.
    ///   - pose: where it starts.
    ///   - all: also corners that were left out.
    ///   - loss: of a residual.
    ///   - evaluations: of the cost, at most.
    ///   - tolerance: a relative decrease of the cost that is not worth another step.
    /// - Returns: the pose and the sum of robust costs, pixels squared; infinite when the start does not see its
    ///   corners.
    static func refine(
        _ camera: Camera, _ observations: Observations, view index: Int, warp: BoardWarp = .none,
        from pose: RigidTransform,
        all: Bool = false, loss: RobustLoss = .squared, evaluations: Int = 30, tolerance: Double = 1e-12
    ) -> (pose: RigidTransform, cost: Double) {
        var options = MinimizationOptions()
        options.maximumEvaluations = evaluations
        options.relativeCostTolerance = tolerance
        let view = observations.views[index]
        let solution = PoseMinimizer(options: options).minimize(from: pose) { pose, equations in
            for i in view.ids.indices where all || view.isUsed[i] {
                let point = pose * observations.board.point(view.ids[i], warp)
                equations.add(point, by: camera, seenAt: view.pixels[i], loss: loss)
            }
        }
        return (solution.pose, solution.equations.cost)
    }

    /// The pose from the corners alone: by homography, then refined.
    static func initial(
        _ camera: Camera, _ observations: Observations, view index: Int, evaluations: Int, loss: RobustLoss = .squared
    ) -> (pose: RigidTransform, cost: Double)? {
        let view = observations.views[index]
        var (points, bearings): ([Vector3], [Vector3]) = ([], [])
        for i in view.ids.indices where view.isUsed[i] {
            guard let bearing = camera.bearing(of: view.pixels[i]) else { continue }
            points.append(observations.board.flat[view.ids[i]])
            bearings.append(bearing)
        }
        guard let start = PlanePose.estimate(points: points, bearings: bearings) else { return nil }
        let refined = refine(camera, observations, view: index, from: start, loss: loss, evaluations: evaluations)
        return refined.cost.isFinite ? refined : nil
    }

    /// Residuals of all corners of a view; nil where the camera does not see the point.
    static func residuals(
        _ camera: Camera, _ observations: Observations, view index: Int, warp: BoardWarp, pose: RigidTransform
    ) -> [Vector2?] {
        let view = observations.views[index]
        return view.ids.indices.map { i in
            camera.project(pose * observations.board.point(view.ids[i], warp)).map { $0 - view.pixels[i] }
        }
    }
}
