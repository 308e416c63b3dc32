extension Triangulation {
    /// Minimizes the robust sum of squared reprojection errors by damped Gauss-Newton steps.
    ///
    /// Nil when the start or the result cannot be seen by one of the cameras, or the rays leave a direction free.
    public static func refine(
        _ start: Vector3, observations: [PointObservation], loss: RobustLoss = .squared,
        options: MinimizationOptions = MinimizationOptions()
    ) -> TriangulatedPoint? {
        guard observations.count >= 2, var best = equations(start, observations, loss) else { return nil }
        var (point, schedule) = (start, DampingSchedule(initial: options.initialDamping))
        for _ in 1..<options.maximumEvaluations {
            let damped = best.matrix + Matrix3(diagonal: best.matrix.diagonal * schedule.damping)
            guard let inverse = damped.inverse else { return nil }
            let step = inverse * (-best.gradient)
            let predicted = step.dot(best.matrix.diagonal * step * schedule.damping - best.gradient)
            if !(predicted > options.relativeCostTolerance * best.cost) { break }
            if let next = equations(point + step, observations, loss), next.cost < best.cost {
                let decrease = best.cost - next.cost
                schedule.accept(gain: decrease / predicted)
                let isDone = decrease <= options.relativeCostTolerance * best.cost
                (point, best) = (point + step, next)
                if isDone { break }
            } else if !schedule.reject() {
                break
            }
        }
        return summary(point, observations)
    }

    private struct Equations {
        var matrix = Matrix3.zero
        var gradient = Vector3.zero
        var cost = 0.0
    }

    private static func equations(
        _ point: Vector3, _ observations: [PointObservation], _ loss: RobustLoss
    ) -> Equations? {
        var result = Equations()
        for o in observations {
            guard let p = o.camera.projectWithGradients(o.cameraFromMap * point) else { return nil }
            let r = p.pixel - o.pixel
            let inverse = o.cameraFromMap.rotation.inverse
            let (x, y) = (inverse * p.gradientX, inverse * p.gradientY)
            let w = loss.weight(r.lengthSquared)
            result.cost += loss.cost(r.lengthSquared)
            result.gradient += (x * r.x + y * r.y) * w
            result.matrix = result.matrix + (Matrix3(outer: x, x) + Matrix3(outer: y, y)) * w
        }
        return result.cost.isFinite ? result : nil
    }

    private static func summary(_ point: Vector3, _ observations: [PointObservation]) -> TriangulatedPoint? {
        guard let plain = equations(point, observations, .squared) else { return nil }
        // Scale-free test: the volume of the normal matrix against that of a well-conditioned one of its size.
        let size = plain.matrix.trace / 3
        guard plain.matrix.determinant > 1e-15 * size * size * size, plain.matrix.inverse != nil else { return nil }
        let largest = observations.reduce(0.0) { max($0, $1.residual(point)?.length ?? .infinity) }
        return TriangulatedPoint(
            position: point, largestReprojectionError: largest,
            angle: largestAngle(at: point, observations: observations))
    }
}
