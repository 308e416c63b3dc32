public import Features
public import Geometry

/// Fits a pose and, beside it, focal length and principal point: nine unknowns.
///
/// A wrong camera file hides in a pose: 5 % of focal length become a metre of position and leave the reprojection
/// errors as they were, cut at three pixels. With the camera free the frame says itself which camera it was taken by,
/// as far as the scene has depth. Correspondences must come from a search that is wider than the errors that the given
/// camera makes (`Matcher` with a radius of 24 px); a wrong one has no weight (Tukey's loss, in three steps of falling
/// width).
///
/// Deterministic. Owns its memory: one for each thread; allocates nothing for up to `capacity` correspondences.
public struct FreeCameraFit: Sendable {
    /// Fewer correspondences within the loss are no estimate.
    public var minimumInliers = 20
    /// Where Tukey's loss rejects, in standard deviations of a coordinate: 95 % efficient for normal errors.
    private static let lossScale = 4.685
    /// Standard deviations of log f and of the principal point over the image's width, as if known beforehand: they
    /// hold what a frame leaves open, and weigh nothing where it does not.
    private static let weakPrior = (logFocal: 0.5, shift: 0.5)

    private var errors: [Double] = []
    private var cells: [FreeCameraEquations] = []

    /// Memory for up to `capacity` correspondences; more are possible but allocate.
    public init(capacity: Int) {
        errors.reserveCapacity(capacity)
        cells.reserveCapacity(64)
    }

    /// The pose and the camera near the given ones that the correspondences agree on; nil when too few do, or the pose
    /// is open even with the camera known. Cost: some ten evaluations, each .2 us a correspondence.
    ///
    /// - Parameters:
    ///   - pose: `cameraFromMap` as fitted with the given camera.
    ///   - correspondences: guided matches; wrong ones among them.
    ///   - camera: as given, of the image that the pixels are in.
    ///   - radius: how far from the pose's projections the matches were looked for, pixels.
    ///   - start: where the camera's correction begins.
    public mutating func fit(
        from pose: RigidTransform, _ correspondences: [Correspondence], camera: Camera, radius: Double,
        start: FreeCamera = FreeCamera()
    ) -> FreeCameraEstimate? {
        var state = State(pose: pose, camera: start)
        var scale = radius
        for _ in 0..<3 {
            guard let next = minimize(from: state, correspondences, camera, .tukey(scale: scale)) else { return nil }
            state = next
            let inliers = measure(state, correspondences, camera, within: scale)
            guard inliers >= minimumInliers else { return nil }
            scale = min(scale, max(Self.lossScale * noise(), 1))
        }
        guard let last = minimize(from: state, correspondences, camera, .tukey(scale: scale)) else { return nil }
        let inliers = measure(last, correspondences, camera, within: scale)
        guard inliers >= minimumInliers else { return nil }
        return estimate(last, correspondences, camera, scale, inliers)
    }

    /// Pose and camera together.
    package struct State {
        package var pose: RigidTransform
        package var camera: FreeCamera

        package init(pose: RigidTransform, camera: FreeCamera) { (self.pose, self.camera) = (pose, camera) }

        package func moved(by step: (pose: Twist, camera: Vector3)) -> State {
            State(
                pose: RigidTransform(exp: step.pose) * pose,
                camera: FreeCamera(
                    logFocal: camera.logFocal + step.camera.x,
                    shift: camera.shift + Vector2(step.camera.y, step.camera.z)))
        }
    }

    private func minimize(
        from start: State, _ correspondences: [Correspondence], _ camera: Camera, _ loss: RobustLoss
    ) -> State? {
        let damping = DampingSchedule(initial: 1e-6)
        var (best, schedule) = (start, damping)
        var equations = Self.equations(best, correspondences, camera, loss)
        for _ in 0..<8 {
            guard let factor = FreeCameraFactor(equations, damping: schedule.damping) else { return nil }
            let step = factor.solve(equations.pose.gradient * -1, -equations.cameraGradient)
            let predicted = -step.pose.dot(equations.pose.gradient) - step.camera.dot(equations.cameraGradient)
            guard predicted > 1e-6 * equations.pose.cost else { break }
            let next = best.moved(by: step)
            let there = Self.equations(next, correspondences, camera, loss)
            let decrease = equations.pose.cost - there.pose.cost
            if decrease > 0 {
                (best, equations) = (next, there)
                schedule.accept(gain: decrease / predicted)
            } else if !schedule.reject() {
                break
            }
        }
        return best
    }

    /// Of all correspondences, with the weak prior.
    private static func equations(
        _ state: State, _ correspondences: [Correspondence], _ camera: Camera, _ loss: RobustLoss
    ) -> FreeCameraEquations {
        var sum = FreeCameraEquations()
        for c in correspondences { add(c, state, camera, loss, to: &sum) }
        addWeakPrior(state.camera, camera, to: &sum)
        return sum
    }

    /// One correspondence with its derivatives by a left perturbation of the pose and by log f, x and y.
    package static func add(
        _ c: Correspondence, _ state: State, _ camera: Camera, _ loss: RobustLoss, to sum: inout FreeCameraEquations
    ) {
        let point = state.pose * c.point
        guard let p = camera.projectWithGradients(point) else {
            sum.pose.cost += loss.cost(.greatestFiniteMagnitude)
            return
        }
        let ratio = state.camera.focalRatio
        let arm = (p.pixel - camera.principalPoint) * ratio
        let residual = camera.principalPoint + state.camera.shift + arm - c.pixel
        let squared = residual.lengthSquared
        sum.pose.cost += loss.cost(squared)
        let weight = loss.weight(squared)
        guard weight > 0 else { return }
        let (x, y) = (p.gradientX * ratio, p.gradientY * ratio)
        sum.add(
            residual: residual, Twist(translation: x, rotation: point.cross(x)),
            Twist(translation: y, rotation: point.cross(y)), arm: arm, weight: weight)
    }

    private static func addWeakPrior(_ free: FreeCamera, _ camera: Camera, to sum: inout FreeCameraEquations) {
        let information = weakInformation(camera)
        sum.camera = sum.camera + Matrix3(diagonal: information)
        sum.cameraGradient += information * free.vector
        sum.pose.cost += (information * free.vector * free.vector).sum()
    }

    /// Of log f, x and y, for residuals of a pixel's size.
    private static func weakInformation(_ camera: Camera) -> Vector3 {
        let shift = weakPrior.shift * Double(max(camera.width, camera.height))
        return Vector3(1 / (weakPrior.logFocal * weakPrior.logFocal), 1 / (shift * shift), 1 / (shift * shift))
    }

    /// Puts the errors within the scale into `errors`, and counts them.
    private mutating func measure(
        _ state: State, _ correspondences: [Correspondence], _ camera: Camera, within scale: Double
    ) -> Int {
        errors.removeAll(keepingCapacity: true)
        let ratio = state.camera.focalRatio
        for c in correspondences {
            guard let pixel = camera.project(state.pose * c.point) else { continue }
            let arm = (pixel - camera.principalPoint) * ratio
            let error = (camera.principalPoint + state.camera.shift + arm - c.pixel).length
            if error < scale { errors.append(error) }
        }
        return errors.count
    }

    /// Standard deviation of a coordinate: the norm of a normal 2-vector has median 1.1774 sigma.
    private mutating func noise() -> Double { median(&errors) / 1.17741 }

    /// The covariance by cells of the image.
    private mutating func estimate(
        _ state: State, _ correspondences: [Correspondence], _ camera: Camera, _ scale: Double, _ inliers: Int
    ) -> FreeCameraEstimate? {
        let grid = ImageCells(of: camera)
        let loss = RobustLoss.tukey(scale: scale)
        cells.removeAll(keepingCapacity: true)
        cells.append(contentsOf: repeatElement(FreeCameraEquations(), count: grid.count))
        for c in correspondences {
            Self.add(c, state, camera, loss, to: &cells[grid.index(of: c.pixel)])
        }
        var total = FreeCameraEquations()
        for cell in cells where cell.weight > 0 { total.add(cell) }
        Self.addWeakPrior(state.camera, camera, to: &total)
        guard let (pose, intrinsics) = covariance(total, Self.weakInformation(camera)) else { return nil }
        return FreeCameraEstimate(
            cameraFromMap: state.pose, camera: state.camera, covariance: intrinsics,
            poseCovariance: pose.rotated(by: state.pose.rotation.inverse), inlierCount: inliers, noise: noise())
    }

    /// Of pose and camera, from the solution without each cell; the weak prior's own uncertainty beside it.
    private func covariance(
        _ total: FreeCameraEquations, _ prior: Vector3
    ) -> (pose: SymmetricMatrix6, camera: Matrix3)? {
        guard let factor = FreeCameraFactor(total) else { return nil }
        var sum = (pose: SymmetricMatrix6.zero, camera: Matrix3.zero)
        func add(_ step: (pose: Twist, camera: Vector3)) {
            sum.pose.addOuter(step.pose)
            sum.camera.addOuter(step.camera, step.camera)
        }
        var occupied = 0.0
        for cell in cells where cell.weight > 0 {
            occupied += 1
            if let rest = FreeCameraFactor(total.removing(cell)) {
                add(rest.solve(cell.pose.gradient, cell.cameraGradient))
            } else {
                let whole = factor.solve(cell.pose.gradient, cell.cameraGradient)
                add((whole.pose * ImageCells.lever, whole.camera * ImageCells.lever))
            }
        }
        guard occupied > 1 else { return nil }
        sum = (sum.pose * ((occupied - 1) / occupied), sum.camera * ((occupied - 1) / occupied))
        for axis in 0..<3 {
            var gradient = Vector3.zero
            gradient[axis] = prior[axis].squareRoot()
            add(factor.solve(.zero, gradient))
        }
        return sum
    }
}
